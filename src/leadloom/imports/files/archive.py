"""The readable members of a zip archive. Their names are labels; none is written to disk."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from leadloom.errors import InputError
from leadloom.imports.files.kind import FileKind, tell_kind
from leadloom.imports.files.prose import is_prose
from leadloom.imports.files.source import Source, seekable
from leadloom.imports.files.table import Limits
from leadloom.imports.files.zip_file import open_member, open_zip

ENCRYPTED = 0x1  # bit 0 of the general purpose flags: PKWARE APPNOTE 4.4.4
NOTES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Member:
    """A member that can be read, and as what."""

    source: Source
    kind: FileKind


@contextmanager
def opened_members(source: Source, limits: Limits) -> Iterator[tuple[list[Member], list[str]]]:
    """The members worth reading, and notes on those left out, while the archive is open.

    Raises InputError when none is, when the archive is damaged, or when it is a bomb.
    """
    with seekable(source, limits) as stream, open_zip(source.name, stream, limits) as archive:
        yield _members(source.name, archive, limits)


def _members(name: str, archive: zipfile.ZipFile, limits: Limits) -> tuple[list[Member], list[str]]:
    found: list[Member] = []
    notes: list[str] = []
    for info in archive.infolist():
        label = f"{name}!{info.filename}"
        if _is_furniture(info):
            continue
        try:
            _refuse(label, info)
            member = Source(label, partial(open_member, label, archive, info, limits))
            found.append(Member(member, _kind(member, limits)))
        except InputError as error:
            notes.append(f"left out: {error}")
    prose = [member for member in found if member.kind == "delimited" and is_prose(member.source)]
    if len(prose) < len(found):  # a text alone in its archive is what was meant
        notes += [f"left out: {member.source.name} is a text, not a table" for member in prose]
        found = [member for member in found if member not in prose]
    if not found:
        why = f" ({notes[0]})" if notes else ""
        raise InputError(f"{name} holds no file that can be read{why}")
    return found, notes[:NOTES_SHOWN]


def _is_furniture(info: zipfile.ZipInfo) -> bool:
    """Folders and what operating systems leave behind."""
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith(".") and part != ".." for part in parts)
    return not parts or info.is_dir() or hidden or "__MACOSX" in parts


def _refuse(name: str, info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise InputError(f"{name} has a path that leads out of the archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InputError(f"{name} is a link to another file")
    if info.flag_bits & ENCRYPTED:
        raise InputError(f"{name} is protected by a password; unpack it yourself")


def _kind(member: Source, limits: Limits) -> FileKind:
    kind = tell_kind(member, limits)
    if kind in ("zip", "gzip"):
        raise InputError(f"{member.name} is an archive within an archive; unpack it yourself")
    return kind
