"""Files that are no list: told by how they begin, each with what it is and what to do instead."""

import re
from pathlib import PurePath
from typing import NoReturn

from leadloom.errors import InputError

_SAVE = "save the list as xlsx or csv"
_PICTURE = "a picture; this reads lists, so type it in or use what it was made from"
_PDF = "a PDF; export the list as xlsx or csv where it comes from"
_FILM = "a film or a sound; this reads lists"
_PROGRAM = "a program; this reads lists"

_MAGIC: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), what)
    for pattern, what in (
        (rb"BZh\d", "a bzip2 archive; unpack it first"),
        (rb"\xfd7zXZ\x00", "an xz archive; unpack it first"),
        (rb"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
        (rb"Rar!\x1a\x07", "a RAR archive; unpack it first"),
        (rb"\x28\xb5\x2f\xfd", "a zstd archive; unpack it first"),
        (rb".{257}ustar[\x00 ]", "a tar archive; unpack it first"),
        (rb"\s{0,1024}%PDF-\d", _PDF),
        (rb"%PDF", _PDF),
        (rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*|BM.{4}\x00{4}", _PICTURE),
        (rb"RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|msf|avif)", _PICTURE),
        (rb".{4}ftyp|RIFF.{4}(?:WAVE|AVI )|ID3[\x02-\x04]|OggS\x00|\x1aE\xdf\xa3", _FILM),
        (rb"MZ[\x00\x90].\x00|\x7fELF", _PROGRAM),
        (rb"SQLite format 3\x00", "an SQLite database; export its table as csv"),
        (
            rb"\x00\x01\x00\x00Standard (?:Jet|ACE) DB",
            "an Access database; export its table as csv",
        ),
        (rb"!BDN", "an Outlook data file (pst); export the contacts from Outlook as csv"),
        (rb"PAR1", "a Parquet file; export it as csv"),
        (rb"ARROW1\x00\x00|FEA1", "an Arrow or Feather file; export it as csv"),
        (rb"Obj\x01", "an Avro file; export it as csv or JSON"),
        (rb"\x80[\x02-\x05][\x95}\]c(]", "a Python pickle; export it as csv"),
        (rb"bplist00", f"an Apple property list or web archive; {_SAVE}"),
        (rb"\{\\rtf", f"a rich text document; {_SAVE}"),
    )
)
_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (r"\s*BEGIN\s*:\s*VCALENDAR", "a calendar; export contacts as vCard or csv instead"),
        (r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<svg\b", _PICTURE),
        (
            r"\s*<(?:!doctype|html|\?xml|table|head|body|meta|!--)",
            f"a web page or XML; open it and {_SAVE}",
        ),
        (
            r"From \S+ [^\n]*\d{4}[^\n]*\n(?:[A-Za-z-]+:[^\n]*\n)+",
            "a mailbox; export the address book of the mail program instead",
        ),
        (r"\[InternetShortcut\]", "a shortcut to a web page; download the list itself"),
        (
            r"""\s*\{[^{}]{0,2000}?"(?:doc_id|resource_id)"\s*:""",
            "a shortcut to an online document; open it and download it as xlsx or csv",
        ),
        (
            r"\s*(?:(?:--[^\n]*\n|/\*[\s\S]*?\*/;?)\s*)*+(?:INSERT INTO|(?:CREATE|DROP) (?:TABLE|"
            r"DATABASE|SCHEMA)|SET \w+ ?=|BEGIN TRANSACTION;|PRAGMA \w+ ?=)",
            "an SQL script; load it into its database and export the table as csv",
        ),
        (
            r"\s*(?:---\s*\n\s*)?- [\w \"']{1,80}: [^\n]*\n +[\w \"']{1,80}: ",
            "a YAML file; save it as JSON or csv",
        ),
    )
)
_OFFICE = {
    "xl/workbook.bin": "a binary workbook (xlsb); save it as xlsx or csv",
    "Index/Document.iwa": "a Numbers document; export it as xlsx or csv",
    "Index.zip": "a Numbers document; export it as xlsx or csv",
    "content.xml": "an OpenDocument file; save it as xlsx or csv",
    "word/document.xml": f"a Word document; {_SAVE}",
    "ppt/presentation.xml": f"a presentation; {_SAVE}",
}
_OLE = {
    "EncryptedPackage": "protected by a password; open it, remove the password and save it again",
    "Workbook": "an old Excel workbook (xls); open it and save it as xlsx or csv",
    "WordDocument": f"an old Word document (doc); {_SAVE}",
    "__substg1.0": "an Outlook message (msg); this reads lists, so save its list as a file",
    "PowerPoint Document": f"an old presentation (ppt); {_SAVE}",
}
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}): ?\S|[ \t]+\S")
_OF_MAIL = frozenset(
    "from to subject date received return-path message-id mime-version delivered-to".split()  # noqa: SIM905
)
_FEWEST_OF_MAIL = 3
_IN_USE = "~$"  # what Excel and Word leave beside a file while it is open
_LONGEST_IN_USE = 1_000  # bytes
# Formats whose files are no text, so that one strange byte is enough to doubt a text so called.
_BINARY = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".xlsb"), "Excel workbook"),
    **dict.fromkeys((".ods", ".odt"), "OpenDocument file"),
    ".numbers": "Numbers document",
    ".pdf": "PDF",
    **dict.fromkeys((".docx", ".doc"), "Word document"),
    **dict.fromkeys((".pptx", ".ppt"), "presentation"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".heic"), "picture"),
    ".parquet": "Parquet file",
    **dict.fromkeys((".zip", ".7z", ".rar"), "archive"),
    **dict.fromkeys((".gz", ".bz2", ".xz", ".zst"), "compressed file"),
}
_TEXTUAL = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), "text"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "JSON"),
    **dict.fromkeys((".vcf", ".vcard"), "vCard"),
    **dict.fromkeys((".mbox", ".eml"), "mail"),
}


