"""vCard 3.0 (RFC 2426), one card a lead.

Version 3.0 because it is the newest that Google Contacts, Apple Contacts and Outlook all take:
Outlook and Google do not import 4.0 reliably.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from leadloom.exports.objects import picked
from leadloom.exports.table import cell_text

_LINE_BYTES: Final = 75
"""Longest line without its break (RFC 2426, 2.6)."""


def write_vcards(
    file: BinaryIO, rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None
) -> int:
    """Write a card for each row, with only the fields in `columns`; gives the number of rows."""
    count = 0
    for row in rows:
        file.write(_card(picked(row, columns)))
        count += 1
    return count


def _card(row: Mapping[str, Any]) -> bytes:
    lines = ["BEGIN:VCARD", "VERSION:3.0", *_properties(row), "END:VCARD"]
    return b"".join(_folded(line) for line in lines)


def _properties(row: Mapping[str, Any]) -> Iterator[str]:
    name = _text(row, "full_name") or f"{_text(row, 'first_name')} {_text(row, 'last_name')}"
    # A card of nobody that bears its company's name would be the company's.
    shown = name.strip() or _text(row, "email") or _text(row, "company") or "Unnamed"
    yield "N:" + _structured(row, *_NAME_PARTS)
    yield f"FN:{_escaped(shown)}"
    if row.get("company") or row.get("department"):
        yield "ORG:" + _structured(row, "company", "department").removesuffix(";")
    for property_, field in _SINGLE.items():
        if text := _text(row, field):
            yield f"{property_}:{_escaped(text)}"
    for position, address in enumerate(_all(row, "email", "emails")):
        yield f"EMAIL;TYPE=INTERNET{',PREF' if position == 0 else ''}:{_escaped(address)}"
    for position, number in enumerate(_all(row, "phone", "phones")):
        yield f"TEL;TYPE=WORK{',PREF' if position == 0 else ''}:{_escaped(number)}"
    place = [_text(row, field) for field in ("street", "city", "state", "postal_code", "country")]
    if any(place):
        yield "ADR;TYPE=WORK:;;" + ";".join(_escaped(part) for part in place)
    for address in row.get("social_urls") or ():
        yield f"X-SOCIALPROFILE:{_escaped(cell_text(address))}"
    if tags := row.get("tags"):
        yield "CATEGORIES:" + ",".join(_escaped(cell_text(tag)) for tag in tags)
    for field in OWN_FIELDS:
        if text := _text(row, field):
            yield f"{own_property(field)}:{_escaped(text)}"
    for key, value in (row.get("custom") or {}).items():
        if value not in (None, ""):
            yield f"{own_property('custom')}:{_escaped(key)};{_escaped(cell_text(value))}"


_NAME_PARTS: Final = ("last_name", "first_name", "middle_name", "name_prefix", "name_suffix")

OWN_FIELDS: Final = (
    "seniority",
    "domain",
    "industry",
    "email_status",
    "email_confidence",
    "status",
    "stage",
    "lead_status",
    "lead_score",
    "do_not_contact",
)
"""Fields for which vCards have no property."""

_SINGLE: Final[Mapping[str, str]] = {
    "TITLE": "title",
    "NICKNAME": "nickname",
    "URL;TYPE=WORK": "website",
    "X-SOCIALPROFILE;TYPE=linkedin": "linkedin_url",
    "NOTE": "notes",
    "REV": "updated_at",
    "UID": "id",
}


def _text(row: Mapping[str, Any], field: str) -> str:
    return cell_text(row.get(field)).strip()


def _all(row: Mapping[str, Any], first: str, more: str) -> list[str]:
    """The first address and the others, each once."""
    return list(dict.fromkeys(cell_text(v) for v in (row.get(first), *(row.get(more) or ())) if v))


def own_property(field: str) -> str:
    """The property of a field that vCards do not know: address books ignore it, we read it back.

    All custom fields share one, which holds name and value.
    """
    return "X-LEADLOOM-" + field.upper().replace("_", "-")


def _structured(row: Mapping[str, Any], *fields: str) -> str:
    return ";".join(_escaped(_text(row, field)) for field in fields)


def _escaped(text: str) -> str:
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line with its breaks: 75 bytes at most, never inside a character."""
    rest = line.encode("utf-8", errors="replace")
    pieces: list[bytes] = []
    limit = _LINE_BYTES
    while len(rest) > limit:
        end = limit
        while rest[end] & 0xC0 == 0x80:  # a byte that continues a character
            end -= 1
        pieces.append(rest[:end])
        rest, limit = rest[end:], _LINE_BYTES - 1  # the blank of a continued line counts
    return b"\r\n ".join([*pieces, rest]) + b"\r\n"


# Breaks that some readers end a line at, beside what no text should hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
