"""What a database holds and how it is used: sizes, indexes that nobody uses, slow queries."""

import sqlite3
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from leadloom.storage import mariadb
from leadloom.storage.database import Database
from leadloom.storage.tables import metadata

_SLOWEST = 10


@dataclass(frozen=True, slots=True)
class IndexFigures:
    """An index: its bytes, and how often it was used since the server began to count."""

    name: str
    bytes: int | None
    uses: int | None


@dataclass(frozen=True, slots=True)
class TableFigures:
    """A table: its rows (the server's estimate where counting is dear), its bytes, its indexes."""

    name: str
    rows: int
    bytes: int | None
    index_bytes: int | None
    indexes: list[IndexFigures] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SlowQuery:
    """A kind of query, how often it ran and how long it takes."""

    query: str
    calls: int
    mean_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True)
class Figures:
    """A database in figures, the largest table first; `notes` say what could not be learnt."""

    database: str
    bytes: int
    free_bytes: int | None
    tables: list[TableFigures]
    slow_queries: list[SlowQuery]
    notes: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return asdict(self)


def measure(db: Database) -> Figures:
    """Measure a database."""
    with db.read() as conn:
        if db.file:
            return _measure_sqlite(db, conn)
        if conn.dialect.name == mariadb.NAME:
            return _measure_mariadb(db, conn)
        return _measure_postgresql(db, conn)


def _figures(
    db: Database,
    size: int,
    free: int | None,
    tables: list[TableFigures],
    slow: list[SlowQuery],
    *notes: str | None,
) -> Figures:
    tables.sort(key=lambda one: (-(one.bytes or 0) - (one.index_bytes or 0), -one.rows, one.name))
    return Figures(db.label, size, free, tables, slow, [note for note in notes if note])


def _measure_sqlite(db: Database, conn: sa.Connection) -> Figures:
    page, pages, free = (
        conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        for name in ("page_size", "page_count", "freelist_count")
    )
    sizes = _dbstat(conn)
    indexes: dict[str, list[IndexFigures]] = defaultdict(list)
    known = conn.exec_driver_sql("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'")
    for name, table in known:
        indexes[table].append(IndexFigures(name, sizes.get(name) if sizes else None, None))
    tables = [
        TableFigures(
            name,
            conn.scalar(sa.select(sa.func.count()).select_from(metadata.tables[name])) or 0,
            sizes.get(name, 0) if sizes else None,
            sum(one.bytes or 0 for one in indexes[name]) if sizes else None,
            indexes[name],
        )
        for name in _there(conn)
    ]
    lacking = "this SQLite was built without dbstat: no sizes of single tables"
    note = lacking if sizes is None else None
    return _figures(db, page * pages, page * free, tables, [], note)


def _dbstat(conn: sa.Connection) -> dict[str, int] | None:
    """Return the bytes of every table and index; None where SQLite was built without dbstat."""
    try:
        rows = conn.exec_driver_sql("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE")
        return {row.name: row.pgsize for row in rows}
    except sa.exc.OperationalError as error:
        if isinstance(error.orig, sqlite3.OperationalError) and "dbstat" in str(error.orig):
            return None
        raise


_TABLES = """
WITH RECURSIVE whole AS (
  SELECT c.oid, c.relname AS name FROM pg_class c
  WHERE c.relnamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
), part AS (
  SELECT oid, name FROM whole
  UNION ALL
  SELECT h.inhrelid, part.name FROM part JOIN pg_inherits h ON h.inhparent = part.oid
)
SELECT part.name, sum(greatest(c.reltuples, 0)) AS entries, sum(pg_table_size(c.oid)) AS size,
  sum(pg_indexes_size(c.oid)) AS indexes
FROM part JOIN pg_class c ON c.oid = part.oid WHERE c.relkind = 'r' GROUP BY part.name
"""
_INDEXES = """
SELECT relname AS of, indexrelname AS name, pg_relation_size(indexrelid) AS size, idx_scan AS uses
FROM pg_stat_user_indexes WHERE schemaname = current_schema() ORDER BY indexrelname
"""
_SLOW = """
SELECT query, calls, mean_exec_time AS mean_ms, total_exec_time AS total_ms
FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY mean_exec_time DESC LIMIT :count
"""


def _measure_postgresql(db: Database, conn: sa.Connection) -> Figures:
    indexes: dict[str, list[IndexFigures]] = defaultdict(list)
    for row in conn.execute(sa.text(_INDEXES)):
        indexes[row.of].append(IndexFigures(row.name, row.size, row.uses))
    tables = [
        TableFigures(row.name, int(row.entries), int(row.size), int(row.indexes), indexes[row.name])
        for row in conn.execute(sa.text(_TABLES))
        if row.name in metadata.tables
    ]
    size = conn.scalar(sa.text("SELECT pg_database_size(current_database())"))
    extension = sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'")
    if not conn.scalar(extension):
        lacking = "slow queries are known where the extension pg_stat_statements is there"
        return _figures(db, int(size or 0), None, tables, [], lacking)
    slow, note = _slow(conn, _SLOW)
    return _figures(db, int(size or 0), None, tables, slow, note)


def _slow(conn: sa.Connection, query: str) -> tuple[list[SlowQuery], str | None]:
    """Read what the server knows of slow queries; it may not tell everybody."""
    try:
        with conn.begin_nested():
            rows = conn.execute(sa.text(query), {"count": _SLOWEST}).all()
    except sa.exc.DBAPIError as error:
        return [], f"slow queries are not told: {str(error.orig).splitlines()[0]}"
    slow = [
        SlowQuery(
            " ".join(str(row.query).split()), int(row.calls), *map(_ms, (row.mean_ms, row.total_ms))
        )
        for row in rows
    ]
    return slow, None


def _ms(value: Any) -> float:
    return round(float(value), 3)


_MARIADB_TABLES = """
SELECT table_name AS name, table_rows AS entries, data_length AS size, index_length AS indexes,
  data_free AS free
FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
"""
_MARIADB_INDEXES = """
SELECT DISTINCT table_name AS of_table, index_name AS name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY' ORDER BY index_name
"""
_MARIADB_SLOW = """
SELECT digest_text AS query, count_star AS calls, avg_timer_wait / 1e9 AS mean_ms,
  sum_timer_wait / 1e9 AS total_ms
FROM performance_schema.events_statements_summary_by_digest
WHERE schema_name = DATABASE() AND digest_text IS NOT NULL ORDER BY avg_timer_wait DESC LIMIT :count
"""


def _measure_mariadb(db: Database, conn: sa.Connection) -> Figures:
    indexes: dict[str, list[IndexFigures]] = defaultdict(list)
    for row in conn.execute(sa.text(_MARIADB_INDEXES)):
        indexes[row.of_table].append(IndexFigures(row.name, None, None))
    rows = [row for row in conn.execute(sa.text(_MARIADB_TABLES)) if row.name in metadata.tables]
    tables = [
        TableFigures(
            row.name, int(row.entries or 0), int(row.size), int(row.indexes), indexes[row.name]
        )
        for row in rows
    ]
    size = sum((one.bytes or 0) + (one.index_bytes or 0) for one in tables)
    slow, note = _slow(conn, _MARIADB_SLOW)
    if not slow and note is None:
        note = "slow queries are known where the server keeps its performance schema"
    return _figures(db, size, sum(int(row.free or 0) for row in rows), tables, slow, note)


def _there(conn: sa.Connection) -> list[str]:
    there = set(sa.inspect(conn).get_table_names())
    return [name for name in metadata.tables if name in there]
