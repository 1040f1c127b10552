"""A disk of its own with little room on it, in memory."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SIZE = 24 * 1024 * 1024


class Disk:
    """A folder on a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextlib.contextmanager
    def full(self, leaving: int = 0) -> Iterator[None]:
        """Leave only so many bytes of room inside."""
        ballast = self.folder / "ballast"
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(self.folder).free - leaving)
        try:
            yield
        finally:
            ballast.unlink()


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Mount a disk at `folder`, or skip the test where nobody may."""
    folder.mkdir()
    if not _run("mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=1777", "tmpfs", str(folder)):
        pytest.skip("only root mounts a disk; `test_backup.py` limits the size of files instead")
    try:
        yield Disk(folder)
    finally:
        _run("umount", "--lazy", str(folder))


def _run(*command: str) -> bool:
    as_root = () if os.geteuid() == 0 else ("sudo", "--non-interactive")
    with contextlib.suppress(FileNotFoundError):
        done = subprocess.run([*as_root, *command], capture_output=True, check=False)
        return done.returncode == 0
    return False
