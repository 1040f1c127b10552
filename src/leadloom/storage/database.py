"""The database: where it is, how it is opened, and its two kinds of transaction."""

import contextlib
import datetime as dt
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa

from leadloom.errors import DatabaseError, UsageError
from leadloom.storage import dialect, mariadb
from leadloom.storage.telling import telling
from leadloom.storage.types import dump_json, load_json

# In what is no address: whatever stands before the last @ may be a secret.
_PASSWORD = re.compile(r":(?!//).*@")


def default_url() -> str:
    """Return `LEADLOOM_DB`, or a SQLite file in the user's data folder."""
    return os.environ.get("LEADLOOM_DB") or f"sqlite:///{data_folder() / 'leadloom.db'}"


def data_folder() -> Path:
    """Return the folder of this user's data, per platform convention."""
    return Path(platformdirs.user_data_dir("leadloom", appauthor=False))


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction: its connection, its clock, who acts, and in whose workspace.

    Every verb takes one; nothing below reads an ambient clock, user or connection.
    """

    conn: sa.Connection
    now: dt.datetime
    workspace_id: int
    user_id: int

    def stamp(self) -> dict[str, Any]:
        """Return the audit columns of a new row."""
        return {
            "created_at": self.now,
            "updated_at": self.now,
            "created_by": self.user_id,
            "updated_by": self.user_id,
        }

    def touch(self) -> dict[str, Any]:
        """Return the audit columns of a changed row."""
        return {"updated_at": self.now, "updated_by": self.user_id}


class Database:
    """An open database. `read()` and `write()` give connections; a write is one transaction."""

    def __init__(self, url: str | None = None) -> None:
        """Open `url` (default: see `default_url`); nothing is created before the first use.

        Raises UsageError for a URL that names no database Leadloom works on.
        """
        self.url = parse_url(url or default_url())
        self.file = _sqlite_file(self.url)
        try:
            self.engine = sa.create_engine(
                self.url,
                json_serializer=dump_json,
                json_deserializer=load_json,
                **dialect.engine_options(self.url),
            )
        except ValueError as error:
            raise UsageError(f"The database address has an option of no use: {error}.") from error
        dialect.prepare(self.engine)
        self._is_closed = False
        sa.event.listen(self.engine, "checkin", self._take_back)
        self._last_tick = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._tick_lock = threading.Lock()

    @property
    def label(self) -> str:
        """What to call this database in a message; never holds a password."""
        if self.file:
            return str(self.file)
        shown = self.url.set(drivername=self.url.get_backend_name())
        return shown.render_as_string(hide_password=True)

    @property
    def folder(self) -> Path:
        """Where files that belong to this database go (problems, backups)."""
        return self.file.parent if self.file else data_folder()

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent view of the data; whatever was done in it is rolled back."""
        with telling(self.label, self.file), self.engine.connect() as conn:
            dialect.reading(conn)
            yield conn

    @contextlib.contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that commits at the end, or leaves nothing when it fails."""
        with telling(self.label, self.file), self.engine.connect() as conn, dialect.writing(conn):
            yield conn
            conn.commit()

    @contextlib.contextmanager
    def rehearse(self) -> Iterator[sa.Connection]:
        """A transaction that sees its own changes and leaves nothing at the end."""
        with telling(self.label, self.file), self.engine.connect() as conn, dialect.writing(conn):
            yield conn
            conn.rollback()

    def now(self) -> dt.datetime:
        """Return the time, in UTC, strictly later than any time this object gave before."""
        with self._tick_lock:
            now = dt.datetime.now(dt.UTC)
            self._last_tick = max(now, self._last_tick + dt.timedelta(microseconds=1))
            return self._last_tick

    def close(self) -> None:
        """Give back every connection; one that is still in use, when it comes back."""
        self._is_closed = True
        self.engine.dispose()

    def _take_back(self, _: Any, record: sa.pool.ConnectionPoolEntry) -> None:
        if self._is_closed:
            record.invalidate()


def parse_url(url: str) -> sa.URL:
    """Return the URL of a database given as a URL or as a path of a SQLite file.

    MariaDB is `mysql` inside, as SQLAlchemy calls what the two servers share.
    """
    if "://" not in url:
        url = f"sqlite:///{url}"
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        shown = _PASSWORD.sub(":***@", url.partition("?")[0])
        raise UsageError(
            f"{shown!r} is not a database address: write sqlite:///leads.db, "
            "postgresql://user:password@host:5432/name or mariadb://user:password@host:3306/name."
        ) from error
    parsed = _with_password(parsed)
    backend = parsed.get_backend_name()
    if backend == "postgres":
        parsed = parsed.set(drivername="postgresql")
        backend = "postgresql"
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend in ("mysql", "mariadb"):
        return _mariadb_url(parsed)
    if backend != "sqlite":
        raise UsageError(
            f"Leadloom does not work on {backend!r} databases: use sqlite:///, postgresql:// "
            "or mariadb://."
        )
    return parsed


def _with_password(url: sa.URL) -> sa.URL:
    """Put a password written as an option where it is known to be one, and never shown."""
    found = [url.query[name] for name in ("password", "passwd") if name in url.query]
    if not found:
        return url
    secret = found[-1] if isinstance(found[-1], str) else found[-1][-1]
    return url.difference_update_query(["password", "passwd"]).set(password=secret)


def _mariadb_url(url: sa.URL) -> sa.URL:
    if not url.database:
        raise UsageError(
            f"{url.render_as_string()!r} names no database: write mariadb://user@host/name."
        )
    return url.set(drivername=f"{mariadb.NAME}+pymysql").difference_update_query(["charset"])


def _sqlite_file(url: sa.URL) -> Path | None:
    if url.get_backend_name() != "sqlite":
        return None
    if url.database in (None, "", ":memory:"):
        raise UsageError(
            "An in-memory database is lost at the end: name a file, sqlite:///leads.db."
        )
    path = Path(url.database or "").absolute()
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file in it, such as {path / 'leads.db'}.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The folder {path.parent} cannot be made ({error.strerror}): "
            "name another place with --db or LEADLOOM_DB."
        ) from error
    return path
