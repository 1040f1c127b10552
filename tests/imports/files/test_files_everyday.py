"""Files as people really have them: saved twice, joined, merged, keyed."""

import io
import json

import openpyxl
import pytest

from leadloom.imports.files import BadRow, Row


def cells_of(rows):
    return [list(row.cells.values()) for row in rows]


PEOPLE = [["Ann Lee", "ann@a.com", "Acme"], ["Bob Ray", "bob@b.com", "Zeta, Inc."]]


@pytest.mark.parametrize(
    "lines",
    [
        ['"Name,Email,Company"', '"Ann Lee,ann@a.com,Acme"', '"Bob Ray,bob@b.com,""Zeta, Inc."""'],
        ["Name,Email,Company", "Ann Lee,ann@a.com,Acme", '"Bob Ray,bob@b.com,""Zeta, Inc."""'],
        ["Name,Email,Company;;", "Ann Lee,ann@a.com,Acme;;",
         '"Bob Ray,bob@b.com,""Zeta, Inc.""";;'],
    ],
)  # fmt: skip
def test_lines_quoted_as_a_whole_are_taken_apart(read, lines):
    table, rows = read("\r\n".join(lines) + "\r\n")
    assert table.headers == ("Name", "Email", "Company")
    assert cells_of(rows) == PEOPLE


def test_quoted_texts_of_one_column_stay_whole(read):
    _, rows = read('"Note"\n"Hello, Ann"\n"Bye, Bob"\n')
    assert cells_of(rows) == [["Hello, Ann"], ["Bye, Bob"]]


def test_lines_of_two_encodings_are_read_as_what_they_are(read):
    parts = ["Name,City\nJörg Weiß,Köln\n".encode(), "Jürgen Groß,Düren\n".encode("cp1252"),
             "José Núñez,Málaga\n".encode()]  # fmt: skip
    table, rows = read(b"".join(parts))
    assert cells_of(rows) == [["Jörg Weiß", "Köln"], ["Jürgen Groß", "Düren"],
                              ["José Núñez", "Málaga"]]  # fmt: skip
    assert "not UTF-8" in " ".join(table.notes)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "cp866", "gb18030", "shift_jis"])
def test_other_encodings_are_not_taken_for_damaged_utf8(read, encoding):
    text = {
        "gb18030": "姓名,城市\n王小明,北京\n李建国,上海\n",
        "shift_jis": "氏名,都市\n山田太郎,東京\n",
    }
    text = text.get(encoding, "Имя,Город\nПётр Рабинович,Москва\nСергей Раев,Самара\n")
    _, rows = read(text.encode(encoding))
    assert ",".join(rows[0].cells.values()) == text.split("\n")[1]


def test_objects_by_their_key_are_rows(read):
    items = {"u1": {"name": "Ann Lee", "email": "ann@a.com"},
             "u2": {"name": "Bob Ray", "email": "bob@b.com"}}  # fmt: skip
    _, rows = read(json.dumps(items), "leads.json")
    assert cells_of(rows) == [["u1", "Ann Lee", "ann@a.com"], ["u2", "Bob Ray", "bob@b.com"]]


def test_objects_by_their_address_are_rows_with_it(read):
    items = {
        "ann@a.com": {"name": "Ann Lee", "city": "Bonn"},
        "bob@b.com": {"name": "Bob Ray", "city": "Köln", "mail": "bob@b.com"},
    }
    _, rows = read(json.dumps(items), "leads.json")
    assert [row.cells for row in rows] == [
        {"email": "ann@a.com", "name": "Ann Lee", "city": "Bonn"},
        {"name": "Bob Ray", "city": "Köln", "mail": "bob@b.com"},
    ]


def test_the_parts_of_an_object_are_no_rows(read):
    items = {"person": {"name": "Ann Lee", "email": "ann@a.com"},
             "company": {"name": "Acme", "email": "info@a.com"}}  # fmt: skip
    _, rows = read(json.dumps(items), "leads.json")
    assert rows == [Row(1, {"person.name": "Ann Lee", "person.email": "ann@a.com",
                            "company.name": "Acme", "company.email": "info@a.com"})]  # fmt: skip


def test_a_footnote_is_no_row(read):
    _, rows = read("Name,Email\nAnn,a@a.com\n* as of 2024,\nBob,b@b.com\n")
    assert [row.reason for row in rows if isinstance(row, BadRow)] == [
        "it stands below the table and tells a footnote"
    ]
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Total,,1500", "it tells a total"), (",Summe:,€ 1.500", "it tells a total"),
        ("---,-----,---", "it is a line drawn between rows"),
        ("Total,t@total.fr,1500", None), ("Sum,Ting,", None), ("Gesamt,,", None),
        (",,1500", None), (" , , ", None),
    ],
)  # fmt: skip
def test_sums_and_lines_drawn_are_no_rows(read, line, reason):
    line = line.replace("1.500", "1500")
    _, rows = read(f"Name,Email,Revenue\nAnn,a@a.com,1000\n{line}\nBob,b@b.com,500\n")
    assert [row.reason if isinstance(row, BadRow) else None for row in rows] == [None, reason, None]


def test_a_table_of_markdown_is_a_table(read):
    _, rows = read("| Name | Email |\n|------|:-----:|\n| Ann | a@a.com |\n| Bob | b@b.com |\n")
    assert [row.reason for row in rows if isinstance(row, BadRow)] == [
        "it is a line drawn between rows"
    ]
    assert [row.cells["Name"].strip() for row in rows if isinstance(row, Row)] == ["Ann", "Bob"]


def merged(*ranges: str, text: str = "Acme") -> bytes:
    book = openpyxl.Workbook()
    for row in (["Name", "Company"], ["Ann", text], ["Bob", None], ["Cid", None], ["Dan", "Zeta"]):
        book.active.append(row)
    for each in ranges:
        book.active.merge_cells(each)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_what_stands_in_merged_cells_is_said_of_every_row(read):
    _, rows = read(merged("B2:B3"), "leads.xlsx")
    assert cells_of(rows) == [["Ann", "Acme"], ["Bob", "Acme"], ["Cid", ""], ["Dan", "Zeta"]]
    _, rows = read(merged("B2:B4", "A6:B40"), "leads.xlsx")
    assert [row[1] for row in cells_of(rows)] == ["Acme", "Acme", "Acme", "Zeta"]


def test_merged_cells_do_not_blow_a_workbook_up(read):
    _, rows = read(merged("B2:B4", text="x" * 20_000), "leads.xlsx")
    assert [len(row[1]) for row in cells_of(rows)] == [20_000, 0, 0, 4]
