"""How far a copy into a database has come, kept in that database until it is whole."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from leadloom.errors import ConflictError
from leadloom.storage.backups.canonical import Digest

# What stands for the revision while a copy is not whole: no version of Leadloom works with it.
UNFINISHED = "unfinished"
PROGRESS = "copy_progress"

_HEADER = "*"

_version = sa.table("alembic_version", sa.column("version_num"))
_progress = sa.Table(
    PROGRESS,
    sa.MetaData(),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    sa.Column("content_hash", sa.String(255), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a copy is made from: its revision, and what tells it from others."""

    revision: str
    identity: str


def begin(conn: sa.Connection, origin: Origin, tables: Iterable[str]) -> None:
    """Mark the database as unfinished, nothing copied yet."""
    _progress.create(conn, checkfirst=True)
    conn.execute(_progress.delete())
    rows = [{"name": name, "row_count": 0, "content_hash": "0"} for name in tables]
    told = f"{origin.revision} {origin.identity}"
    rows.append({"name": _HEADER, "row_count": 0, "content_hash": told})
    conn.execute(_progress.insert(), rows)
    conn.execute(_version.update().values(version_num=UNFINISHED))


def revision(conn: sa.Connection) -> str | None:
    """Return the revision of the tables, also while a copy into them is not finished."""
    found: str | None = conn.scalar(sa.select(_version.c.version_num))
    return origin(conn).revision if found == UNFINISHED else found


def origin(conn: sa.Connection) -> Origin:
    """Return what the unfinished copy in the database is made from."""
    told = conn.scalar(sa.select(_progress.c.content_hash).where(_progress.c.name == _HEADER))
    first, _, identity = str(told).partition(" ")
    return Origin(first, identity)


def reached(conn: sa.Connection, table: str) -> Digest:
    """Return what was copied of a table so far."""
    query = sa.select(_progress.c.row_count, _progress.c.content_hash)
    row = conn.execute(query.where(_progress.c.name == table)).one()
    return Digest.at(row.row_count, row.content_hash)


def advance(conn: sa.Connection, table: str, before: int, now: Digest) -> None:
    """Write down what was copied of a table, in the transaction that copied it.

    Raises ConflictError when somebody else moved it meanwhile.
    """
    moved = conn.execute(
        _progress.update()
        .where(_progress.c.name == table, _progress.c.row_count == before)
        .values(row_count=now.rows, content_hash=now.hash)
    )
    if moved.rowcount != 1 and before != now.rows:
        raise ConflictError(
            "Another copy is being written into the same database: let one of them finish."
        )


def forget(conn: sa.Connection, tables: Iterable[str]) -> None:
    """Write down that nothing of some tables is there any more."""
    conn.execute(
        _progress.update()
        .where(_progress.c.name.in_(list(tables)))
        .values(row_count=0, content_hash="0")
    )


def finish(conn: sa.Connection, at: str) -> None:
    """Declare the database whole: it can be worked with from now on."""
    conn.execute(_version.update().values(version_num=at))
    _progress.drop(conn, checkfirst=True)
