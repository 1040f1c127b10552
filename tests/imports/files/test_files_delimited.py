import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloom.errors import InputError, UsageError
from leadloom.imports.files import BadRow, Limits, Row, open_tables

LINKEDIN = (
    "Notes:\n"
    '"When exporting your connection data, you may notice\nthat some addresses are missing."\n'
    "\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    'Ana,Ruiz,https://www.linkedin.com/in/ana,,"Acme, Inc.","CEO, founder",12 Mar 2024\n'
    "Bo,Li,https://www.linkedin.com/in/bo,bo@beta.example,Beta,CTO,13 Mar 2024\n"
)


def cells(rows):
    return [row.cells for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "\x1f"])
def test_any_delimiter_is_told_from_the_rows(read, delimiter):
    lines = [["name", "email", "note"], ["Ana", "a@b.example", "x"], ["Bo", "b@b.example", "y"]]
    table, rows = read("\n".join(delimiter.join(line) for line in lines))
    assert table.delimiter == delimiter
    assert table.headers == ("name", "email", "note")
    assert rows[1] == Row(3, {"name": "Bo", "email": "b@b.example", "note": "y"})


def test_commas_in_decimals_and_addresses_do_not_hide_the_semicolon(read):
    table, rows = read("Name;Umsatz;Adresse\nAna;1,5;Weg 1, Ulm\nBo;2,7;Weg 2, Bonn\n")
    assert table.delimiter == ";"
    assert rows[0].cells == {"Name": "Ana", "Umsatz": "1,5", "Adresse": "Weg 1, Ulm"}


def test_excels_sep_line_is_obeyed_and_is_no_row(read):
    table, rows = read("sep=;\r\nName;Email\r\nAna;a@b.example\r\n")
    assert table.headers == ("Name", "Email")
    assert rows == [Row(2, {"Name": "Ana", "Email": "a@b.example"})]


def test_linkedin_preamble_is_left_out_with_a_note_and_counted(read):
    table, rows = read(LINKEDIN)
    assert table.headers[:2] == ("First Name", "Last Name")
    assert [row.number for row in rows] == [5, 6]
    assert rows[0].cells["Company"] == "Acme, Inc."
    assert any("2 rows above the header" in note for note in table.notes)


def test_rows_of_another_width_lose_nothing(read):
    _, rows = read(
        "Name,Email,Email,,City\nAna,a@b.example\nBo,b@b.example,,,Ulm,more,most\n,,,,\n"
    )
    assert rows[0].cells == {"Name": "Ana", "Email": "a@b.example"}
    assert rows[1].cells == {
        "Name": "Bo", "Email": "b@b.example", "Email 2": "", "column_4": "", "City": "Ulm",
        "column_6": "more", "column_7": "most",
    }  # fmt: skip
    assert rows[2] == Row(4, dict.fromkeys(("Name", "Email", "Email 2", "column_4", "City"), ""))


def test_blank_lines_count_but_are_no_rows(read):
    _, rows = read("name,email\n\nAna,a@b.example\n   \nBo,b@b.example\n\n")
    assert [row.number for row in rows] == [3, 5]


@pytest.mark.parametrize(
    ("content", "headers", "first"),
    [
        ("a@b.example\nc@d.example\n", ("column_1",), 1),
        ("email\na@b.example\n", ("email",), 2),
        ("Ana,Ruiz,a@b.example\nBo,Li,c@d.example\n", ("column_1", "column_2", "column_3"), 1),
        ("Ana,+49 151 2345678\nBo,+49 151 2345679\n", ("column_1", "column_2"), 1),
        ("Spain,Ana\nItaly,Bo\nSpain,Cy\nSpain,Di\n", ("column_1", "column_2"), 1),
        ("Name,2023,2024\nAna,1,2\n", ("Name", "2023", "2024"), 2),
    ],
)
def test_header_is_told_from_data(read, content, headers, first):
    table, rows = read(content)
    assert table.headers == headers
    assert rows[0].number == first


def test_header_alone_is_a_table_without_rows(read):
    table, rows = read("name,email\n")
    assert (table.headers, rows) == (("name", "email"), [])
    assert any("no rows" in note for note in table.notes)


def test_lone_carriage_returns_end_lines(read):
    _, rows = read("name|email\rAna|a@b.example\rBo|b@b.example\r")
    assert [row.cells["name"] for row in rows] == ["Ana", "Bo"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (r'"he said \"hi, you\" ok"', 'he said "hi, you" ok'),
        ('"he said ""hi"" ok"', 'he said "hi" ok'),
        ('"C:\\dir\\"', "C:\\dir\\"),
        ('5" pipe', '5" pipe'),
        ('"Acme" Inc', "Acme Inc"),
        ('"two\nlines"', "two\nlines"),
    ],
)
def test_quotes_of_every_habit(read, cell, expected):
    _, rows = read(f"name,note,email\nAna,{cell},a@b.example\nBo,ok,b@b.example\n")
    assert cells(rows) == [
        {"name": "Ana", "note": expected, "email": "a@b.example"},
        {"name": "Bo", "note": "ok", "email": "b@b.example"},
    ]