def refuse_foreign(name: str, head: bytes) -> None:
    """Raise InputError when a file begins like a known format that holds no list."""
    if PurePath(name).name.startswith(_IN_USE) and len(head) <= _LONGEST_IN_USE:
        raise no_text(name, head)
    found = next((what for looks, what in _MAGIC if looks.match(head)), None)
    if found:
        raise InputError(f"{name} is {found}")


def refuse_foreign_text(name: str, text: str) -> None:
    """Raise InputError when a text is written in a known format that holds no list."""
    found = next((what for looks, what in _TEXTS if looks.match(text)), None)
    if found is None and _is_mail(text):
        found = "an e-mail message; this reads lists, so save the list in it as a file of its own"
    if found:
        raise InputError(f"{name} is {found}")


def refuse_office(name: str, members: frozenset[str]) -> None:
    """Raise InputError when a zip file is a document of a kind that is not read."""
    found = next((what for member, what in _OFFICE.items() if member in members), None)
    if found:
        raise InputError(f"{name} is {found}")


def refuse_ole(name: str, head: bytes) -> NoReturn:
    """Raise InputError for an old Office file; its directory is searched for in `head`."""
    found = next((what for entry, what in _OLE.items() if entry.encode("utf-16-le") in head), None)
    if found is None and name.lower().endswith((".xlsx", ".xlsm")):
        found = _OLE["EncryptedPackage"]
    raise InputError(
        f"{name} is {found or 'an old Office file (such as xls); save it as xlsx or csv'}"
    )


def is_called_binary(name: str) -> bool:
    """Whether the ending of a name promises a format that is no text."""
    return PurePath(name).suffix.lower() in _BINARY


def no_text(name: str, head: bytes) -> InputError:
    """What to say of bytes that are no text, nor anything known: what they are called is wrong."""
    path = PurePath(name)
    suffix = path.suffix.lower()
    called = _BINARY.get(suffix) or _TEXTUAL.get(suffix)
    if path.name.startswith(_IN_USE):
        what = f"the mark of a workbook that is open; close it and import {path.name[2:]} itself"
    elif not head.strip(b"\0"):
        what = "nothing but zeros, as a copy that broke off leaves; get a fresh copy"
    elif called:
        what = f"damaged or no {called}, whatever its name says; get a fresh copy of the list"
    else:
        what = "not a text file; export it as CSV, XLSX, JSON or vCard and import that"
    return InputError(f"{name} is {what}")


def _is_mail(text: str) -> bool:
    """Whether a text begins with the header lines of an e-mail message."""
    lines = text.partition("\n\n")[0].replace("\r\n", "\n").partition("\n\n")[0].split("\n")
    found = [_HEADER.match(line) for line in lines]
    names = {one[1].lower() for one in found if one and one[1]}
    return bool(found[0] and found[0][1]) and len(names & _OF_MAIL) >= _FEWEST_OF_MAIL
