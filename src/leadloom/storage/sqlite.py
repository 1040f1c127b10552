"""What only SQLite needs: settings of a connection, and whose turn it is to write."""

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from leadloom.storage import turnstile
from leadloom.storage.telling import StillBusyError, wrapped

PATIENCE_S = 30.0
"""How long who wants to write waits for others."""

_POLL_S = 0.002
# Of the file, what a connection holds in memory: who writes goes to and fro, while many read at a
# time, and the system keeps what they read as well.
_WRITING_KIB, _READING_KIB = 64 * 1024, 16 * 1024
# Pages (of 4 KiB) of the log before they are put in their place. A page that several transactions
# changed is put there once: with SQLite's own 1,000 that was done after each batch of an import.
_LOG_PAGES = 16_384
_SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    f"wal_autocheckpoint={_LOG_PAGES}",
)


def set_up(engine: sa.Engine) -> None:
    """Make each connection of an engine ready, and begin its transactions as they are meant."""

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        # SQLite's own knows only ASCII; the same letters must be the same on every database.
        connection.create_function("lower", 1, _lower, deterministic=True)
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")

    @sa.event.listens_for(engine, "begin")
    def _begin(conn: sa.Connection) -> None:
        is_write = bool(conn.get_execution_options().get("leadloom_write"))
        driver: Any = conn.connection.driver_connection
        driver.execute(f"PRAGMA cache_size=-{_WRITING_KIB if is_write else _READING_KIB}")
        if is_write:
            _begin_immediate(conn)
        else:
            conn.exec_driver_sql("BEGIN")


def _lower(text: Any) -> Any:
    """Lower each letter by itself, as the other databases do; Python looks at its neighbours."""
    if not isinstance(text, str):
        return text
    if text.isascii():
        return text.lower()
    return "".join("i" if letter == "\u0130" else letter.lower() for letter in text)


def _begin_immediate(conn: sa.Connection) -> None:
    """Begin to write to a SQLite file when it is this one's turn, and the writer before is done."""
    file = Path(conn.engine.url.database or "")
    deadline = time.monotonic() + PATIENCE_S
    driver: Any = conn.connection.driver_connection
    with turnstile.turn(file, PATIENCE_S):
        # SQLite itself looks every 100 ms: too long for those behind.
        driver.execute("PRAGMA busy_timeout=0")
        try:
            while not _has_begun(driver) and time.monotonic() < deadline:
                time.sleep(_POLL_S)
        finally:
            driver.execute(f"PRAGMA busy_timeout={PATIENCE_S * 1000:.0f}")
        if not driver.in_transaction:
            raise StillBusyError


def _has_begun(driver: sqlite3.Connection) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise wrapped(error) from error
        return False
    return True
