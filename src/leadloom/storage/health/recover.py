"""Saving what can be saved from a damaged SQLite file: row by row, round the damaged pages."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leadloom.errors import ConflictError, DatabaseError, UsageError
from leadloom.storage import schema
from leadloom.storage.backups import backup, container
from leadloom.storage.backups.progress import PROGRESS
from leadloom.storage.database import Database
from leadloom.storage.dialect import wrapped
from leadloom.storage.disk import sqlite_uri
from leadloom.storage.health import orphans
from leadloom.storage.health.legible import Legible, legible
from leadloom.storage.obstacles import is_in_the_way
from leadloom.storage.tables import metadata
from leadloom.storage.telling import telling

OnTable = Callable[[str, int], None]

_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
# A gap between hashes is not searched finer than this part of all of them.
_FINEST = 2**64 >> 18
# Where nothing says how many rows a table had.
_MANY = 1_000_000
_BATCH = 1_000
# What SQLite says where it may not write beside the file.
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_NO_ROWS_OF_OURS = frozenset({"alembic_version", PROGRESS})

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a table: the rows saved, those lost, the places where some were lost.

    `lost` counts at most: of keys that are gone nobody knows whether a row was deleted before. It
    is None where rows have no numbers. `made_up` are the keys of rows that had to be made up
    because others name them, `garbled` those of rows with bytes that are no text.
    """

    name: str
    rows: int
    lost: int | None
    gaps: int
    made_up: list[int]
    garbled: list[int]


@dataclass(frozen=True, slots=True)
class RecoverReport:
    """What was saved where."""

    source: str
    target: Path
    tables: list[Saved]

    @property
    def is_whole(self) -> bool:
        """Whether every row of every table could be read."""
        return not any(one.gaps or one.made_up or one.garbled for one in self.tables)


def recover(
    db: Database, target: Path, *, on_table: OnTable = lambda step, done: None
) -> RecoverReport:
    """Save the rows of the SQLite file of `db` that can still be read into a new file.

    The damaged file is only read. Raises ConflictError when the new file exists, UsageError for a
    database on a server, DatabaseError when nothing can be read.
    """
    if db.file is None:
        raise UsageError(
            f"{db.label} is on a server: restore a backup, or ask who looks after the server."
        )
    if not db.file.exists():
        raise DatabaseError(f"There is no database {db.label}: name the damaged one with --db.")
    if target.exists():
        raise ConflictError(f"{target} exists already: name another file.")
    part = target.with_name(target.name + ".part")
    backup.remove_sqlite(part)
    try:
        with contextlib.closing(_open_damaged(db.file)) as old:
            tables = _save_all(db.file, old, part, on_table)
        with contextlib.closing(sqlite3.connect(part)) as conn:
            conn.execute("PRAGMA journal_mode=DELETE")
        part.replace(target)
    finally:
        backup.remove_sqlite(part)
    return RecoverReport(db.label, target, tables)


def _open_damaged(file: Path) -> sqlite3.Connection:
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


def _save_all(file: Path, old: sqlite3.Connection, target: Path, on_table: OnTable) -> list[Saved]:
    there = _tables(file, old)
    if not there.keys() & metadata.tables.keys():
        raise _destroyed(file, "it names no table of Leadloom's")
    with contextlib.closing(Database(f"sqlite:///{target}")) as new:
        schema.upgrade(new, _revision(old))
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as conn:
        try:
            ours = _tables(target, conn)
            conn.execute("BEGIN")
            for name in ours:
                conn.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of our own schema
            found = [
                _save(old, conn, name, [one for one in columns if one in there.get(name, ())])
                if name in there
                else Saved(name, 0, None, 1, [], [])
                for name, columns in _telling(ours, on_table)
            ]
            conn.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise container.no_room(target, error) from error
    with contextlib.closing(Database(f"sqlite:///{target}")) as new:
        before = schema.upgrade(new)
        if before:
            before.unlink()  # the damaged file is the backup
        made_up = orphans.adopt(new)
    return [replace(one, made_up=made_up.get(one.name, [])) for one in found]


def _telling(tables: dict[str, list[str]], on_table: OnTable) -> Iterator[tuple[str, list[str]]]:
    for seen, (name, columns) in enumerate(tables.items()):
        on_table(name, seen)
        yield name, columns


def _tables(file: Path, conn: sqlite3.Connection) -> dict[str, list[str]]:
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
        raise _destroyed(file, str(error)) from error


def _destroyed(file: Path, reason: str) -> DatabaseError:
    return DatabaseError(
        f"The beginning of {file} is destroyed ({reason}), which says where everything else is: "
        "restore a backup with `leadloom db restore`."
    )


def _unreadable(file: Path, error: sqlite3.Error) -> DatabaseError:
    return DatabaseError(
        f"{file} cannot be read ({error}): check that it is a file and is yours, or restore a "
        "backup with `leadloom db restore`."
    )


