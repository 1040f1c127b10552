"""Changing the schema of a server that others are working with.

A statement that waits for a lock makes everybody behind it wait too, so it waits briefly, gives up
and tries again; on PostgreSQL an index is built while others go on writing.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa

from leadloom.errors import DatabaseError
from leadloom.storage import mariadb
from leadloom.storage.database import Database

T = TypeVar("T")

_PATIENCE_MS = 1_000
_ATTEMPTS = 20
_PAUSE_S = 0.25
_LOCK_NOT_AVAILABLE = "55P03"
# A change of the schema gives up for good after so long.
_CHANGE_S = 30.0
# As each server says that a lock was not free, or that two waited for each other.
_IN_THE_WAY = {_LOCK_NOT_AVAILABLE, "40P01", 1205, 1213}


def is_lock_timeout(error: sa.exc.DBAPIError) -> bool:
    """Whether a statement gave up waiting for a lock."""
    return getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE


@contextlib.contextmanager
def briefly(conn: sa.Connection, milliseconds: int = _PATIENCE_MS) -> Iterator[None]:
    """A savepoint in which no statement waits longer than this for a lock.

    Elsewhere than on PostgreSQL it does nothing: there, nobody else is in the way of a writer.
    """
    if conn.dialect.name != "postgresql":
        yield
        return
    before = conn.scalar(sa.text("SELECT current_setting('lock_timeout')"))
    with conn.begin_nested():
        _set_patience(conn, f"{milliseconds}ms")
        yield
    _set_patience(conn, before)


def patiently(conn: sa.Connection, change: Callable[[], T], attempts: int = _ATTEMPTS) -> T:
    """Make a change that needs a strong lock: wait a second for it, let others through, try again.

    Raises OperationalError when it is never free for so many attempts.
    """
    for left in reversed(range(attempts)):
        try:
            with briefly(conn):
                return change()
        except sa.exc.OperationalError as error:
            if not left or not is_lock_timeout(error):
                raise
        time.sleep(_PAUSE_S)
    raise ValueError("A change needs one attempt at least.")


def change(db: Database, made: Callable[[sa.Connection], None]) -> None:
    """Change the schema in one transaction, holding nobody up for much longer than a second.

    Where somebody is in the way for longer, the locks that were taken go back, those who stand
    behind are let through, and all of it is made again. Raises DatabaseError after half a minute.
    """

    def once() -> None:
        with db.write() as conn, _hurrying(conn):
            made(conn)

    insisting(once)


def insisting(do: Callable[[], T]) -> T:
    """Do something that others may be in the way of, again and again, for half a minute.

    Who copies a database, or fills a table, may wait for one who changes the schema and be waited
    for by him; a server then lets one of the two fail. Raises DatabaseError.
    """
    deadline = time.monotonic() + _CHANGE_S
    while True:
        try:
            return do()
        except DatabaseError as error:
            if time.monotonic() > deadline or not _is_in_the_way(error):
                raise
        time.sleep(_PATIENCE_MS / 1_000)


def _is_in_the_way(failed: DatabaseError) -> bool:
    error = failed.__cause__
    told = error.orig if isinstance(error, sa.exc.DBAPIError) else None
    number = told.args[0] if told and told.args else None
    if {getattr(told, "sqlstate", None), number} & _IN_THE_WAY:
        return True
    return told is None and "deadlock detected" in str(failed)  # as PostgreSQL's own programs say


@contextlib.contextmanager
def _hurrying(conn: sa.Connection) -> Iterator[None]:
    """Let no statement of this transaction wait for long."""
    if conn.dialect.name == "postgresql":
        _set_patience(conn, f"{_PATIENCE_MS}ms")
    if conn.dialect.name != mariadb.NAME:
        yield
        return
    mariadb.wait_for_tables(conn, _PATIENCE_MS // 1_000)
    try:
        yield
    finally:
        with contextlib.suppress(sa.exc.SQLAlchemyError):  # a connection that is gone
            mariadb.wait_for_tables(conn)


def build_index(engine: sa.Engine, index: sa.Index, wait_s: float = 0) -> None:
    """Build an index of a table that others go on reading and writing; one that is there stays.

    PostgreSQL builds it beside them (`CONCURRENTLY`), outside any transaction; what a build that
    was killed left behind is swept away first. Elsewhere it is made in one piece. `wait_s`: how
    long others may be in the way, 0 for as long as it takes; then it raises OperationalError.
    """
    if engine.dialect.name != "postgresql":
        with engine.begin() as conn:
            if index.name not in _index_names(conn, index):
                index.create(conn)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        name = conn.dialect.identifier_preparer.quote(str(index.name))
        is_valid = conn.scalar(sa.text(_VALID), {"name": name})
        if is_valid:
            return
        conn.execute(
            sa.text("SELECT set_config('lock_timeout', :wait, false)"), {"wait": f"{wait_s}s"}
        )
        try:
            if is_valid is not None:
                conn.exec_driver_sql(f"DROP INDEX CONCURRENTLY {name}")
            conn.exec_driver_sql(_concurrently(index, conn.dialect))
        finally:
            conn.exec_driver_sql("RESET lock_timeout")


_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"


def _concurrently(index: sa.Index, dialect: sa.Dialect) -> str:
    """Return the statement that builds the index, whatever its own options say."""
    statement = str(sa.schema.CreateIndex(index).compile(dialect=dialect))
    unique = "UNIQUE " if index.unique else ""
    head = f"CREATE {unique}INDEX "
    return statement.replace(head, f"{head}CONCURRENTLY ", 1)


def _index_names(conn: sa.Connection, index: sa.Index) -> set[Any]:
    assert index.table is not None
    return {one["name"] for one in sa.inspect(conn).get_indexes(index.table.name)}


def _set_patience(conn: sa.Connection, value: Any) -> None:
    conn.execute(sa.select(sa.func.set_config("lock_timeout", value, True)))