@pytest.mark.parametrize("after", ['"fine"', "fine"])
def test_unclosed_quote_costs_one_row_only(read, after):
    _, rows = read(
        f'name,email,note\nAna,a@b.example,"oh\nBo,b@b.example,{after}\nCy,c@b.example,x\n'
    )
    assert isinstance(rows[0], BadRow)
    assert rows[0].number == 2
    assert "quote" in rows[0].reason
    assert [row.cells["name"] for row in rows[1:]] == ["Bo", "Cy"]


def test_file_of_open_quotes_ends_in_bounded_time(write, rows_of):
    path = write("a,b\n" + '5",""",\n' * 60_000)
    limits = Limits(cell_bytes=2_000, row_bytes=5_000)
    with pytest.raises(InputError, match="quotes that do not pair up"):
        rows_of(path, limits=limits)


@pytest.mark.parametrize(
    ("line", "kinds"), [('x,"y\n', {BadRow}), ('"a" b,"c"d\n', {Row}), ('"a\\"b,x\n', {BadRow})]
)
def test_file_of_broken_rows_is_read_to_its_end(read, line, kinds):
    """Mending must not cost more the longer the file: quadratic, this would take a minute."""
    _, rows = read("name,note\n" + line * 60_001)
    assert len(rows) == 60_001
    assert {type(row) for row in rows} == kinds


@pytest.mark.parametrize("cell", ["x" * 3_000, "x" * 50_000, '"' + "xyz\n" * 20_000 + '"'])
def test_huge_cell_is_one_bad_row(read, cell):
    limits = Limits(cell_bytes=1_000, row_bytes=10_000)
    content = f"name,email,note\nAna,a@b.example,{cell}\nBo,b@b.example,ok\n"
    _, rows = read(content, limits=limits)
    assert isinstance(rows[0], BadRow)
    assert "longer than" in rows[0].reason
    assert len(rows[0].text) <= 200
    assert [row.cells["name"] for row in rows[1:]] == ["Bo"]


def test_ten_megabyte_cell_and_line_keep_memory_bounded(write, peak):
    path = write("name,note\nAna," + "x" * 30_000_000 + "\nBo,ok\n")
    peak()
    rows = [row for table in open_tables(path) for row in table.rows]
    assert [type(row) for row in rows] == [BadRow, Row]
    assert peak() < 25_000_000


def test_memory_does_not_grow_with_the_file(write, peak):
    path = write("name,email\n" + "".join(f"Ana {n},a{n}@b.example\n" for n in range(150_000)))
    peak()
    [count] = [sum(1 for _ in table.rows) for table in open_tables(path)]
    assert count == 150_000
    assert peak() < 8_000_000


def test_too_many_columns_are_refused_and_a_too_wide_row_is_bad(read):
    with pytest.raises(InputError, match="3,000 columns"):
        read(",".join(f"c{n}" for n in range(3000)) + "\n")
    _, rows = read("a,b\n1,2\n3,4\n" + "x," * 3000 + "\n5,6\n")
    assert [type(row) for row in rows] == [Row, Row, BadRow, Row]


def test_zero_characters_are_removed_and_noted_but_binary_is_refused(read):
    table, rows = read(b"name,em\0ail\nA\0na,a@b.example\n")
    assert rows[0].cells == {"name": "Ana", "email": "a@b.example"}
    assert any("zero characters" in note for note in table.notes)
    with pytest.raises(InputError, match="damaged or no text"):
        read(bytes(range(32)) * 40)


def test_sample_is_delivered_again_by_rows(read):
    table, rows = read("n,m\n" + "".join(f"{n},x\n" for n in range(500)))
    assert len(table.sample) == 200
    assert rows[:200] == table.sample
    assert len(rows) == 500


def test_unknown_encoding_is_wrong_use(write):
    with pytest.raises(UsageError, match="klingon"):
        list(open_tables(write("a,b\n"), encoding="klingon"))


labels = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=("Cc",))
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.tuples(labels, labels), min_size=1, max_size=12), st.sampled_from(",;\t|"))
def test_what_the_csv_module_writes_is_read_back(read, pairs, delimiter):
    kept = io.StringIO()
    writer = csv.writer(kept, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["name", "email", "note"])
    for number, (name, note) in enumerate(pairs):
        writer.writerow([name, f"a{number}@b.example", note])
    _, rows = read(kept.getvalue())
    expected = [(name, f"a{n}@b.example", note) for n, (name, note) in enumerate(pairs)]
    assert [tuple(row.cells.values()) for row in rows] == expected
