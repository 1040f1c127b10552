import pytest

from leadloom.imports.files import BadRow, Limits, Row
from leadloom.imports.mapping import infer

OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;
TEL;HOME;FAX:123
TEL;CELL:456
TEL;WORK;PREF:789
NOTE;ENCODING=QUOTED-PRINTABLE:line one=0D=0Aline =
two
PHOTO;ENCODING=BASE64;JPEG:
 /9j/4AAQSkZJRgABAQ
AAAAEMAIL

EMAIL;INTERNET:a@b.example
END:VCARD
"""
NEW = r"""BEGIN:VCARD
VERSION:3.0
FN:Bob Smith\, Jr.
N:Smith;Bob;Ann,Lee;Dr.,Prof.;Jr.
item1.EMAIL;type=INTERNET:x@y.example
item1.X-ABLabel:_$!<Work>!$_
EMAIL;type=pref:first@y.example
ORG:Acme\; Inc;Sales;Team A
item2.ADR;type=HOME:;;Main St\n5;Berlin;BE;10115;Germany
ADR:;;Rue 1;Paris;;;France
X-SOCIALPROFILE;type=linkedin:http://www.linkedin.com/in/bob
URL;x-label="a:b;c":http://bob.example
NOTE:folded
  text
CATEGORIES:a,b\,c
X-ANNIVERSARY:2001-02-03
END:VCARD
"""


def test_vcard_21_with_quoted_printable_bare_types_and_photo(read):
    table, rows = read(OLD, "old.vcf")
    assert table.kind == "vcard"
    assert rows == [
        Row(
            1,
            {
                "N.family": "Müller", "N.given": "Jörg", "FAX": "123", "TEL": "789", "TEL 2": "456",
                "NOTE": "line one\r\nline two", "EMAIL": "a@b.example",
            },
        )
    ]  # fmt: skip


def test_vcard_30_with_groups_escapes_and_folding(read):
    _, [row] = read(NEW.replace("\n", "\r\n"), "new.vcf")
    assert row.cells == {
        "FN": "Bob Smith, Jr.", "N.family": "Smith", "N.given": "Bob", "N.additional": "Ann Lee",
        "N.prefix": "Dr. Prof.", "N.suffix": "Jr.", "EMAIL": "first@y.example",
        "EMAIL 2": "x@y.example", "ORG": "Acme; Inc", "ORG.unit": "Sales, Team A",
        "ADR.street": "Main St\n5", "ADR.city": "Berlin", "ADR.region": "BE", "ADR.code": "10115",
        "ADR.country": "Germany", "ADR 2.street": "Rue 1", "ADR 2.city": "Paris",
        "ADR 2.country": "France", "SOCIAL": "http://www.linkedin.com/in/bob",
        "URL": "http://bob.example", "NOTE": "folded text", "CATEGORIES": ["a", "b,c"],
        "X-ANNIVERSARY": "2001-02-03",
    }  # fmt: skip


def test_vcard_40_uris_are_read_as_what_they_carry(read):
    _, [row] = read(
        'BEGIN:VCARD\nVERSION:4.0\nFN:A\nTEL;VALUE=uri;TYPE="voice,fax":tel:+1-555\n'
        "EMAIL:mailto:a@b.example\nUID:urn:uuid:1\nEND:VCARD\n"
    )
    assert row.cells == {"FN": "A", "FAX": "+1-555", "EMAIL": "a@b.example", "UID": "urn:uuid:1"}


def test_broken_cards_cost_only_themselves(read):
    _, rows = read(
        "BEGIN:VCARD\nFN:No end\nBEGIN:VCARD\nFN:Fine\nNOTE:raw\nnewline\nEND:VCARD\n"
        "BEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:Cut"
    )
    assert [type(row) for row in rows] == [BadRow, Row, BadRow, BadRow]
    assert rows[1] == Row(2, {"FN": "Fine", "NOTE": "raw\nnewline"})
    assert "END:VCARD" in rows[0].reason


def test_each_property_is_read_in_its_own_charset(read):
    content = (
        b"BEGIN:VCARD\nN;CHARSET=SHIFT_JIS:" + "山田;太郎".encode("cp932") + b"\nEND:VCARD\n"
        b"BEGIN:VCARD\nFN:" + "Zoë".encode() + b"\nEND:VCARD\n"
        b"BEGIN:VCARD\nFN:" + "René".encode("cp1252") + b"\nEND:VCARD\n"
    )
    _, rows = read(content)
    assert [row.cells for row in rows] == [
        {"N.family": "山田", "N.given": "太郎"}, {"FN": "Zoë"}, {"FN": "René"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "hostile",
    ["EMAIL:a@b.example\n" * 5_000, "NOTE:" + "x" * 50_000 + "\n", "NOTE:x\n" + " xxxx\n" * 20_000],
)
def test_oversized_card_is_bad_and_the_next_is_read(read, hostile):
    limits = Limits(cell_bytes=10_000, row_bytes=40_000)
    _, rows = read(
        f"BEGIN:VCARD\nFN:A\n{hostile}END:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n", limits=limits
    )
    assert [type(row) for row in rows] == [BadRow, Row]


def test_huge_photo_is_left_out_without_harm(read):
    photo = "A" * 60_000
    _, rows = read(f"BEGIN:VCARD\nPHOTO:{photo}\nFN:A\nEND:VCARD\n", limits=Limits(row_bytes=9_000))
    assert rows == [Row(1, {"FN": "A"})]


def test_the_label_of_an_address_is_no_tag(read):
    table, [row] = read(
        "BEGIN:VCARD\nVERSION:2.1\nFN:Ann Lee\nADR;WORK:;;Main 5;Bonn;;;\n"
        "LABEL;WORK;ENCODING=QUOTED-PRINTABLE:Main 5=0D=0ABonn\nEND:VCARD\n",
        "a.vcf",
    )
    mapping = infer(table.headers, [row.cells], kind=table.kind)
    assert mapping.columns["LABEL"].field == "custom.label"
