"""Is the database itself sound? Pages, constraints, counters, and references to what is gone."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from leadloom.errors import DatabaseError, SchemaError
from leadloom.storage import schema
from leadloom.storage.backups import counters, rotation
from leadloom.storage.backups.canonical import canonical_lines
from leadloom.storage.backups.layout import Layout, layouts
from leadloom.storage.backups.progress import UNFINISHED
from leadloom.storage.backups.source import read_batches
from leadloom.storage.database import Database
from leadloom.storage.disk import sqlite_uri
from leadloom.storage.health.orphans import references
from leadloom.storage.obstacles import is_in_the_way
from leadloom.storage.tables import metadata
from leadloom.storage.telling import telling, wrapped

OnCheck = Callable[[str, int], None]

_MOST_LINES = 20
_CANNOT_BE_READ = "cannot be read"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: where, what, and how many rows it concerns."""

    table: str | None
    problem: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at and what was found; `advice` says what to do about it."""

    database: str
    is_full: bool
    tables: int
    findings: list[Finding]
    advice: str | None = None


Probe = Callable[[sa.Connection], Iterator[Finding]]
"""Looks for what only others than the storage know to be wrong."""


def check(
    db: Database,
    *,
    full: bool = False,
    on_check: OnCheck = lambda step, done: None,
    probes: Sequence[Probe] = (),
) -> CheckReport:
    """Look for damage. `full` also compares every index with its table and reads every value.

    `probes` look as well, in full, where the tables are as this version makes them.

    Raises DatabaseError when there is no database or it cannot be reached, SchemaError when it is
    not Leadloom's.
    """
    if db.file and not db.file.is_file():
        raise DatabaseError(f"There is no database {db.label}: name one that exists with --db.")
    on_check("Looking at the pages", 0)
    damage = list(_damage(db, full=full))
    if db.file and damage:
        return CheckReport(db.label, full, 0, damage, _how_to_recover(db))
    tables, findings = _contents(db, probes if full else (), full=full, on_check=on_check)
    findings = [*damage, *findings]
    return CheckReport(
        db.label, full, tables, findings, _how_to_mend(db, findings) if findings else None
    )


def _contents(
    db: Database, probes: Sequence[Probe], *, full: bool, on_check: OnCheck
) -> tuple[int, list[Finding]]:
    at = schema.current(db)
    if at is None:
        raise SchemaError(f"{db.label} holds nothing of Leadloom's: name another database.")
    if at == UNFINISHED:
        told = "a copy into it is not finished: finish it with the same command and --resume"
        return 0, [Finding(None, told)]
    findings: list[Finding] = []
    with db.read() as conn:
        there = layouts(conn)
        for seen, one in enumerate(there):
            on_check("Looking at the tables", seen)
            findings += _of_table(conn, one)
            if full:
                findings += _unreadable(conn, one)
        findings += _orphans(conn, {one.name for one in there})
        findings += _missing(conn, at)
        for probe in probes if at == schema.HEAD else ():
            on_check("Looking at what was received", len(there))
            findings += probe(conn)
    return len(there), findings


def _of_table(conn: sa.Connection, one: Layout) -> Iterator[Finding]:
    """Compare a table's counter with its rows."""
    if not one.has_counter:
        return
    highest = counters.highest(conn, one.table)
    if counters.given(conn, one) < highest:
        yield Finding(one.name, f"the next row would get a number that is taken (up to {highest})")


def _unreadable(conn: sa.Connection, one: Layout) -> Iterator[Finding]:
    """Read every value of a table."""
    seen = 0
    try:
        for rows in read_batches(conn, one.table, one.columns):
            canonical_lines(rows, one.kinds)
            seen += len(rows)
    except Exception as error:
        if isinstance(error, sa.exc.DBAPIError) and conn.dialect.name != "sqlite":
            raise
        reason = getattr(error, "orig", error)
        yield Finding(one.name, f"a row after the first {seen:,} {_CANNOT_BE_READ} ({reason})")


def _orphans(conn: sa.Connection, there: set[str]) -> Iterator[Finding]:
    """Count the rows that name one that is not there."""
    for one in references():
        table = one.column.table
        if {table.name, one.target.name} <= there:
            count = conn.scalar(sa.select(sa.func.count()).select_from(table).where(one.missing()))
            if count:
                what = f"{one.column.name} names rows of {one.target.name} that are not there"
                yield Finding(table.name, what, count)


