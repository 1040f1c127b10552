"""LDIF, as directories and Thunderbird's address book export it."""

import base64

import pytest

from leadloom.errors import InputError
from leadloom.imports.files import BadRow, open_tables
from leadloom.imports.mapping import infer
from leadloom.imports.read_row import read as read_row

ENTRIES = f"""version: 1

dn: cn=Nora Quist,mail=nora@quist.dk
objectclass: inetOrgPerson
cn: Nora Quist
givenName: Nora
sn: Quist
mail: nora@quist.dk
mail: n@quist.dk
mobile: +45 20 12 34 56
o: Quist ApS
title;lang-da: Direktør
l: København
c: Danmark

dn:: {base64.b64encode("cn=Bjørn Hansen".encode()).decode()}
cn:: {base64.b64encode("Bjørn Hansen".encode()).decode()}
mail: bjorn@hansen.no
description: A note that is
  folded
jpegPhoto:: {base64.b64encode(bytes(range(200))).decode()}

# a comment
dn: cn=Friends
objectclass: groupOfNames
cn: Friends
member: cn=Nora Quist,mail=nora@quist.dk
"""


def test_entries_are_people(read):
    table, rows = read(ENTRIES, "people.ldif")
    people = [row for row in rows if not isinstance(row, BadRow)]
    mapping = infer(table.headers, [row.cells for row in people], kind=table.kind)
    nora, bjorn = (read_row(mapping.pairs(row.cells)).facts for row in people)
    assert {field: nora[field] for field in nora if field != "~"} == {
        "full_name": "Nora Quist", "first_name": "Nora", "last_name": "Quist",
        "email": ["nora@quist.dk", "n@quist.dk"], "phone": ["+4520123456"], "company": "Quist ApS",
        "title": "Direktør", "city": "København", "country": "DK", "domain": "quist.dk",
    }  # fmt: skip
    assert (bjorn["full_name"], bjorn["notes"]) == ("Bjørn Hansen", ["A note that is folded"])
    assert not [field for field in bjorn if "photo" in field]


def test_what_is_about_the_file_or_others_is_no_person(read):
    _, rows = read(ENTRIES, "people.txt")
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert [(row.number, row.verdict) for row in bad] == [(1, "skipped"), (4, "skipped")]


def test_what_is_no_ldif_in_it_costs_that_entry_alone(read):
    _, rows = read("dn: cn=A\ncn: A B\n\nwhat is this\n\ndn: cn=C\ncn: C D\n", "a.ldif")
    assert [isinstance(row, BadRow) for row in rows] == [False, True, False]


def test_a_mailbox_is_refused_with_a_way_out(write):
    mail = "From a@b.dk Mon Jan  5 10:00:00 2026\nFrom: Ann <a@b.dk>\nTo: me@us.com\n\nHello\n"
    with pytest.raises(InputError, match="mailbox"):
        list(open_tables(write(mail, "in.mbox")))
