"""Several tables on one sheet: below and beside one another, each with a header of its own."""

import io

import openpyxl
import pytest

from leadloom.imports.files import BadRow, lined_tables, open_tables


def tables_of(path):
    return [(table, list(table.rows)) for table in open_tables(path)]


def workbook(rows):
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


def as_csv(rows):
    return "\n".join(",".join(row) for row in rows).encode()


def people(rows):
    return [row.cells for row in rows if not isinstance(row, BadRow) and any(row.cells.values())]


BELOW = [
    ["Customers"],
    ["Name", "Email"],
    ["Ann Fox", "ann@fox.example"],
    ["Bob Hen", "bob@hen.example"],
    [],
    ["Suppliers"],
    ["Company", "Contact", "Phone", "City"],
    ["Nut Ltd", "Cy Nut", "+44 20 7946 0018", "Leeds"],
    ["Bolt Ltd", "Di Bolt"],
    [],
    ["Lone Ltd", "Lo Lone"],
    ["Name", "Email"],
    ["Eve Ash", "eve@ash.example"],
]


@pytest.mark.parametrize("make", [as_csv, workbook])
def test_a_table_below_another_is_read_with_its_own_header(write, make):
    found = tables_of(write(make(BELOW)))
    assert [table.headers for table, _ in found] == [
        ("Name", "Email"),
        ("Company", "Contact", "Phone", "City"),
        ("Name", "Email"),
    ]
    assert [one["Name"] for one in people(found[0][1])] == ["Ann Fox", "Bob Hen"]
    assert [one["Company"] for one in people(found[1][1])] == ["Nut Ltd", "Bolt Ltd", "Lone Ltd"]
    assert people(found[2][1]) == [{"Name": "Eve Ash", "Email": "eve@ash.example"}]
    told = [row.reason for _, rows in found for row in rows if isinstance(row, BadRow)]
    assert len(told) == 1
    assert "title" in told[0]
    assert found[1][0].name.endswith("(table 2)")
    numbers = [row.number for _, rows in found for row in rows if people([row])]
    assert numbers == [3, 4, 8, 9, 11, 13]


@pytest.mark.parametrize("make", [as_csv, workbook])
def test_tables_beside_one_another_are_read_one_after_the_other(write, make):
    rows = [
        ["Name", "Email", "", "Name", "Email", "Phone"],
        ["Ann Fox", "ann@fox.example", "", "Cy Nut", "cy@nut.example", "+44 20 7946 0018"],
        ["Bob Hen", "bob@hen.example", "", "", "", ""],
        ["", "", "", "Di Bolt", "di@bolt.example", ""],
    ]
    (left, some), (right, others) = tables_of(write(make(rows)))
    assert (left.headers, right.headers) == (("Name", "Email"), ("Name", "Email", "Phone"))
    assert [row.cells["Name"] for row in some] == ["Ann Fox", "Bob Hen"]
    assert [row.cells["Name"] for row in others] == ["Cy Nut", "Di Bolt"]


@pytest.mark.parametrize(
    "header",
    [
        "Name,Email,,Phone,City",  # a blank column between parts of one row
        "Company,Name,Email,,Name,Email",  # two contacts of one company
        "Name,Email,,Booth,Badge",
    ],
)
def test_an_empty_column_alone_does_not_part_a_table(write, header):
    width = header.count(",") + 1
    row = ",".join("" if not name else f"{name} x" for name in header.split(","))
    [(table, rows)] = tables_of(write(f"{header}\n{row}\n"))
    assert (len(table.headers), len(rows)) == (width, 1)


def test_rows_that_name_a_field_by_chance_begin_no_table(write):
    text = "Name,Job,City\nAnn,Clerk,Rome\n\nPhone Booth,Manager,Title\nBob,Company,Bath\n"
    [(_, rows)] = tables_of(write(text))
    assert len(people(rows)) == 3


def test_no_file_has_endless_tables(write, monkeypatch):
    monkeypatch.setattr(lined_tables, "MOST_TABLES", 3)
    block = "Name,Email\nAnn,a@b.example\n\nEmail,Name\na@b.example,Ann\n\n"
    assert len(tables_of(write(block * 4))) == 3


def test_a_table_whose_rows_nobody_read_is_the_last(write):
    text = "Name,Email\n" + "Ann,a@b.example\n" * 500 + "\nCompany,Phone\nX Ltd,+44 20 7946 0018\n"
    assert len(list(open_tables(write(text)))) == 1
    assert len(tables_of(write(text))) == 2
