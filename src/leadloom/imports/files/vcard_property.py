"""One property of a vCard: its name, its types, and its value as text."""

import base64
import binascii
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = re.compile(
    r"""\s*(?:[\w-]+\.)?              # a group such as item1
        (?P<name>[\w-]+)
        (?P<parameters>(?:;(?:[^":;]|"[^"]*")*)*)
        :""",
    re.VERBOSE,
)
ROUGH_HEAD = re.compile(r"\s*(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<parameters>;[^:]*):")
LONGEST_HEAD = 10_000
ENCODINGS = frozenset(("QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"))
BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY"))
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a card; `value` is decoded, but its escapes are still to be read."""

    name: str
    types: frozenset[str]
    value: str

    def text(self) -> str:
        """The whole value, unescaped."""
        return unescaped(self.value).strip()

    def parts(self) -> list[str]:
        """The components of a structured value such as N, ORG or ADR, unescaped."""
        return [unescaped(part).strip() for part in split_unescaped(self.value, ";")]


def read_property(line: str, fallback: str) -> Property | None:
    """Read an unfolded line; None for what carries no text (photos, keys) or is no property.

    `fallback` is the code page of bytes that are neither in the declared charset nor UTF-8.
    """
    head = line[:LONGEST_HEAD]
    found = HEAD.match(head) or ROUGH_HEAD.match(head)
    if not found or found["name"].upper() in BINARY:
        return None
    types: set[str] = set()
    charset, encoding = "", ""
    for parameter in found["parameters"].split(";")[1:]:
        key, equals, value = parameter.upper().partition("=")
        key, value = (key.strip(), value.strip().strip('"')) if equals else ("", key.strip())
        if key == "CHARSET":
            charset = value
        elif key == "ENCODING" or (not key and value in ENCODINGS):
            encoding = value
        elif key in ("TYPE", ""):
            types.update(each.strip() for each in value.split(","))
        elif key == "PREF" and value == "1":
            types.add("PREF")
    value = _decoded(line[found.end() :], encoding, [charset, "utf-8", fallback])
    return Property(found["name"].upper(), frozenset(types), value)


def split_unescaped(value: str, mark: str) -> list[str]:
    """Split at a mark unless a backslash stands before it."""
    if "\\" not in value:
        return value.split(mark)
    parts = [""]
    for piece in re.findall(rf"\\.|[^\\{mark}]+|.", value, re.DOTALL):
        if piece == mark:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def unescaped(value: str) -> str:
    r"""Read `\n`, `\,`, `\;`, `\:` and `\\`; any other backslash is left as it is."""
    if "\\" not in value:
        return value
    return ESCAPED.sub(_unescape, value)


def _unescape(escape: re.Match[str]) -> str:
    letter = escape[1]
    if letter in "nN":
        return "\n"
    return letter if letter in "\\,;:" else escape[0]


def _decoded(value: str, encoding: str, charsets: Sequence[str]) -> str:
    if encoding == "QUOTED-PRINTABLE":
        data = quopri.decodestring(_bytes(value))
    elif encoding in ("BASE64", "B"):
        try:
            data = base64.b64decode("".join(value.split()), validate=True)
        except (binascii.Error, ValueError):
            return value
    elif value.isascii():
        return value
    else:
        data = _bytes(value)
    return _text(data, charsets).replace("\0", "")


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def _text(data: bytes, charsets: Sequence[str]) -> str:
    for charset in charsets:
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")
