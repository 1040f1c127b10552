"""What lasts through a power cut."""

import os
from pathlib import Path


def settle(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk, where the system can say."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return  # a folder cannot be opened there
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