def _revision(old: sqlite3.Connection) -> str:
    """Return the revision of the file; the newest when that cannot be read any more."""
    with contextlib.suppress(sqlite3.Error):
        row = old.execute("SELECT version_num FROM alembic_version").fetchone()
        if row and row[0] in schema.revisions():
            return str(row[0])
    return schema.HEAD


def _save(
    old: sqlite3.Connection, new: sqlite3.Connection, name: str, columns: Sequence[str]
) -> Saved:
    """Copy what can be read of a table: what cannot be in a column is nothing, or a lost row."""
    marks = ", ".join("?" * len(columns))
    quoted = ", ".join(f'"{one}"' for one in columns)
    insert = f'INSERT INTO "{name}" ({quoted}) VALUES ({marks})'  # noqa: S608 - our own names
    known = legible(new, name)
    tests = [known[one] for one in columns]
    saved = gaps = 0
    garbled: list[int] = []
    for reader in _readers(old, name, quoted, tests):
        for row in reader.rows():
            try:
                new.execute(insert, row)
                saved += 1
            except (sqlite3.IntegrityError, sqlite3.DataError):
                gaps += 1  # a damaged page may give what cannot be
        gaps += reader.gaps
        garbled += reader.garbled
    last = _last_given(old, name) if gaps else 0
    if last:
        new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, name))
    missing = max(last - saved, 0) if last else None
    return Saved(name, saved, missing if gaps else 0, gaps, [], garbled)


def _readers(
    old: sqlite3.Connection, name: str, columns: str, tests: Sequence[Legible]
) -> "list[_Reader]":
    """Return what reads a table: by its rowid, or by the hashes of each workspace."""
    select = f'{columns} FROM "{name}" NOT INDEXED WHERE'
    if _has_rowid(old, name):
        query = f"SELECT rowid, {select} rowid BETWEEN ? AND ? ORDER BY rowid"
        return [_Reader(old, query, (1, _last_given(old, name) or _MANY), tests, finest=1)]
    return [
        _Reader(
            old,
            f"SELECT hash, {select} workspace_id = {owner} AND hash BETWEEN ? AND ? ORDER BY hash",
            (_LOWEST, _HIGHEST),
            tests,
            finest=_FINEST,
        )
        for owner in _workspaces(old)
    ]


class _Text(bytes):
    """A text as it lies in the file: it may not be one any more."""


class _Reader:
    """Reads a table by ranges of a number, halving each range that cannot be read."""

    def __init__(
        self,
        old: sqlite3.Connection,
        query: str,
        bounds: tuple[int, int],
        tests: Sequence[Legible],
        *,
        finest: int,
    ) -> None:
        self._old = old
        self._query = query
        self._bounds = bounds
        self._tests = tests
        self._finest = finest
        self.gaps = 0
        self.garbled: list[int] = []

    def rows(self) -> Iterator[Row]:
        """Give every row that can be read, in order, and count the gaps between them."""
        ranges = [self._bounds]
        is_in_gap = False
        is_own = self._finest == 1  # a number is one row's, a hash may be several rows'
        while ranges:
            low, high = ranges.pop()
            reached = None
            try:
                for key, *values in self._read(low, high):
                    # A damaged page may give keys that were not asked for, the same for ever.
                    if not low <= key <= high or (reached is not None and key < reached + is_own):
                        raise sqlite3.DatabaseError("keys out of order")
                    reached, is_in_gap = key, False
                    yield self._mended(key, values)
                continue
            except (sqlite3.DatabaseError, OverflowError):
                low = low if reached is None else reached + 1
            if high - low < self._finest:
                self.gaps += not is_in_gap
                is_in_gap = True
                continue
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)]

    def _read(self, low: int, high: int) -> Iterator[Row]:
        self._old.text_factory = _Text
        return self._old.execute(self._query, (low, high))

    def _mended(self, key: int, values: list[Any]) -> Row:
        """Return a row of what its columns can hold; note it when bytes of it were wrong."""
        texts = [one.decode("utf-8", "replace") if type(one) is _Text else one for one in values]
        row = [one if test(one) else None for one, test in zip(texts, self._tests, strict=True)]
        is_text = all(
            type(was) is not _Text or was == one.encode()
            for was, one in zip(values, texts, strict=True)
        )
        if row != texts or not is_text:
            self.garbled.append(key)
        return tuple(row)


def _has_rowid(old: sqlite3.Connection, name: str) -> bool:
    try:
        old.execute(f'SELECT rowid FROM "{name}" LIMIT 0')  # noqa: S608
    except sqlite3.Error as error:
        return "no such column" not in str(error)
    return True


def _last_given(old: sqlite3.Connection, name: str) -> int:
    """Return the last number that a table gave to a row; 0 when that cannot be read."""
    with contextlib.suppress(sqlite3.Error):
        row = old.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0
    return 0


def _workspaces(old: sqlite3.Connection) -> list[int]:
    with contextlib.suppress(sqlite3.Error):
        return [int(key) for (key,) in old.execute("SELECT id FROM workspaces")] or [1]
    return list(range(1, 101))
