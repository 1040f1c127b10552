import datetime as dt
import io
import struct
import zipfile

import openpyxl
import pytest

from leadloom.errors import InputError, UsageError
from leadloom.imports.files import BadRow, Limits, Row, open_tables

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def workbook(*rows: list, title: str = "Leads") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def with_part(data: bytes, path: str, content: bytes) -> bytes:
    """The workbook with one part replaced or added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", 8) as new:
        for name in {*old.namelist()} - {path}:
            new.writestr(name, old.read(name))
        new.writestr(path, content)
    return kept.getvalue()


def sheet_of(rows: str, before: str = "") -> bytes:
    xml = (
        f'<?xml version="1.0"?>{before}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'
    )
    data = saved(workbook(["a", "b"]))
    return with_part(data, "xl/worksheets/sheet1.xml", xml.encode())


def test_values_are_delivered_as_a_person_sees_them(read):
    book = workbook(["Name", "Phone", "Zip", "Plus", "Seen", "At", "Rate", "OK", "Bad", "Sum"])
    book.active.append(
        ["Ana", 4915123456789.0, 1067, 4930123456, dt.date(2024, 3, 1),
         dt.datetime(2024, 3, 1, 9, 30), 0.1 + 0.2, True, "#N/A", "=1+1"]
    )  # fmt: skip
    book.active["C2"].number_format = "00000"
    book.active["D2"].number_format = '"+"0'
    table, [row] = read(saved(book), "leads.xlsx")
    assert table.kind == "workbook"
    assert table.name.endswith("leads.xlsx!Leads")
    assert row == Row(
        2,
        {
            "Name": "Ana", "Phone": "4915123456789", "Zip": "01067", "Plus": "+4930123456",
            "Seen": "2024-03-01", "At": "2024-03-01 09:30:00", "Rate": "0.3", "OK": "TRUE",
            "Bad": "", "Sum": "",
        },
    )  # fmt: skip


def test_cached_formula_results_scientific_numbers_and_inline_texts(read):
    _, rows = read(
        sheet_of(
            '<row r="1"><c t="inlineStr"><is><t>name</t></is></c><c t="inlineStr"><is><r><t>pho</t>'
            "</r><r><t>ne</t></r><rPh><t>no</t></rPh></is></c></row>"
            '<row r="2"><c t="str"><f>A1&amp;B1</f><v>Ana_x000D_</v></c><c><v>4.915123456E+12</v>'
            '</c></row><row r="3"><c r="A3" t="e"><v>#REF!</v></c><c r="B3"><v>1E-7</v></c></row>'
        )
    )
    assert [row.cells for row in rows] == [
        {"name": "Ana\r", "phone": "4915123456000"},
        {"name": "", "phone": "0.0000001"},
    ]


def test_1904_dates_are_read(read):
    book = workbook(["day"], [dt.date(2024, 3, 1)])
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    _, [row] = read(saved(book))
    assert row.cells == {"day": "2024-03-01"}


def test_blank_rows_between_are_rows_and_trailing_ones_are_not(read):
    book = workbook(["name", "email"], ["Ana", "a@b.example"])
    book.active["A5"] = "Bo"
    book.active["A900"].number_format = "0.00"
    _, rows = read(saved(book))
    blank = {"name": "", "email": ""}
    assert [(row.number, row.cells) for row in rows] == [
        (2, {"name": "Ana", "email": "a@b.example"}), (3, blank), (4, blank),
        (5, {"name": "Bo", "email": ""}),
    ]  # fmt: skip


def test_preamble_above_the_header_is_left_out(read):
    table, rows = read(
        saved(workbook(["Fair 2024"], [], ["Name", "Email"], ["Ana", "a@b.example"]))
    )
    assert table.headers == ("Name", "Email")
    assert rows == [Row(4, {"Name": "Ana", "Email": "a@b.example"})]


def test_sheet_is_chosen_by_table_name_or_number(write):
    book = workbook(["Made by Ana"], title="Cover")
    for title, name in (("Old", "hidden"), ("Guests", "Bo"), ("Staff", "Cy")):
        sheet = book.create_sheet(title)
        sheet.append(["name", "email"])
        sheet.append([name, "x@y.example"])
    book["Old"].sheet_state = "hidden"
    path = write(saved(book), "fair.xlsx")

    def names(**options):
        return [[row.cells["name"] for row in table.rows] for table in open_tables(path, **options)]

    assert names() == [["Bo"]]
    assert names(sheet="staff") == [["Cy"]]
    assert names(sheet="2") == [["hidden"]]
    [table] = open_tables(path)
    assert any("Staff" in note and "Old (hidden)" in note for note in table.notes)
    with pytest.raises(UsageError, match="'Cover', 'Old', 'Guests', 'Staff'"):
        names(sheet="Gusts")


def test_a_cover_of_several_lines_is_not_the_table(write):
    book = workbook(["Fair North 2026"], ["Contacts"], ["Made by Ana"], title="Cover")
    sheet = book.create_sheet("Guests")
    sheet.append(["name", "email"])
    sheet.append(["Bo", "bo@y.example"])
    [table] = open_tables(write(saved(book), "fair.xlsx"))
    assert [row.cells["name"] for row in table.rows] == ["Bo"]


def test_a_long_list_of_one_column_is_a_table(write):
    book = workbook(["email"], *([f"p{n}@y.example"] for n in range(30)), title="List")
    sheet = book.create_sheet("Settings")
    sheet.append(["key", "value"])
    sheet.append(["colour", "red"])
    [table] = open_tables(write(saved(book), "list.xlsx"))
    assert table.headers == ("email",)


def test_absurd_dimensions_cost_no_time_and_no_memory(write, peak):
    far = (
        '<row r="1"><c r="A1" t="str"><v>name</v></c><c r="B1" t="str"><v>b</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>Ana</v></c></row>'
        '<row r="900000"><c r="A900000" t="str"><v>Bo</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="str"><v>far</v></c></row>'
    )
    path = write(sheet_of(far, '<!-- <dimension ref="A1:XFD1048576"/> -->'))
    peak()
    [(table, rows)] = [(table, list(table.rows)) for table in open_tables(path)]
    assert [row.number for row in rows] == [2, 900_000, 1_048_576]
    assert isinstance(rows[-1], BadRow)
    assert any("blank rows" in note for note in table.notes)
    assert peak() < 10_000_000


def shared(texts: list[str]) -> bytes:
    """A workbook of one column whose cells point to shared texts."""
    rows = "".join(f'<row><c t="s"><v>{place}</v></c></row>' for place in range(len(texts)))
    items = "".join(f"<si>{text}</si>" for text in texts)
    return with_part(sheet_of(rows), "xl/sharedStrings.xml", f"<sst {MAIN}>{items}</sst>".encode())


def test_shared_texts_are_looked_up(read):
    _, rows = read(
        shared(["<t>name</t>", "<t>Zoë</t>", "<r><t>Jo</t></r><r><t>rg</t></r><rPh><t>x</t></rPh>"])
    )
    assert [row.cells for row in rows] == [{"name": "Zoë"}, {"name": "Jorg"}]


def test_shared_texts_do_not_fill_memory(write, peak):
    texts = [f"<t>{number} {'x' * 3_000}</t>" for number in range(6_000)]
    path = write(shared(["<t>note</t>", *texts]))
    peak()
    [table] = open_tables(path)
    assert sum(1 for _ in table.rows) == 6_000
    assert peak() < 6_000_000


def test_huge_cell_is_a_bad_row(read):
    huge = '<row r="2"><c t="str"><v>' + "x" * 5_000 + "</v></c></row>"
    head = '<row r="1"><c t="str"><v>a</v></c></row>'
    last = '<row r="3"><c t="str"><v>Ana</v></c></row>'
    _, rows = read(sheet_of(head + huge + last), limits=Limits(cell_bytes=1_000))
    assert [type(row) for row in rows] == [BadRow, Row]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                  "xl/styles.xml", "xl/workbook.xml"])  # fmt: skip
def test_entities_are_refused_in_every_part(read, part):
    data = saved(workbook(["a", "b"], ["c", "d"]))
    with pytest.raises(InputError, match="XML entities"):
        read(with_part(data, part, f"<?xml version='1.0'?>{LAUGHS}<a>&b;</a>".encode()))


def test_endless_tag_is_refused(read):
    with pytest.raises(InputError, match="tag that is too long"):
        read(sheet_of('<row r="1" x="' + "y" * 3_000_000 + '"/>'))


def test_bomb_is_refused_before_it_unfolds(write, peak):
    path = write(sheet_of(" " * 30_000_000))
    peak()
    with pytest.raises(InputError, match="zip bomb"):
        list(open_tables(path, limits=Limits(ratio_from=1_000_000)))
    assert peak() < 5_000_000


def test_bomb_that_lies_about_its_size_is_refused(write, rows_of):
    """The directory declares a small size; what inflates must stay within it all the same."""
    data = bytearray(sheet_of("<row/>" * 500_000))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        size = book.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = bytes(data).replace(struct.pack("<L", size), struct.pack("<L", 1_000))
    with pytest.raises(InputError, match="damaged"):
        rows_of(write(lying))


def test_damaged_workbook_is_told(read):
    data = saved(workbook(["a", "b"], ["c", "d"]))
    with pytest.raises(InputError, match="damaged"):
        read(data[: len(data) // 2])
    with pytest.raises(InputError, match="damaged"):
        read(with_part(data, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"))
