"""Looking after a database: fresh statistics, lean indexes, no wasted room, months made ahead."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.storage import mariadb, partitions, side_indexes, vectors, walls
from leadloom.storage.database import Database
from leadloom.storage.obstacles import is_in_the_way
from leadloom.storage.tables import metadata
from leadloom.storage.telling import telling

# Worth the work from this part of the file, or this multiple of what an index need be.
_WASTED = 0.1
_BLOATED = 2.0
_LEAST_INDEX = 8 * 1024 * 1024
_LEAST_FREE = 16 * 1024 * 1024
_UNKNOWN_WIDTH = 12
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done, what it came to, and the seconds it took."""

    name: str
    message: str
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return asdict(self)


def maintain(db: Database, *, is_full: bool = False) -> list[Step]:
    """Do what keeps a database fast and small, while others go on working; say what was done.

    `is_full`: rewrite it whole, so that nothing deleted is left in its files; others wait.
    """
    steps: list[tuple[str, Callable[[], str]]] = [
        ("cache", lambda: _drop_expired(db)),
        ("partitions", lambda: _make_ahead(db)),
        ("indexes", lambda: _reindex(db)),
        ("room", lambda: _vacuum(db, is_full)),
        ("statistics", lambda: _analyze(db)),
    ]
    done = []
    for name, do in steps:
        began = time.monotonic()
        with telling(db.label, db.file):
            message = do()
        done.append(Step(name, message, round(time.monotonic() - began, 3)))
    return done


def scrub(db: Database) -> bool:
    """Let nothing that was deleted be left in the database's files; return whether that is sure.

    SQLite's file is written anew; PostgreSQL's tables are vacuumed. It is not sure while others
    hold the database open for reading, nor where the server keeps logs of its own, nor where there
    is no room for another file.
    """
    if db.file:
        return _scrub_file(db)
    if _dialect(db) == "postgresql" and _may_alter(db):
        with _autocommit(db) as conn:
            conn.exec_driver_sql(f"VACUUM {', '.join(_tables(conn))}")
    return False


def _scrub_file(db: Database) -> bool:
    """What was to be deleted is: that it cannot be made sure of now is no failure of that."""
    try:
        with _sqlite(db) as conn:
            return _rewrite(conn)
    except sa.exc.OperationalError as error:
        if isinstance(error.orig, sqlite3.Error) and is_in_the_way(error.orig):
            return False
        raise


def _drop_expired(db: Database) -> str:
    gone = 0
    with db.write() as conn:
        for table in metadata.sorted_tables:
            # A record's facts expire where they are folded; the record itself stays.
            if "expires_at" in table.c and table.name != "records":
                late = table.delete().where(table.c.expires_at < db.now())
                gone += conn.execute(late).rowcount
    return f"{gone:,} expired entries dropped" if gone else "nothing had expired"


def _make_ahead(db: Database) -> str:
    if _dialect(db) != "postgresql":
        return "not cut into months here"
    with db.write() as conn:
        made = partitions.make_ahead(conn)
    if len(made) > _MOST_NAMED:
        return f"{len(made)} months made"
    return f"made {', '.join(made)}" if made else "made ahead already"


def _reindex(db: Database) -> str:
    if _dialect(db) != "postgresql":
        return "made anew along with their tables, when those are"
    if not _may_alter(db):
        return "left: only who owns the tables may"
    made = [*side_indexes.build(db.engine), *vectors.build_indexes(db)]
    with _autocommit(db) as conn:
        bloated = [row.name for row in conn.execute(sa.text(_INDEXES)) if _is_bloated(row)]
        for name in bloated:
            conn.exec_driver_sql(f"REINDEX INDEX CONCURRENTLY {name}")
    done = [f"made: {', '.join(made)}"] if made else []
    done += [f"made anew: {', '.join(bloated)}"] if bloated else []
    return "; ".join(done) or "lean already"


# Size of each B-tree, how many entries it has and how wide their keys are, where that is known.
_INDEXES = f"""
SELECT c.oid::regclass::text AS name, pg_relation_size(c.oid) AS size,
  greatest(c.reltuples, 0) AS entries,
  (SELECT sum(coalesce(s.avg_width, {_UNKNOWN_WIDTH}))
   FROM unnest(i.indkey::int[]) AS k(attnum)
   LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
   LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = t.relname
     AND s.attname = a.attname) AS width
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree'
WHERE n.nspname = current_schema() AND c.relkind = 'i' AND i.indisvalid
"""  # noqa: S608 - nothing from outside


