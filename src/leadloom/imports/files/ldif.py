"""LDIF (RFC 2849), as directories and Thunderbird's address book export it: an entry is a row."""

import base64
import binascii
import re
from collections.abc import Iterator

from leadloom.imports.files.encoding import tell_encoding
from leadloom.imports.files.lines import OVERLONG, Lines
from leadloom.imports.files.source import Source
from leadloom.imports.files.table import BadRow, Limits, Row, Table, columns_of, peek
from leadloom.imports.files.text import Text

HEAD = re.compile(r"\s*(?:(?:version: ?\d+|#[^\n]*)\s+)*dn::? ?\S", re.IGNORECASE)
_LINE = re.compile(r"([A-Za-z][\w.-]*)(?:;[\w;-]*)?:(:|<)? *(.*)", re.DOTALL)
_ABOUT_THE_ENTRY = frozenset(("objectclass", "dn", "version", "changetype", "modifytimestamp"))
_BINARY = frozenset(("jpegphoto", "photo", "usercertificate", "thumbnailphoto", "audio"))
_OF_MANY = frozenset(("groupofnames", "group", "groupofuniquenames", "organizationalunit"))
TEXT_SHOWN = 200


def ldif_table(source: Source, encoding: str | None, limits: Limits) -> Table:
    """An LDIF source as a table of entries, numbered from 1. Photos and certificates are left out.

    An attribute with several values has several columns: "mail", "mail 2".
    """
    told = tell_encoding(source, encoding)
    notes = [told.note] if told.note else []
    lines = Lines(Text(source, told.name, notes.append), limits.row_bytes)
    entries = enumerate(_entries(lines, limits), 1)
    sample, rows = peek(_row(number, entry, limits) for number, entry in entries)
    return Table(source.name, "ldif", columns_of(sample), sample, rows, notes, told.name)


def _entries(lines: Lines, limits: Limits) -> Iterator[list[str]]:
    """The lines of each entry, those that were folded put together."""
    entry: list[str] = []
    size = 0
    for ended in lines:
        line = ended.rstrip("\r\n").removeprefix("\ufeff")
        if not line:
            if entry:
                yield entry
            entry, size = [], 0
            continue
        size += len(line)
        if line.startswith(" ") and entry:
            if size <= limits.row_bytes:
                entry[-1] += line[1:]
        elif not line.startswith("#"):
            entry.append(line.removeprefix(OVERLONG))
        if size > limits.row_bytes and len(entry) > 1:
            del entry[1:-1]  # told as too long
    if entry:
        yield entry


def _row(number: int, entry: list[str], limits: Limits) -> Row | BadRow:
    text = "\n".join(entry)[:TEXT_SHOWN]
    cells: dict[str, str] = {}
    classes: set[str] = set()
    for line in entry:
        found = _LINE.fullmatch(line)
        if found is None:
            return BadRow(number, "it is no entry of LDIF", text)
        name, how, value = found[1], found[2], found[3]
        if name.lower() == "objectclass":
            classes.add(value.lower())
        if how == "<" or name.lower() in _ABOUT_THE_ENTRY | _BINARY:
            continue
        value = _decoded(value) if how == ":" else value
        if value.strip():
            cells[_numbered(name, cells)] = value
    if len(cells) > limits.columns or any(len(one) > limits.cell_bytes for one in cells.values()):
        return BadRow(number, "the entry is too long", text)
    if classes & _OF_MANY:
        return BadRow(number, "it is a list of others", text, "skipped")
    if not cells:
        return BadRow(number, "it is about the file", text, "skipped")
    return Row(number, dict(cells))


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=False).decode("utf-8", "replace").replace("\0", "")
    except (binascii.Error, ValueError):
        return value


def _numbered(name: str, cells: dict[str, str]) -> str:
    count = 1
    column = name
    while column in cells:
        count += 1
        column = f"{name} {count}"
    return column
