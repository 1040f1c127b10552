"""Whose turn it is to write to a SQLite file.

SQLite's own waiting does not queue: who commits and begins again at once, as an import does, goes
before everybody who sleeps between two looks. Here a writer takes a lock on a small file beside the
database *until it may write*; who comes later finds it taken and stands behind.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]

# The longer somebody has waited, the more often he looks: so who came first mostly goes first.
_LAZY_S = 0.02
_EAGER_S = 0.001
_EAGER_AFTER_S = 0.1


def path_of(database: Path) -> Path:
    """Return the file that writers of `database` queue at; it holds nothing and stays."""
    return database.with_name(database.name + "-turn")


@contextlib.contextmanager
def turn(database: Path, patience_s: float) -> Iterator[None]:
    """Stand in the queue; inside, nobody else begins to write. To be left once writing began.

    After `patience_s` it goes on without: SQLite itself then says who is in the way.
    """
    handle = _open(path_of(database))
    if handle is None:
        yield
        return
    try:
        _wait(handle, patience_s)
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int | None:
    """Return a handle; None where the queue's file cannot be made (a read-only folder)."""
    if fcntl is None:
        return None
    with contextlib.suppress(OSError):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    return None


def _wait(handle: int, patience_s: float) -> None:
    began = time.monotonic()
    while (waited := time.monotonic() - began) < patience_s:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(_EAGER_S if waited > _EAGER_AFTER_S else _LAZY_S)
