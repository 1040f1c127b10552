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
from leadloom.storage.database import Database
from leadloom.storage.health import orphans
from leadloom.storage.health.damaged import DamagedFile, columns_of, destroyed
from leadloom.storage.health.legible import Legible, legible
from leadloom.storage.health.stray_pages import Text
from leadloom.storage.tables import metadata

OnTable = Callable[[str, int], None]

_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
# A gap between hashes is not searched finer than this part of all of them.
_FINEST = 2**64 >> 18
# So far into a gap every number is tried; from there on, steps grow with the gap. What they step
# over is found on its pages.
_CAREFUL, _STEPS = 4_096, 8

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
    if not db.file.is_file():
        raise DatabaseError(f"There is no database {db.label}: name the damaged one with --db.")
    if target.exists():
        raise ConflictError(f"{target} exists already: name another file.")
    part, pages = (target.with_name(target.name + end) for end in (".part", ".pages"))
    backup.remove_sqlite(part)
    try:
        with DamagedFile(db.file, pages) as old:
            tables = _save_all(old, part, on_table)
        with contextlib.closing(sqlite3.connect(part)) as conn:
            conn.execute("PRAGMA journal_mode=DELETE")
        part.replace(target)
    finally:
        backup.remove_sqlite(part)
    return RecoverReport(db.label, target, tables)


def _save_all(old: DamagedFile, target: Path, on_table: OnTable) -> list[Saved]:
    if not old.columns.keys() & metadata.tables.keys():
        raise destroyed(old.file, "it names no table of Leadloom's")
    with contextlib.closing(Database(f"sqlite:///{target}")) as new:
        schema.upgrade(new, old.revision)
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as conn:
        try:
            ours = columns_of(target, conn)
            conn.execute("BEGIN")
            for name in ours:
                conn.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of our own schema
            found = [
                _save(old, conn, name, [one for one in columns if one in old.columns[name]])
                if name in old.columns
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


def _save(old: DamagedFile, new: sqlite3.Connection, name: str, columns: Sequence[str]) -> Saved:
    """Copy what can be read of a table: what cannot be in a column is nothing, or a lost row."""
    marks = ", ".join("?" * len(columns))
    quoted = ", ".join(f'"{one}"' for one in columns)
    insert = f'INSERT INTO "{name}" ({quoted}) VALUES ({marks})'  # noqa: S608 - our own names
    known = legible(new, name)
    tests = [known[one] for one in columns]
    saved = gaps = 0
    garbled: list[int] = []
    for reader in _readers(old.conn, name, quoted, tests):
        for row in reader.rows():
            try:
                new.execute(insert, row)
                saved += 1
            except (sqlite3.IntegrityError, sqlite3.DataError):
                gaps += 1  # a damaged page may give what cannot be
        gaps += reader.gaps
        garbled += reader.garbled
    if gaps:
        saved += _save_strays(old, new, name, columns, tests, insert, garbled)
    last = _last_given(old.conn, name) if gaps else 0
    if last:
        new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, name))
    missing = max(last - saved, 0) if last else None
    return Saved(name, saved, missing if gaps else 0, gaps, [], garbled)


def _save_strays(
    old: DamagedFile,
    new: sqlite3.Connection,
    name: str,
    columns: Sequence[str],
    tests: Sequence[Legible],
    insert: str,
    garbled: list[int],
) -> int:
    """Copy the rows of a table that no way leads to, but for those that are there; count them."""
    order = [old.columns[name].index(one) for one in columns]
    is_sure = old.is_alone(name)
    id_at = columns.index("id") if "id" in columns else None
    saved = 0
    for key, values in old.stray_rows(name):
        row, is_whole = _mended([values[place] for place in order], tests)
        if id_at is not None and row[id_at] is None:  # SQLite keeps it as the rowid alone
            row[id_at] = key
        if not (is_whole or is_sure):
            continue  # another table's, perhaps
        try:
            new.execute(insert, row)
        except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError):
            continue  # read already, or what cannot be
        saved += 1
        garbled += [] if is_whole else [key]
    return saved


def _readers(
    old: sqlite3.Connection, name: str, columns: str, tests: Sequence[Legible]
) -> "list[_Reader]":
    """Return what reads a table: by its rowid, or by the hashes of each workspace."""
    select = f'{columns} FROM "{name}" NOT INDEXED WHERE'
    if _has_rowid(old, name):
        query = f"SELECT rowid, {select} rowid BETWEEN ? AND ? ORDER BY rowid"
        return [_Reader(old, query, (1, _last_given(old, name) or _HIGHEST), tests, finest=1)]
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


class _Reader:
    """Reads a table by ranges of a number, halving each range that cannot be read.

    `finest`: a range of so many numbers is halved no more, and is (part of) a gap.
    """

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
        dead_from: int | None = None
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
                    row, is_whole = _mended(values, self._tests)
                    self.garbled += [] if is_whole else [key]
                    yield tuple(row)
                dead_from = None
                continue
            except (sqlite3.DatabaseError, OverflowError):
                if reached is not None:
                    low, dead_from = reached + 1, None
            if high - low < self._grain(low, dead_from):
                self.gaps += not is_in_gap
                is_in_gap, dead_from = True, low if dead_from is None else dead_from
                continue
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)]

    def _grain(self, low: int, dead_from: int | None) -> int:
        """Return how many numbers are given up at once, where none could be read for so long."""
        width = 0 if dead_from is None else low - dead_from
        return self._finest if width < _CAREFUL * self._finest else width // _STEPS

    def _read(self, low: int, high: int) -> Iterator[Row]:
        self._old.text_factory = Text
        return self._old.execute(self._query, (low, high))


def _mended(values: Sequence[Any], tests: Sequence[Legible]) -> tuple[list[Any], bool]:
    """Return a row of what its columns can hold, and whether all bytes of it were right."""
    texts = [one.decode("utf-8", "replace") if type(one) is Text else one for one in values]
    row = [one if test(one) else None for one, test in zip(texts, tests, strict=True)]
    is_text = all(
        type(was) is not Text or was == one.encode() for was, one in zip(values, texts, strict=True)
    )
    return row, is_text and row == texts


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