def _missing(conn: sa.Connection, at: str) -> Iterator[Finding]:
    """Look for tables and indexes that the schema should have."""
    if at != schema.HEAD:
        return
    inspector = sa.inspect(conn)
    there = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            yield Finding(table.name, "the table is missing")
            continue
        found = {one["name"] for one in inspector.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in found:
                yield Finding(table.name, f"the index {index.name} is missing")


def _damage(db: Database, *, full: bool) -> Iterator[Finding]:
    """Ask the database itself whether what it stores is sound."""
    if db.file:
        yield from _sqlite_damage(db, db.file, full=full)
        return
    with db.read() as conn:
        if conn.dialect.name == "postgresql":
            yield from _postgresql_damage(conn, full=full)
        else:
            yield from _mysql_damage(conn, full=full)


def _sqlite_damage(db: Database, file: Path, *, full: bool) -> Iterator[Finding]:
    pragma = "integrity_check" if full else "quick_check"
    try:
        with contextlib.closing(sqlite3.connect(sqlite_uri(file, "mode=rw"), uri=True)) as conn:
            for (line,) in conn.execute(f"PRAGMA {pragma}({_MOST_LINES})"):
                if line != "ok":
                    yield Finding(None, " ".join(line.split()))
    except sqlite3.Error as error:
        if is_in_the_way(error):
            with telling(db.label, db.file):
                raise wrapped(error) from error
        yield Finding(None, str(error))


_INVALID = """
SELECT t.relname, i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid WHERE NOT x.indisvalid AND pg_table_is_visible(t.oid)
"""
_NOT_VALIDATED = """
SELECT t.relname, c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE NOT c.convalidated AND pg_table_is_visible(t.oid)
"""
_FAILURES = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
_INDEXES = """
SELECT t.relname, i.oid FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid JOIN pg_am a ON a.oid = i.relam
WHERE a.amname = 'btree' AND i.relkind = 'i' AND x.indisvalid AND pg_table_is_visible(t.oid)
AND t.relnamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
"""


def _postgresql_damage(conn: sa.Connection, *, full: bool) -> Iterator[Finding]:
    for table, index in conn.execute(sa.text(_INVALID)):
        yield Finding(table, f"the index {index} was not finished: REINDEX INDEX {index}")
    for table, constraint in conn.execute(sa.text(_NOT_VALIDATED)):
        yield Finding(table, f"the constraint {constraint} was never checked on what was there")
    if failures := conn.scalar(sa.text(_FAILURES)):
        yield Finding(None, "the server found pages whose checksum does not fit", failures)
    has_amcheck = conn.scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'"))
    if not (full and has_amcheck):
        return
    for table, oid in conn.execute(sa.text(_INDEXES)).all():
        try:
            with conn.begin_nested():
                conn.execute(
                    sa.text("SELECT bt_index_check(CAST(:oid AS oid), true)"), {"oid": oid}
                )
        except sa.exc.DBAPIError as error:
            yield Finding(table, str(error.orig).strip().split("\n")[0])


def _mysql_damage(conn: sa.Connection, *, full: bool) -> Iterator[Finding]:
    quote = conn.dialect.identifier_preparer.quote
    how = "EXTENDED" if full else "QUICK"
    for name in sa.inspect(conn).get_table_names():
        for row in conn.exec_driver_sql(f"CHECK TABLE {quote(name)} {how}"):
            if row[2].lower() in ("error", "warning"):
                yield Finding(name, str(row[3]))


def _how_to_recover(db: Database) -> str:
    """Return what to do with a damaged file; the newest sound backup is named if there is one."""
    newest = next(iter(rotation.taken(db)), None)
    saving = "`leadloom db recover --to NEW-FILE` saves what can still be read"
    if newest is None:
        return f"Do not write to it any more. {saving}."
    return (
        f"Do not write to it any more. {saving}; or go back to the last backup with "
        f"`leadloom db restore {newest.path} --force` (the damaged file is kept)."
    )


def _how_to_mend(db: Database, findings: list[Finding]) -> str:
    if any("is missing" in one.problem for one in findings):
        return "Something else changed the schema: restore a backup, or copy the data elsewhere."
    if db.file and any(_CANNOT_BE_READ in one.problem for one in findings):
        return _how_to_recover(db)
    return (
        "Take a backup first (`leadloom db backup`), then copy the data into a new database with "
        "`leadloom db copy --to`, or restore the last sound backup."
    )
