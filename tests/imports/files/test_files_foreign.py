"""Files that are no list are told by what they are, in one sentence with a way out."""

import gzip
import io
import random
import zipfile

import pytest

from leadloom.errors import InputError
from leadloom.imports.files import open_tables

NOISE = random.Random(1).randbytes(3_000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIL = b"From: Ann <ann@acme.example>\nTo: bo@acme.example\nSubject: The list\n\nHere it is.\n"


def zipped(*members: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in members:
            archive.writestr(name, "x")
    return kept.getvalue()


def ole(entry: str) -> bytes:
    return OLE + bytes(600) + entry.encode("utf-16-le")


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"BZh9" + bytes(20), "bzip2"),
        (b"\xfd7zXZ\x00" + bytes(20), "xz"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "7z"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x28\xb5\x2f\xfd" + bytes(9), "zstd"),
        (b"list.csv" + bytes(249) + b"ustar\x00", "tar"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"RIFF\x10\0\0\0WEBP", "a picture"),
        (b"\0\0\0\x18ftypheic", "a picture"),
        (b"\0\0\0\x18ftypmp42", "a film"),
        (b"<?xml version='1.0'?>\n<svg xmlns='x'/>", "a picture"),
        (b"PAR1" + NOISE, "Parquet"),
        (b"Obj\x01" + NOISE, "Avro"),
        (b"\0\1\0\0Standard ACE DB\0", "Access"),
        (b"!BDN" + NOISE, "Outlook data file"),
        (OLE + bytes(600), "an old Office file"),
        (ole("Workbook"), "an old Excel workbook"),
        (ole("WordDocument"), "an old Word document"),
        (ole("__substg1.0_0037001F"), "an Outlook message"),
        (ole("EncryptedPackage"), "password"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b"BEGIN:VCALENDAR\n", "calendar"),
        (MAIL, "an e-mail message"),
        (MAIL.replace(b"\n", b"\r\n"), "an e-mail message"),
        (b"From ann@acme.example Tue Mar  3 10:00:00 2026\n" + MAIL, "a mailbox"),
        (b"-- a dump\n\nCREATE TABLE leads (id int);\n", "an SQL script"),
        (b"- name: Ann\n  email: ann@acme.example\n- name: Bo\n", "YAML"),
        (
            b'{"url": "https://docs.example/open", "doc_id": "1", "email": "a@b.example"}',
            "shortcut",
        ),
        (b"[InternetShortcut]\nURL=https://a.example\n", "shortcut"),
        (zipped("content.xml", "mimetype"), "OpenDocument"),
        (zipped("Index/Document.iwa"), "Numbers"),
        (zipped("Index.zip", "preview.jpg"), "Numbers"),
        (zipped("[Content_Types].xml", "word/document.xml"), "Word"),
        (gzip.compress(gzip.compress(b"a,b", mtime=0), mtime=0), "twice"),
        (b"PK\x03\x04" + bytes(40), "damaged"),
        (NOISE, "not a text file"),
        (bytes(3_000), "nothing but zeros"),
        (b"", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_way_out(write, head, says):
    with pytest.raises(InputError, match=says):
        list(open_tables(write(head, "file.bin")))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("l.xlsx", "no Excel workbook"),
        ("l.xls", "no Excel workbook"),
        ("l.ods", "no OpenDocument file"),
        ("l.numbers", "no Numbers document"),
        ("l.pdf", "no PDF"),
        ("l.docx", "no Word document"),
        ("l.png", "no picture"),
        ("l.parquet", "no Parquet file"),
        ("l.zip", "no archive"),
        ("l.csv", "no text"),
        ("l.vcf", "no vCard"),
    ],
)
def test_noise_is_not_what_its_name_says(write, name, says):
    for size in (60, 3_000):
        with pytest.raises(InputError, match=f"damaged or {says}, whatever its name says"):
            list(open_tables(write(NOISE[-size:], name)))


def test_the_mark_of_an_open_workbook_names_the_workbook(write):
    owner = b"\x07Ann Lee" + b" " * 47 + b"\x07\0" + "Ann Lee".encode("utf-16-le") + b" \0" * 40
    with pytest.raises(InputError, match=r"import list\.xlsx itself"):
        list(open_tables(write(owner, "~$list.xlsx")))


@pytest.mark.parametrize(
    "content",
    [
        "From,To,Subject\nann@acme.example,bo@acme.example,Hello\n",
        "From: Ann\nann@acme.example\n",
        "BM Consulting;ann@acme.example\nBM2;bo@acme.example\n",
        "Set = A,Name\n1,Ann Lee\n",
        "- Ann Lee\n- Bo Chan\n",
    ],
)
def test_lists_that_only_begin_alike_are_read(write, content):
    [table] = open_tables(write(content, "list.pdf"))
    assert list(table.rows)
