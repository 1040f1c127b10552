"""Recipients copied out of a mail, and names that stand beside addresses."""

import time

import pytest

LEE, RAY, VOSS = ("Ann Lee", "ann@acme.com"), ("Bob Ray", "bob@nord.de"), ("", "cleo@voss.fr")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ann Lee <ann@acme.com>, Bob Ray <bob@nord.de>, cleo@voss.fr", [LEE, RAY, VOSS]),
        ("Ann Lee <ann@acme.com>\nBob Ray <bob@nord.de>\n", [LEE, RAY]),
        ("To: Ann Lee <ann@acme.com>,\n Bob Ray <bob@nord.de>,\n", [LEE, RAY]),
        ("Ann Lee <ann@acme.com>, Bob Ray <bob@nord.de>; cleo@voss.fr;", [LEE, RAY, VOSS]),
        ("<ann@acme.com>; bob@nord.de", [("", "ann@acme.com"), ("", "bob@nord.de")]),
        (
            '"Lee, Ann" <ann@acme.com>, Bob Ray <bob@nord.de>',
            [("Lee, Ann", "ann@acme.com"), RAY],
        ),
        (
            "Lee, Ann <ann@acme.com>; Ray, Bob <bob@nord.de>",
            [("Lee, Ann", "ann@acme.com"), ("Ray, Bob", "bob@nord.de")],
        ),
        ("ann@acme.com, bob@nord.de", [("", "ann@acme.com"), ("", "bob@nord.de")]),
        (
            "'ann@acme.com' <ann@acme.com>\nbob@nord.de <bob@nord.de>",
            [("", "ann@acme.com"), ("", "bob@nord.de")],
        ),
        (
            "=?UTF-8?Q?J=C3=BCrgen?= <j@acme.com>, 'Bob Ray' <bob@nord.de>",
            [("Jürgen", "j@acme.com"), RAY],
        ),
        (
            "=?nonsense?Q?J=C3=BCrgen?= <j@acme.com>, b@c.de",
            [("=?nonsense?Q?J=C3=BCrgen?=", "j@acme.com"), ("", "b@c.de")],
        ),
    ],
)
def test_each_recipient_is_a_row(read, text, people):
    table, rows = read(text, "to.txt")
    assert table.kind == "addresses"
    assert [(row.cells.get("Name", ""), row.cells["Email"]) for row in rows] == people


@pytest.mark.parametrize(
    "text",
    [
        "Email\nann@acme.com\n",
        "Name,Email\nAnn Lee,ann@acme.com\nBob,bob@nord.de\n",
        "Ann Lee <ann@acme.com>,Acme\nBob Ray <bob@nord.de>,Nord\n",
        "ann@acme.com,ann@home.org\nbob@nord.de,bob@home.org\n",
    ],
)
def test_a_table_with_addresses_in_it_is_a_table(read, text):
    table, _ = read(text, "list.csv")
    assert table.kind == "delimited"


def test_a_line_that_is_no_recipient_is_told_and_the_rest_is_read(read):
    lines = [f"Ann Lee <ann{number}@acme.com>" for number in range(5_000)]
    _, rows = read("\n".join([*lines, "and many more", "Bob Ray <bob@nord.de>"]), "to.txt")
    assert len(rows) == 5_002
    assert rows[-2].reason == "it is no list of addresses"
    assert rows[-1].cells["Email"] == "bob@nord.de"


@pytest.mark.parametrize("part", [" ", ".", "a@", '"', "\\", "<", ",", "a.b@c."])
def test_a_hostile_line_takes_no_longer(read, part):
    began = time.process_time()
    read("Ann <ann@acme.com>, bob@nord.de " + part * 60_000, "to.txt")
    assert time.process_time() - began < 5
