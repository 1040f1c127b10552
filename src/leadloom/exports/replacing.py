"""Putting a whole new file in the place of an old one, or leaving the old one as it was."""

import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from leadloom.errors import LeadloomError, UsageError
from leadloom.storage.disk import settle

_CHUNK_BYTES: Final = 1 << 20


def replace_file(path: Path, fill: Callable[[BinaryIO], int]) -> tuple[int, bool]:
    """Let `fill` write a new file beside `path`, then put it in place in one step.

    Gives what `fill` returned and whether the bytes at `path` changed; equal bytes leave the old
    file untouched, its time included. A link is followed. When anything fails the old file stays.
    Raises UsageError when there is no such folder, LeadloomError when the place cannot be written.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise UsageError(
            f"Cannot write {path}: there is no folder {target.parent}, create it first."
        )
    fresh = target.with_name(f".leadloom-{secrets.token_hex(6)}.part")
    try:
        _refuse_unwritable(target, path)
        with open(fresh, "x+b") as file:
            result = fill(file)
            file.flush()
            os.fsync(file.fileno())
        if _is_same(fresh, target):
            return result, False
        if target.exists():
            fresh.chmod(target.stat().st_mode & 0o7777)
        os.replace(fresh, target)
        settle(target.parent)
        return result, True
    except OSError as error:
        raise LeadloomError(f"Cannot write {path}: {_problem(error, target)}.") from error
    finally:
        _remove(fresh)


def _refuse_unwritable(target: Path, path: Path) -> None:
    if target.exists() and not target.is_file():
        raise LeadloomError(f"Cannot write {path}: it is not a file, choose another name.")
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "read-only", str(target))


def _is_same(fresh: Path, target: Path) -> bool:
    try:
        if fresh.stat().st_size != target.stat().st_size:
            return False
        with fresh.open("rb") as new, target.open("rb") as old:
            while chunk := new.read(_CHUNK_BYTES):
                if chunk != old.read(_CHUNK_BYTES):
                    return False
    except OSError:  # no such file yet, or one that may be replaced but not read
        return False
    return True


def _problem(error: OSError, target: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full, free some space and export again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "writing there is not allowed or the file is open elsewhere, choose another place"
    return f"{error.strerror or error}, choose another place"


def _remove(fresh: Path) -> None:
    try:
        fresh.unlink(missing_ok=True)
    except OSError:  # the folder is gone or closed to us: nothing of ours is left to remove
        return
