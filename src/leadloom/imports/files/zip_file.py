"""Zip files, opened and inflated within limits."""

import io
import zipfile
from typing import IO, cast

from leadloom.errors import InputError
from leadloom.imports.files.source import BLOCK, DAMAGED, Inflatable, Inflated, refuse_bomb
from leadloom.imports.files.table import Limits


def open_zip(name: str, stream: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """Open a zip file. Raises InputError when it is damaged, or declares to be a bomb."""
    try:
        archive = zipfile.ZipFile(stream)
    except (*DAMAGED, ValueError, OSError) as error:
        raise InputError(f"{name} is damaged or cut off; get a fresh copy") from error
    members = archive.infolist()
    if len(members) > limits.members:
        raise InputError(f"{name} holds {len(members):,} files, more than {limits.members:,}")
    declared = sum(member.file_size for member in members)
    compressed = sum(member.compress_size for member in members)
    refuse_bomb(name, declared, compressed, limits)
    return archive


def open_member(
    name: str, archive: zipfile.ZipFile, member: str | zipfile.ZipInfo, limits: Limits
) -> io.BufferedReader:
    """A member's bytes, counted while they are inflated. Raises InputError when it has none."""
    try:
        info = archive.getinfo(member) if isinstance(member, str) else member
        inner = archive.open(info)
    except KeyError as error:
        raise InputError(f"{name} is damaged: {member} is missing; save it again") from error
    except RuntimeError as error:  # what zipfile says of passwords
        raise InputError(f"{name} is protected by a password; save it without one") from error
    except (*DAMAGED, ValueError, OSError) as error:
        raise InputError(f"{name} is damaged or cut off; get a fresh copy") from error
    inflated = Inflated(name, cast(Inflatable, inner), lambda: info.compress_size, limits)
    return io.BufferedReader(inflated, BLOCK)
