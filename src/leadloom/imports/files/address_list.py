"""Recipients as mail programs write them: `Ann Lee <ann@acme.com>, "Ray, Bob" <bob@nord.de>`."""

import contextlib
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header

from leadloom.imports.files.encoding import tell_encoding
from leadloom.imports.files.lines import OVERLONG, Lines
from leadloom.imports.files.source import Source
from leadloom.imports.files.table import BadRow, Limits, Row, Table, columns_of, peek
from leadloom.imports.files.text import Text

# Possessive throughout: a hostile line takes no longer than another.
_WORD = r"[^\s@<>,;:\"()|]++"
_ADDRESS = f"{_WORD}@{_WORD}"
# Between semicolons a name may hold a comma (Outlook: Lee, Ann <ann@acme.com>; ...).
_ENTRIES = {
    mark: re.compile(
        rf'(?:(?P<name>"(?:[^"\\\n]|\\.)*+"\s*+|\'[^\'<>"\n]*+\'\s*+|{_ADDRESS}\s++'
        rf'|[^<>"@\n{mark}]*+)<(?P<angled>{_ADDRESS})>'
        rf"|(?P<bare>{_ADDRESS}))[ \t\r]*+(?:[,;\n]|$)"
    )
    for mark in ",;"
}
_BETWEEN = re.compile(r"[\s,;]*+")
_LABEL = re.compile(r"\s*(?:to|cc|bcc|from|an|von|à|de|para|da)\s*:", re.IGNORECASE)
TEXT_SHOWN = 200


def is_address_list(head: str, *, is_whole: bool) -> bool:
    """Whether a text is nothing but recipients, more of them than a plain column of addresses.

    `head` is the beginning of it; what is cut off at its end is looked at only if that is all.
    """
    text = head if is_whole else head[: head.rfind("\n") + 1]
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or not ("<" in text or len(lines) == 1) or text.count("@") < 2:
        return False
    return all(_entries(line) is not None for line in lines)


def address_table(source: Source, encoding: str | None, limits: Limits) -> Table:
    """A list of recipients as a table of names and addresses, numbered by their lines."""
    told = tell_encoding(source, encoding)
    notes = [told.note] if told.note else []
    lines = Lines(Text(source, told.name, notes.append), limits.row_bytes)
    sample, rows = peek(_rows(lines))
    return Table(source.name, "addresses", columns_of(sample), sample, rows, notes, told.name)


def _rows(lines: Lines) -> Iterator[Row | BadRow]:
    for number, line in enumerate(lines, 1):
        if line.startswith(OVERLONG):
            yield BadRow(number, "it is too long a line", line.removeprefix(OVERLONG))
        elif line.strip():
            entries = _entries(line.removeprefix("\ufeff"))
            if entries is None:
                yield BadRow(number, "it is no list of addresses", line.strip()[:TEXT_SHOWN])
            for name, address in entries or ():
                yield Row(number, {"Name": name, "Email": address} if name else {"Email": address})


def _entries(line: str) -> list[tuple[str, str]] | None:
    """The names and addresses of a line; None when there is anything else in it."""
    if label := _LABEL.match(line):
        line = line[label.end() :]
    entry = _ENTRIES[";" if ";" in line else ","]
    found: list[tuple[str, str]] = []
    end = len(line.rstrip(" \t\r\n,;"))
    place = _skip(line, 0)
    while place < end:
        match = entry.match(line, place)
        address = match and (match["angled"] or match["bare"])
        if not (match and address and "." in address.rpartition("@")[2]):
            return None
        name = _plain((match["name"] or "").strip().strip("\"'").replace('\\"', '"'))
        found.append(("" if "@" in name else name, address))
        place = _skip(line, match.end())
    return found


def _plain(name: str) -> str:
    """A name as it reads: letters that are not ASCII are written "=?UTF-8?Q?J=C3=BCrgen?="."""
    if "=?" not in name:
        return name.strip()
    with contextlib.suppress(LookupError, UnicodeError, MessageError, ValueError):
        return str(make_header(decode_header(name))).strip()
    return name.strip()


def _skip(line: str, place: int) -> int:
    between = _BETWEEN.match(line, place)
    return between.end() if between else place
