"""What a file is, told by its first bytes; its name is only asked about text."""

import re
import zipfile
from pathlib import PurePath
from typing import Literal

from leadloom.errors import InputError
from leadloom.imports.files.address_list import is_address_list
from leadloom.imports.files.encoding import MARKS
from leadloom.imports.files.ldif import HEAD as LDIF_HEAD
from leadloom.imports.files.source import Source, seekable
from leadloom.imports.files.table import Limits
from leadloom.imports.files.zip_file import open_zip

FileKind = Literal["delimited", "addresses", "workbook", "json", "vcard", "ldif", "zip", "gzip"]

HEAD_BYTES = 64 * 1024
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
GZIP = b"\x1f\x8b"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
UNREADABLE = (
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive; unpack it first"),
    (b"%PDF", "a PDF; export the list as xlsx or csv instead"),
    (b"\x89PNG", "an image; this reads lists, not pictures"),
    (b"\xff\xd8\xff", "an image; this reads lists, not pictures"),
    (b"GIF8", "an image; this reads lists, not pictures"),
    (b"II*\x00", "an image; this reads lists, not pictures"),
    (b"MM\x00*", "an image; this reads lists, not pictures"),
    (b"SQLite format 3\x00", "an SQLite database; export its table as csv"),
    (b"PAR1", "a Parquet file; export it as csv"),
    (b"{\\rtf", "a rich text document; save the list as xlsx or csv"),
)
OFFICE = {
    "xl/workbook.bin": "a binary workbook (xlsb); save it as xlsx or csv",
    "Index/Document.iwa": "a Numbers document; export it as xlsx or csv",
    "content.xml": "an OpenDocument file; save it as xlsx or csv",
    "word/document.xml": "a Word document; save the list as xlsx or csv",
    "ppt/presentation.xml": "a presentation; save the list as xlsx or csv",
}
VCARD = re.compile(r"\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)
CALENDAR = re.compile(r"\s*BEGIN\s*:\s*VCALENDAR", re.IGNORECASE)
MAILBOX = re.compile(r"From \S+ [^\n]*\d{4}[^\n]*\n(?:[A-Za-z-]+:[^\n]*\n)+")
JSON = re.compile(r"""\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]\d-]|null|true|false|NaN|$))""")
MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml|table|head|body|meta|!--)", re.IGNORECASE)


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
        raise InputError(f"{source.name} is {_ole_kind(source)}")
    for magic, what in UNREADABLE:
        if head.startswith(magic):
            raise InputError(f"{source.name} is {what}")
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
        raise InputError(f"{source.name} is an image or a film; this reads lists, not pictures")
    return _text_kind(source.name, _rough_text(head), is_whole=len(head) < HEAD_BYTES)


def _zip_kind(source: Source, limits: Limits) -> FileKind:
    with seekable(source, limits) as stream:
        names = _names(open_zip(source.name, stream, limits))
    for member, what in OFFICE.items():
        if member in names:
            raise InputError(f"{source.name} is {what}")
    return "workbook" if "[Content_Types].xml" in names else "zip"


def _names(archive: zipfile.ZipFile) -> frozenset[str]:
    with archive:
        return frozenset(archive.namelist())


def _ole_kind(source: Source) -> str:
    """Old Office files; the directory that names an encrypted package lies in the first bytes."""
    if ENCRYPTED in source.head(1024 * 1024) or source.name.lower().endswith((".xlsx", ".xlsm")):
        return "protected by a password; open it, remove the password and save it again"
    return "an old Office file (such as .xls); open it and save it as xlsx or csv"


def _rough_text(head: bytes) -> str:
    """The beginning as text, good enough to look at ASCII marks."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return head.decode(encoding, "replace").lstrip("\ufeff")
    return head.decode("latin-1").replace("\0", "")


def _text_kind(name: str, text: str, *, is_whole: bool) -> FileKind:
    if VCARD.match(text):
        return "vcard"
    if CALENDAR.match(text):
        raise InputError(f"{name} is a calendar; export contacts as vCard or csv instead")
    if MARKUP.match(text):
        raise InputError(f"{name} is a web page or XML; open it and save the list as xlsx or csv")
    if LDIF_HEAD.match(text):
        return "ldif"
    if MAILBOX.match(text):
        raise InputError(
            f"{name} is a mailbox; export the address book of the mail program instead"
        )
    suffix = PurePath(name).suffix.lower()
    if suffix in (".vcf", ".vcard") and re.search(r"^BEGIN:VCARD", text, re.I | re.M):
        return "vcard"
    if JSON.match(text):
        return "json"
    return "addresses" if is_address_list(text, is_whole=is_whole) else "delimited"
