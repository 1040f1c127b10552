import gzip
import io
import os
import stat
import sys
import zipfile

import pytest

from leadloom.errors import InputError
from leadloom.imports.files import Limits, Row, open_tables

CSV = "name,email\nAna,a@b.example\nBo,b@b.example\n"
ANA = Row(2, {"name": "Ana", "email": "a@b.example"})


def zipped(**members: str | bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return kept.getvalue()


def test_content_outranks_the_name(write):
    kinds = {
        "csv.xlsx": (CSV, "delimited"),
        "json.csv": ('[{"a": 1}]', "json"),
        "card.txt": ("BEGIN:VCARD\nFN:A\nEND:VCARD\n", "vcard"),
    }
    for name, (content, kind) in kinds.items():
        [table] = open_tables(write(content, name))
        assert table.kind == kind


def test_gzip_of_several_members_is_one_file(read):
    _, rows = read(
        gzip.compress(CSV[:20].encode(), mtime=0) + gzip.compress(CSV[20:].encode()), "l.csv.gz"
    )
    assert rows[0] == ANA
    assert len(rows) == 2


def test_truncated_gzip_delivers_its_rows_and_then_says_so(write):
    lines = "".join(f"Ana {os.urandom(6).hex()},a{n}@b.example\n" for n in range(20_000))
    data = gzip.compress(("name,email\n" + lines).encode())
    [table] = open_tables(write(data[: len(data) // 2]))
    for _ in range(8_000):
        assert isinstance(next(table.rows), Row)
    with pytest.raises(InputError, match="cut off"):
        list(table.rows)


def test_zip_gives_a_table_for_each_readable_member(write):
    data = zipped(**{
        "a.csv": CSV, "in/b.json": '[{"a": 1}]', "__MACOSX/._a.csv": "x", ".hidden": "x",
        "folder/": "", "photo.png": b"\x89PNG\r\n\x1a\n", "../../evil.csv": CSV,
        "/etc/evil.csv": CSV, "C:\\evil.csv": CSV, "in.zip": zipped(x=CSV), "empty.csv": "",
    })  # fmt: skip
    tables = [(table, list(table.rows)) for table in open_tables(write(data, "a.zip"))]
    assert [table.name.rpartition("/")[2] for table, _ in tables] == ["a.zip!a.csv", "b.json"]
    assert tables[0][1][0] == ANA
    notes = " ".join(tables[0][0].notes)
    for left_out in ("photo.png", "../../evil.csv", "/etc/evil.csv", "evil.csv", "in.zip", "empty"):
        assert left_out in notes
    assert "MACOSX" not in notes


def test_workbook_within_a_zip_is_read(write):
    import openpyxl

    book, kept = openpyxl.Workbook(), io.BytesIO()
    for row in (["name", "email"], ["Ana", "a@b.example"]):
        book.active.append(row)
    book.save(kept)
    [rows] = [
        list(table.rows) for table in open_tables(write(zipped(**{"b.xlsx": kept.getvalue()})))
    ]
    assert rows == [ANA]


def test_links_and_passwords_in_a_zip_are_refused(write):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="link to another file"):
        list(open_tables(write(kept.getvalue())))
    locked = bytearray(zipped(**{"a.csv": CSV}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="password"):
        list(open_tables(write(bytes(locked))))


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(**{"a.csv": data})])
def test_bombs_are_refused_while_memory_stays_flat(write, rows_of, peak, pack):
    path = write(pack(b"name,email\n" + b"a" * 40_000_000))
    peak()
    with pytest.raises(InputError, match="zip bomb"):
        rows_of(path, limits=Limits(ratio_from=2_000_000))
    assert peak() < 25_000_000


def test_size_and_member_limits_hold(write, rows_of):
    large = write(gzip.compress(CSV.encode() * 99, mtime=0), "large.gz")
    with pytest.raises(InputError, match="more than 1,000 bytes"):
        rows_of(large, limits=Limits(total_uncompressed=1_000))
    many = write(zipped(**{f"{n}.csv": CSV for n in range(20)}), "many.zip")
    with pytest.raises(InputError, match="20 files"):
        rows_of(many, limits=Limits(members=9))


def test_paths_that_are_no_files_are_told(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        list(open_tables(tmp_path / "none.csv"))
    with pytest.raises(InputError, match="folder"):
        list(open_tables(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="regular file"):
        list(open_tables(tmp_path / "pipe"))


@pytest.mark.parametrize(
    "content",
    [CSV.encode(), gzip.compress(CSV.encode(), mtime=0), zipped(a=CSV)],
    ids=["plain", "gzip", "zip"],
)
def test_standard_input_takes_whatever_a_file_may_hold(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    [rows] = [list(table.rows) for table in open_tables("-")]
    assert rows[0] == ANA


def test_empty_standard_input_is_told(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(InputError, match="empty"):
        list(open_tables("-"))


def test_sheet_named_for_a_file_without_sheets_is_noted(write):
    [table] = open_tables(write(CSV), sheet="Leads")
    assert any("no sheets" in note for note in table.notes)
