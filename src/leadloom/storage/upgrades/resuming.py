"""A change of the schema that was cut short on MariaDB goes on where it stopped.

MariaDB commits around every change of a table, so a process that dies half-way leaves half a
migration. A marker says so until the whole is done; while it is found, what a migration finds done
already is passed over. SQLite and PostgreSQL take back all of it themselves and need none of this.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.errors import SchemaError
from leadloom.storage import mariadb

MARKER = "leadloom_migration"
_RESUMING = "leadloom_resuming"
# MariaDB's numbers for "is there already" and "is gone already": tables, columns, keys, checks.
_DONE_ALREADY = {1005, 1022, 1050, 1051, 1060, 1061, 1068, 1091, 1826, 3822}

_marker = sa.Table(
    MARKER,
    sa.MetaData(),
    sa.Column("verb", sa.String(16), primary_key=True),
    sa.Column("target", sa.String(32), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Cut:
    """The change of the schema that did not come to its end."""

    verb: str
    target: str


def cut_short(conn: sa.Connection) -> Cut | None:
    """Return what was cut short in this database, or None."""
    if conn.dialect.name != mariadb.NAME or not sa.inspect(conn).has_table(MARKER):
        return None
    row = conn.execute(sa.select(_marker)).first()
    return Cut(row.verb, row.target) if row else Cut("upgrade", "")


def refuse_half(label: str, cut: Cut | None) -> None:
    """Raise SchemaError when the schema is half-way down; half-way up it goes on by itself."""
    if cut is not None and cut.verb == "downgrade":
        raise SchemaError(
            f"Taking the database {label} down to {cut.target} was cut short: finish it with "
            f"`leadloom db downgrade {cut.target} --allow-data-loss`, or restore a backup."
        )


@contextlib.contextmanager
def resumable(conn: sa.Connection, verb: str, target: str) -> Iterator[None]:
    """Change the schema inside, so that it can be begun again after whatever stops it."""
    if conn.dialect.name != mariadb.NAME:
        yield
        return
    told = conn.info  # of the connection as it is now: the server may be gone in the end
    told[_RESUMING] = cut_short(conn) is not None
    try:
        _marker.create(conn, checkfirst=True)
        conn.execute(_marker.delete())
        conn.execute(_marker.insert().values(verb=verb, target=target))
        _teach_alembic()
        yield
        _marker.drop(conn)
    finally:
        told.pop(_RESUMING, None)


def is_resuming(conn: sa.Connection) -> bool:
    """Whether half of the schema may be there already."""
    return bool(conn.info.get(_RESUMING))


def _teach_alembic() -> None:
    """Let Alembic pass over what is done already, in a database where a migration was cut short."""
    from alembic.ddl.mysql import MySQLImpl

    if any(one.__name__ == "_Resuming" for one in MySQLImpl.__subclasses__()):
        return

    class _Resuming(MySQLImpl):
        __dialect__ = mariadb.NAME  # with this Alembic takes it for the server's own

        def _exec(self, *given: Any, **named: Any) -> Any:
            try:
                return super()._exec(*given, **named)
            except sa.exc.DBAPIError as error:
                bind = self.connection
                number = error.orig.args[0] if error.orig and error.orig.args else None
                if bind is None or number not in _DONE_ALREADY or not is_resuming(bind):
                    raise
                return None