def _is_bloated(row: Any) -> bool:
    """Compare an index with what its entries need: the key, 12 bytes with it, pages 9/10 full."""
    needed = row.entries * (float(row.width or _UNKNOWN_WIDTH) + 12) / 0.9
    return bool(row.size > _LEAST_INDEX and row.size > _BLOATED * needed)


def _vacuum(db: Database, is_full: bool) -> str:
    if db.file:
        with _sqlite(db) as conn:
            return _vacuum_sqlite(conn, is_full)
    if _dialect(db) == mariadb.NAME:
        return _optimize_mariadb(db, is_full)
    if not _may_alter(db):
        return "left to the server: only who owns the tables may"
    with _autocommit(db) as conn:
        how = "VACUUM (FULL)" if is_full else "VACUUM"
        conn.exec_driver_sql(f"{how} {', '.join(_tables(conn))}")
    return "all tables written anew" if is_full else "what was deleted gives its room back"


def _vacuum_sqlite(conn: sqlite3.Connection, is_full: bool) -> str:
    free, pages, size = (
        _pragma(conn, name) for name in ("freelist_count", "page_count", "page_size")
    )
    if not is_full and (free * size < _LEAST_FREE or free < pages * _WASTED):
        conn.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return f"{free * size / 1e6:.1f} MB free inside: not worth writing it anew"
    is_sure = _rewrite(conn)
    kept = (pages - _pragma(conn, "page_count")) * size / 1e6
    return f"written anew, {kept:.1f} MB given back" + (
        "" if is_sure else "; somebody is reading the old pages still"
    )


def _rewrite(conn: sqlite3.Connection) -> bool:
    """Write the whole file anew; return whether nothing of the old one is left in the log."""
    conn.execute("PRAGMA secure_delete=ON")
    conn.execute("PRAGMA temp_store=FILE")  # the copy can be larger than the memory
    try:
        conn.execute("VACUUM")
    finally:
        conn.execute("PRAGMA temp_store=MEMORY")
    busy, _, _ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _optimize_mariadb(db: Database, is_full: bool) -> str:
    query = sa.text(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
        " AND table_type = 'BASE TABLE' AND (:is_full OR (data_free > :least"
        " AND data_free > :part * (data_length + index_length)))"
    )
    with _autocommit(db) as conn:
        values = {"is_full": is_full, "least": _LEAST_FREE, "part": _WASTED}
        quote = conn.dialect.identifier_preparer.quote
        wasteful = [quote(name) for name in conn.scalars(query, values)]
        for name in wasteful:
            conn.exec_driver_sql(f"OPTIMIZE TABLE {name}").all()
    return f"{len(wasteful)} tables written anew" if wasteful else "no table wastes much"


def _analyze(db: Database) -> str:
    if db.file:
        with _sqlite(db) as conn:
            conn.execute("PRAGMA analysis_limit=1000")
            conn.execute("ANALYZE")
        return "the planner knows the data"
    if _dialect(db) == "postgresql" and not _may_alter(db):
        return "left to the server: only who owns the tables may"
    with _autocommit(db) as conn:
        word = "ANALYZE TABLE" if _dialect(db) == mariadb.NAME else "ANALYZE"
        done = conn.exec_driver_sql(f"{word} {', '.join(_tables(conn))}")
        if done.returns_rows:
            done.all()
    return "the planner knows the data"


def _tables(conn: sa.Connection) -> list[str]:
    there = set(sa.inspect(conn).get_table_names())
    quote = conn.dialect.identifier_preparer.quote
    return [quote(name) for name in metadata.tables if name in there]


def _may_alter(db: Database) -> bool:
    with db.read() as conn:
        standing = walls.standing(conn)
    return standing is None or standing.is_above or standing.is_owner


def _dialect(db: Database) -> str:
    return db.engine.dialect.name


def _pragma(conn: sqlite3.Connection, name: str) -> int:
    value: int = conn.execute(f"PRAGMA {name}").fetchone()[0]
    return value


@contextlib.contextmanager
def _sqlite(db: Database) -> Iterator[sqlite3.Connection]:
    """A connection outside of any transaction."""
    raw = db.engine.raw_connection()
    try:
        driver: Any = raw.driver_connection
        yield driver
    except sqlite3.Error as error:
        raise sa.exc.OperationalError(None, None, error) from error
    finally:
        raw.close()


@contextlib.contextmanager
def _autocommit(db: Database) -> Iterator[sa.Connection]:
    with db.engine.connect() as conn:
        yield conn.execution_options(isolation_level="AUTOCOMMIT")
