"""Files on the disk: what lasts through a power cut, and how SQLite is told of one."""

import os
from pathlib import Path


def sqlite_uri(path: Path, how: str) -> str:
    """Return a file's address for SQLite, whatever its name: `how` is "mode=ro", "immutable=1"."""
    return f"{path.absolute().as_uri()}?{how}"


def settle(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk, where the system can say."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return  # a folder cannot be opened there
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
