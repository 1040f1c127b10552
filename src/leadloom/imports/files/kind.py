"""What a file is, told by its first bytes; its name is only asked about text."""

import re
import zipfile
from pathlib import PurePath
from typing import Literal

from leadloom.errors import InputError
from leadloom.imports.files.address_list import is_address_list
from leadloom.imports.files.encoding import MARKS
from leadloom.imports.files.foreign import (
    refuse_foreign,
    refuse_foreign_text,
    refuse_office,
    refuse_ole,
)
from leadloom.imports.files.ldif import HEAD as LDIF_HEAD
from leadloom.imports.files.source import Source, seekable
from leadloom.imports.files.table import Limits
from leadloom.imports.files.zip_file import open_zip

FileKind = Literal["delimited", "addresses", "workbook", "json", "vcard", "ldif", "zip", "gzip"]

HEAD_BYTES = 64 * 1024
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
GZIP = b"\x1f\x8b"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_BYTES = 1024 * 1024  # of an old Office file, searched for its directory
VCARD = re.compile(r"\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)
JSON = re.compile(r"""\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]\d-]|null|true|false|NaN|$))""")


def tell_kind(source: Source, limits: Limits) -> FileKind:
    """The kind of a source. Raises InputError, saying what to do, for one that cannot be read."""
    head = source.head(HEAD_BYTES)
    if not head:
        raise InputError(f"{source.name} is empty")
    if head.startswith(ZIP):
        return _zip_kind(source, limits)
    if head.startswith(GZIP):
        return "gzip"
    if head.startswith(OLE):
        refuse_ole(source.name, source.head(OLE_BYTES))
    refuse_foreign(source.name, head)
    return _text_kind(source.name, _rough_text(head), is_whole=len(head) < HEAD_BYTES)


def _zip_kind(source: Source, limits: Limits) -> FileKind:
    with seekable(source, limits) as stream:
        names = _names(open_zip(source.name, stream, limits))
    refuse_office(source.name, names)
    return "workbook" if "[Content_Types].xml" in names else "zip"


def _names(archive: zipfile.ZipFile) -> frozenset[str]:
    with archive:
        return frozenset(archive.namelist())


def _rough_text(head: bytes) -> str:
    """The beginning as text, good enough to look at ASCII marks."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return head.decode(encoding, "replace").lstrip("\ufeff")
    return head.decode("latin-1").replace("\0", "")


def _text_kind(name: str, text: str, *, is_whole: bool) -> FileKind:
    if VCARD.match(text):
        return "vcard"
    if LDIF_HEAD.match(text):
        return "ldif"
    refuse_foreign_text(name, text)
    suffix = PurePath(name).suffix.lower()
    if suffix in (".vcf", ".vcard") and re.search(r"^BEGIN:VCARD", text, re.I | re.M):
        return "vcard"
    if JSON.match(text):
        return "json"
    return "addresses" if is_address_list(text, is_whole=is_whole) else "delimited"
