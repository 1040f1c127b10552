"""Where the engine keeps its state: beside a SQLite file, in a PostgreSQL schema of its own.

MariaDB it does not know: there the state is a SQLite file in the data folder, so workers of one
machine share it and those of another do not. What was done is in the database all the same.
"""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from leadloom.storage.database import Database, data_folder

SCHEMA = "leadloom_jobs"
# Work sent by one release is done by any other: what a job is, is told by its name and data.
VERSION = "leadloom-1"
_BUSY_MS = 30_000


def file_of(db: Database) -> Path | None:
    """Return the SQLite file that holds the engine's state; None where a server holds it."""
    if db.file:
        return db.file.with_name(f"{db.file.name}-jobs")
    if db.url.get_backend_name() == "postgresql":
        return None
    name = hashlib.blake2b(db.label.encode(), digest_size=8).hexdigest()
    return data_folder() / f"jobs-{name}.db"


def is_there(db: Database) -> bool:
    """Whether the engine has kept anything yet."""
    file = file_of(db)
    if file is not None:
        return file.exists()
    with db.read() as conn:
        return sa.inspect(conn).has_table("workflow_status", schema=SCHEMA)


def open_engine(db: Database) -> sa.Engine:
    """Return an engine on the state; SQLite's waits for nobody's commit longer than it must."""
    file = file_of(db)
    if file is None:
        return sa.create_engine(db.url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        f"sqlite:///{file}", connect_args={"check_same_thread": False}, pool_size=10
    )
    sa.event.listen(engine, "connect", _set_up)
    return engine


@contextlib.contextmanager
def making_tables(engine: sa.Engine) -> Iterator[None]:
    """Wait for the disk once, and not after each of the steps that make the tables.

    SQLite makes them in one transaction, PostgreSQL in seventy. Its log is written in order: the
    next commit that waits takes these along, and what a crash cuts off is made at the next start.
    """
    if engine.dialect.name != "postgresql":
        yield
        return

    def begin(conn: sa.Connection) -> None:
        conn.exec_driver_sql("SET LOCAL synchronous_commit TO off")

    sa.event.listen(engine, "begin", begin)
    try:
        yield
    finally:
        sa.event.remove(engine, "begin", begin)


def _set_up(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


class JobError(Exception):
    """Why a job failed, as it was kept."""


def dump(data: Any) -> str:
    """Return what the engine keeps as JSON: nothing that is read back can be code."""
    if isinstance(data, JobError):
        data = {"~error": str(data)}
    elif isinstance(data, BaseException):
        data = {"~error": f"{type(data).__name__}: {data}"}
    return json.dumps(data, default=str)


def load(text: str) -> Any:
    """Read what `dump` wrote."""
    data = json.loads(text)
    if isinstance(data, dict) and "~error" in data:
        return JobError(data["~error"])
    return data
