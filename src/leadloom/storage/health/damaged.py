"""A damaged SQLite file: opened though it is, and what it still says of itself."""

import contextlib
import mmap
import sqlite3
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from leadloom.errors import DatabaseError
from leadloom.storage import schema
from leadloom.storage.backups.progress import PROGRESS
from leadloom.storage.disk import sqlite_uri
from leadloom.storage.health.stray_pages import StrayPages
from leadloom.storage.obstacles import is_in_the_way
from leadloom.storage.telling import telling, wrapped

# What SQLite says where it may not write beside the file.
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_NO_ROWS_OF_OURS = frozenset({"alembic_version", PROGRESS})


class DamagedFile:
    """The damaged file: open to be read, and its pages as they lie in it; it is never written to.

    Where changes lie beside it, they are put together with it at `pages`, which is deleted again.
    Raises DatabaseError when nothing can be read.
    """

    def __init__(self, file: Path, pages: Path) -> None:
        self.file = file
        self.conn = _open(file)
        try:
            self.columns = columns_of(file, self.conn)
        except DatabaseError:
            self.conn.close()
            raise
        self._pages = pages

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.conn.close()
        self._pages.unlink(missing_ok=True)

    @property
    def revision(self) -> str:
        """The revision of the schema; the newest when that cannot be read any more."""
        with contextlib.suppress(sqlite3.Error):
            row = self.conn.execute("SELECT version_num FROM alembic_version").fetchone()
            if row and row[0] in schema.revisions():
                return str(row[0])
        return schema.HEAD

    def stray_rows(self, table: str) -> Iterator[tuple[int, list[Any]]]:
        """Yield the rowid and the values of rows that no way leads to and that may be a table's."""
        with contextlib.suppress(sqlite3.Error, OSError, ValueError):
            yield from self._strays.rows(len(self.columns[table]))

    def is_alone(self, table: str) -> bool:
        """Whether no other table has as many columns."""
        widths = [len(columns) for columns in self.columns.values()]
        return widths.count(len(self.columns[table])) == 1

    @cached_property
    def _strays(self) -> StrayPages:
        self.conn.text_factory = str
        roots = "SELECT rootpage FROM sqlite_master WHERE type = 'table'"
        found = [1, *(int(page) for (page,) in self.conn.execute(roots))]
        file = self.file
        if _has_log(file):
            file = self._pages
            with contextlib.closing(sqlite3.connect(file)) as whole:
                self.conn.backup(whole)
        with file.open("rb") as opened:
            return StrayPages(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ), found)


def _open(file: Path) -> sqlite3.Connection:
    """Open the file to be read only. Raises DatabaseError when something else is in the way."""
    conn = _connect(file, "mode=ro")
    try:
        conn.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in _UNWRITABLE and not _has_log(file):
            # Where nothing can be written beside it, nobody else can be writing to it either.
            conn.close()
            conn = _connect(file, "immutable=1")
        elif is_in_the_way(error):
            conn.close()
            with telling(str(file), file):
                raise wrapped(error) from error
    # Go on though the schema, or the length of the file, is not what it should be.
    conn.execute("PRAGMA writable_schema=ON")
    # Ask of each cell whether it lies within its page, rather than trust it.
    conn.execute("PRAGMA cell_size_check=ON")
    return conn


def _connect(file: Path, how: str) -> sqlite3.Connection:
    try:
        return sqlite3.connect(sqlite_uri(file, how), uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise _unreadable(file, error) from error


def _has_log(file: Path) -> bool:
    """Whether changes may lie beside the file that are not in it yet."""
    log = file.with_name(file.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def columns_of(file: Path, conn: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the tables with rows of ours, and their columns. Raises DatabaseError."""
    query = (
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    columns = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0"
    conn.text_factory = lambda name: name.decode("utf-8", "replace")
    try:
        names = [str(name) for (name,) in conn.execute(query).fetchall()]
        return {
            name: [str(one) for (one,) in conn.execute(columns, (name,))]
            for name in names
            if name not in _NO_ROWS_OF_OURS
        }
    except sqlite3.Error as error:
        raise destroyed(file, str(error)) from error


def destroyed(file: Path, reason: str) -> DatabaseError:
    """Return what to tell of a file that says nothing of what is in it any more."""
    return DatabaseError(
        f"The beginning of {file} is destroyed ({reason}), which says where everything else is: "
        "restore a backup with `leadloom db restore`."
    )


def _unreadable(file: Path, error: sqlite3.Error) -> DatabaseError:
    return DatabaseError(
        f"{file} cannot be read ({error}): check that it is a file and is yours, or restore a "
        "backup with `leadloom db restore`."
    )
