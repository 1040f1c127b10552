"""The bell that rings when something was committed: LISTEN/NOTIFY on PostgreSQL, polling elsewhere.

A ring only says that it is worth looking; what happened is read from the tables. So a ring that is
lost costs a moment, and one too many costs a look.
"""

import contextlib
import time
from collections.abc import Iterable
from typing import Any, Protocol

import sqlalchemy as sa

from leadloom.storage.database import Database
from leadloom.storage.types import dump_json

CHANNEL = "leadloom_events"

# A look at least this often, should a ring be lost (a pooler that drops LISTEN, say).
_LOOK_S = 5.0
_SQLITE_POLL_S = 0.05
_POLL_S = 0.25


class Bell(Protocol):
    """Waits until it is worth looking again, or until `timeout_s` is over."""

    def wait(self, timeout_s: float) -> None:
        """Return soon after something was committed; for no reason too, at times."""

    def close(self) -> None:
        """Stop listening."""


def ring(conn: sa.Connection, payloads: Iterable[dict[str, Any]]) -> None:
    """Tell who listens, when this transaction is committed; where nobody can listen, do nothing."""
    if conn.dialect.name != "postgresql":
        return
    notices = [sa.func.pg_notify(CHANNEL, dump_json(payload)) for payload in payloads]
    if notices:
        conn.execute(sa.select(*notices))


def last_given(conn: sa.Connection, table: sa.Table) -> int:
    """Return the key this transaction's last new row of `table` got (on PostgreSQL)."""
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    return int(conn.scalar(sa.select(sa.func.currval(sequence))) or 0)


def hears(conn: sa.Connection) -> bool:
    """Whether a ring is heard on this kind of database."""
    return conn.dialect.name == "postgresql"


def open_bell(db: Database) -> Bell:
    """Listen to a database from now on."""
    kinds: dict[str, type[Any]] = {"postgresql": _Notified, "sqlite": _Watched}
    bell: Bell = kinds.get(db.engine.dialect.name, _Polled)(db)
    return bell


class _Notified:
    """PostgreSQL tells it; a connection that breaks is made again."""

    def __init__(self, db: Database) -> None:
        # Not imported: it takes 9 MB and 0.1 s of each process, and laptops never need it.
        self._psycopg: Any = db.engine.dialect.loaded_dbapi
        self._arguments = db.engine.dialect.create_connect_args(db.url)
        self._connection = self._open()

    def wait(self, timeout_s: float) -> None:
        """Wait for a notification."""
        try:
            self._connection = self._connection or self._open()
            for _ in self._connection.notifies(timeout=min(timeout_s, _LOOK_S), stop_after=1):
                pass
        except self._psycopg.Error:
            self.close()
            time.sleep(min(timeout_s, _POLL_S))

    def close(self) -> None:
        """Give the connection back."""
        if self._connection:
            with contextlib.suppress(self._psycopg.Error):
                self._connection.close()
        self._connection = None

    def _open(self) -> Any:
        args, options = self._arguments
        options = {"connect_timeout": 10, **options, "autocommit": True}
        connection = self._psycopg.connect(*args, **options)
        connection.execute(f"LISTEN {CHANNEL}")
        return connection


class _Watched:
    """SQLite counts the commits of others: asking for the count reads no page of the file."""

    def __init__(self, db: Database) -> None:
        self._pooled = db.engine.raw_connection()
        self._driver: Any = self._pooled.driver_connection
        self._seen = self._version()

    def wait(self, timeout_s: float) -> None:
        """Wait for the count to move."""
        deadline = time.monotonic() + timeout_s
        while (version := self._version()) == self._seen and time.monotonic() < deadline:
            time.sleep(min(_SQLITE_POLL_S, timeout_s))
        self._seen = version

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()

    def _version(self) -> int:
        version: int = self._driver.execute("PRAGMA data_version").fetchone()[0]
        return version


class _Polled:
    """Elsewhere looking is all there is; asking for rows after a key is cheap."""

    def __init__(self, db: Database) -> None:
        pass

    def wait(self, timeout_s: float) -> None:
        """Wait a moment."""
        time.sleep(min(timeout_s, _POLL_S))

    def close(self) -> None:
        """There is nothing to give back."""
