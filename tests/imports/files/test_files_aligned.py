"""Columns that are lined up with blanks."""

import pytest

LISTING = """\
NAME                EMAIL                    COMPANY      SEATS  CITY
Ann Lee             ann@acme.com             Acme GmbH    1,200  Bonn
Bob Ray                                      Nord AG          7  Lyon
Cleo van der Voss   cleo@voss.fr             Voss SA     10,000

Dan Berg            dan@berg.it              Berg Srl            Rome
"""


def test_columns_lined_up_with_blanks_are_columns(read):
    table, rows = read(LISTING, "listing.txt")
    assert table.headers == ("NAME", "EMAIL", "COMPANY", "SEATS", "CITY")
    assert [list(row.cells.values()) for row in rows] == [
        ["Ann Lee", "ann@acme.com", "Acme GmbH", "1,200", "Bonn"],
        ["Bob Ray", "", "Nord AG", "7", "Lyon"],
        ["Cleo van der Voss", "cleo@voss.fr", "Voss SA", "10,000", ""],
        ["Dan Berg", "dan@berg.it", "Berg Srl", "", "Rome"],
    ]


def test_a_line_drawn_under_the_header_is_no_row(read):
    header, *lines = LISTING.splitlines()
    drawn = "------------------  -----------------------  -----------  -----  ----"
    _, rows = read("\n".join([header, drawn, *lines]), "listing.txt")
    assert [row.cells["NAME"] for row in rows if hasattr(row, "cells")] == [
        *("Ann Lee", "Bob Ray", "Cleo van der Voss", "Dan Berg")
    ]


def test_what_is_too_long_for_its_column_loses_no_letter(read):
    more = "Maximilian von und zu Hohenlohe  max@hohenlohe.de        Hof KG           3  Ulm\n"
    _, rows = read(LISTING * 3 + more, "listing.txt")
    assert "".join(rows[-1].cells.values()).replace(" ", "") == more.strip().replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "Name\nAnn Lee\nBob Ray\nEve Fox\n",
        "Some words of a text.  And more of it.\nIt goes on.  And on.\nTo its end.\n",
        "Name,Email\nAnn  Lee,ann@acme.com\nBob  Ray,bob@nord.de\n",
    ],
)
def test_blanks_inside_a_cell_are_no_columns(read, text):
    table, _ = read(text, "list.txt")
    assert len(table.headers) == 1 + text.startswith("Name,")


def test_a_hostile_line_takes_no_longer(read):
    _, rows = read(LISTING * 50 + " " * 500_000 + "x" * 500_000, "listing.txt")
    assert len(rows) > 200


PSQL = """\
    name     |      email      | city
-------------+-----------------+------
 Ann Lee     | ann@acme.com    | Bonn
 Bob Ray     | bob@nord.de     |
(2 rows)
"""
MYSQL = """\
+---------+--------------+
| name    | email        |
+---------+--------------+
| Ann Lee | ann@acme.com |
| Bob Ray | bob@nord.de  |
+---------+--------------+
2 rows in set (0.00 sec)
"""


@pytest.mark.parametrize("text", [PSQL, MYSQL])
def test_what_a_database_prints_is_its_rows(read, text):
    _, rows = read(text, "result.txt")
    cells = [list(map(str.strip, row.cells.values())) for row in rows if hasattr(row, "cells")]
    assert [[cell for cell in some if cell][:2] for some in cells] == [
        ["Ann Lee", "ann@acme.com"],
        ["Bob Ray", "bob@nord.de"],
    ]
    assert {row.verdict for row in rows if not hasattr(row, "cells")} == {"skipped"}
