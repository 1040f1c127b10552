"""Whatever the bytes, a file is read or refused in a sentence, and its text can be stored."""

import gzip
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloom.errors import LeadloomError
from leadloom.imports.files import BadRow, open_tables


def workbook() -> bytes:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for row in (["name", "email", 1, 2.5], ["Ana", "a@b.example", True, None]):
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


def archive() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as files:
        files.writestr("a.csv", "name,note\nAna,x\n")
        files.writestr("b.json", '[{"a": 1}]')
    return kept.getvalue()


SOUND = {
    "delimited": 'name,note\nAna,"x\ny"\nZoë,"he said ""hi"""\n'.encode(),
    "vcard": b"BEGIN:VCARD\nN;CHARSET=UTF-8;QUOTED-PRINTABLE:M=C3=BC;J\nADR:;;a;b\nEND:VCARD\n",
    "json": b'{"data": {"contacts": [{"a": 1, "b": {"c": [1, {"d": 2}]}}, {"a": "x\\u00e9"}]}}',
    "json lines": b'{"a": 1}\n{"b": "x"}\n',
    "gzip": gzip.compress(b"a,b\n" + b"1,2\n" * 50),
    "workbook": workbook(),
    "zip": archive(),
}
edits = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 6), st.binary(max_size=6)),
    min_size=1,
    max_size=12,
)


def text_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for each in pair for text in text_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in text_in(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("kind", SOUND)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits)
def test_damage_is_survived(write, kind, edits):
    data = bytearray(SOUND[kind])
    for place, length, replacement in edits:
        place %= len(data) + 1
        data[place : place + length] = replacement
    try:
        rows = [row for table in open_tables(write(bytes(data))) for row in table.rows]
    except LeadloomError as error:
        rows = [BadRow(0, str(error), "")]
    for row in rows:
        for text in [row.reason, row.text] if isinstance(row, BadRow) else text_in(row.cells):
            assert "\0" not in text
            text.encode()


@pytest.mark.parametrize("kind", SOUND)
def test_sound_files_are_read(write, kind):
    tables = [list(table.rows) for table in open_tables(write(SOUND[kind]))]
    assert tables
    assert all(rows and not any(isinstance(row, BadRow) for row in rows) for rows in tables)
