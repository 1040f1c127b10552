"""Reading everything a database holds from one consistent view."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from leadloom.errors import DatabaseError, SchemaError
from leadloom.storage import walls
from leadloom.storage.backups import counters
from leadloom.storage.backups.layout import layouts
from leadloom.storage.backups.progress import UNFINISHED, Origin
from leadloom.storage.database import Database

Rows = Sequence[Sequence[Any]]

_BATCH = 2_000


class Source(Protocol):
    """What a database is filled from: another database, or a portable backup."""

    label: str
    origin: Origin

    def kinds(self, table: str) -> Mapping[str, str]:
        """Return the columns that a table has here, with the kind of each."""

    def batches(self, table: str, columns: Sequence[str]) -> Iterator[Rows]:
        """Give the rows of a table in the order of its key: always the same order."""

    def counters(self) -> Mapping[str, int]:
        """Return the last number given to a row, by table."""

    def tables(self) -> Sequence[str]:
        """Return the names of the tables, those that others point to first."""


class DatabaseSource:
    """A database as it is at one moment, whatever is written to it meanwhile."""

    def __init__(self, label: str, conn: sa.Connection, found_origin: Origin) -> None:
        self.label = label
        self.origin = found_origin
        self.conn = conn
        self.layouts = {one.name: one for one in layouts(conn)}

    def tables(self) -> Sequence[str]:
        """Return the names of the tables, those that others point to first."""
        return list(self.layouts)

    def kinds(self, table: str) -> Mapping[str, str]:
        """Return the columns of a table, with the kind of each."""
        found = self.layouts[table]
        return dict(zip(found.columns, found.kinds, strict=True))

    def batches(self, table: str, columns: Sequence[str]) -> Iterator[Rows]:
        """Give the rows of a table in the order of its key."""
        yield from read_batches(self.conn, self.layouts[table].table, columns)

    def counters(self) -> Mapping[str, int]:
        """Return the last number given to a row, by table."""
        return counters.read(self.conn, self.layouts.values())


def read_batches(conn: sa.Connection, table: sa.Table, columns: Sequence[str]) -> Iterator[Rows]:
    """Give the rows of a table in the order of its key, a few thousand at a time."""
    query = sa.select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
    streaming = conn.execution_options(stream_results=True, yield_per=_BATCH)
    with contextlib.closing(streaming.execute(query)) as result:
        for rows in result.partitions():
            yield [tuple(row) for row in rows]


@contextlib.contextmanager
def open_source(db: Database) -> Iterator[DatabaseSource]:
    """Open a database for reading all of it, as it is now; others go on writing.

    Raises DatabaseError when there is none, SchemaError when it is not Leadloom's or not whole.
    """
    if db.file and not db.file.exists():
        raise DatabaseError(f"There is no database {db.label}: name one that exists with --db.")
    with db.read() as conn:
        found_origin = _origin(db, conn)
        _check_sight(db, conn)
        yield DatabaseSource(db.label, conn, found_origin)


def _check_sight(db: Database, conn: sa.Connection) -> None:
    """Raise DatabaseError for a role that sees the rows of some workspaces alone."""
    standing = walls.standing(conn)
    if standing and not (standing.is_above or standing.is_owner):
        raise DatabaseError(
            f"The role {standing.role!r} does not see all that {db.label} holds: use the address "
            "of the role that owns its tables."
        )


def _origin(db: Database, conn: sa.Connection) -> Origin:
    if not sa.inspect(conn).has_table("alembic_version"):
        raise SchemaError(f"{db.label} holds nothing of Leadloom's: name another database.")
    revision = conn.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if revision is None:
        raise SchemaError(f"{db.label} was taken down to nothing: there is nothing to read.")
    if revision == UNFINISHED:
        raise SchemaError(
            f"{db.label} holds an unfinished copy: finish it first with "
            "`leadloom db copy --resume`, or take another database."
        )
    first = conn.execute(sa.text("SELECT uuid FROM workspaces ORDER BY id LIMIT 1")).scalar()
    identity = first.hex() if isinstance(first, bytes) else str(first)
    return Origin(str(revision), f"{conn.dialect.name} {identity}")
