"""Backups of the whole database, taken while others go on working, and checked after writing."""

import contextlib
import datetime as dt
import re
import sqlite3
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from leadloom.errors import ConflictError, DatabaseError
from leadloom.storage.backups import container, pgtools, portable
from leadloom.storage.backups.container import Writer
from leadloom.storage.backups.source import open_source
from leadloom.storage.database import Database
from leadloom.storage.disk import sqlite_uri

# What a backup holds: a SQLite file, what pg_dump writes, or every table as lines of JSON.
SQLITE, POSTGRESQL, TABLES = "sqlite", "postgresql", "tables"
INNER = {SQLITE: "leadloom.db", POSTGRESQL: "leadloom.dump"}

SUFFIX = ".backup"
FORMAT = 1
KEY_NOTICE = (
    "The secret key is not in the backup: keep LEADLOOM_SECRET_KEY, or the key file, elsewhere."
)

# Whoever still writes a backup has written to it since.
_ABANDONED_S = 24 * 60 * 60.0

OnStep = Callable[[str, int], None]


def take(
    db: Database,
    label: str = "",
    target: Path | None = None,
    *,
    is_portable: bool = False,
    on_step: OnStep = lambda step, done: None,
) -> Path:
    """Write a backup of `db` while others go on working, check it, and return its path.

    `target` defaults to `backups/` beside the database. A portable one goes into any kind of
    database; else SQLite gives its file and PostgreSQL what `pg_dump` writes, where that is
    installed and fits the server. Raises ConflictError when the file is there already,
    DatabaseError when there is nothing to back up or no room for it.
    """
    path = target or default_path(db, label)
    if path.exists():
        raise ConflictError(f"{path} exists already: name another file for the backup.")
    _make_folder(path)
    _sweep(db)
    part, inner = path.with_name(path.name + ".part"), path.with_name(path.name + ".inner")
    written = _Counter(on_step)
    written.begin("Reading")
    try:
        with container.written(part, written.add) as writer:
            _fill(db, writer, inner, is_portable=is_portable)
        written.begin("Checking")
        _check(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
        remove_sqlite(inner)
    return path


def _sweep(db: Database) -> None:
    """Delete what backups that were killed left half-written in the folder, long ago."""
    half = re.compile(rf"{re.escape(stem(db))}-\d{{8}}-\d{{6}}-\d{{6}}.*\.(part|inner)(-\w+)?")
    for path in folder(db).glob("*"):
        with contextlib.suppress(OSError):
            if half.fullmatch(path.name) and time.time() - path.stat().st_mtime > _ABANDONED_S:
                path.unlink()


def default_path(db: Database, label: str = "", suffix: str = SUFFIX) -> Path:
    """Return where a backup of `db` goes that nobody named: its name holds the time, in UTC."""
    time = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
    name = "-".join(part for part in (stem(db), time, label) if part)
    return folder(db) / (name + suffix)


def stem(db: Database) -> str:
    """Return how the names of a database's backups begin."""
    return db.file.stem if db.file else (db.url.database or "leadloom")


def folder(db: Database) -> Path:
    """Return the folder of a database's backups."""
    return db.folder / "backups"


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite file as it is at one moment, whoever writes to it, into one sound file."""
    target.unlink(missing_ok=True)
    try:
        with (
            contextlib.closing(sqlite3.connect(sqlite_uri(source, "mode=rw"), uri=True)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # a copy is one file
    except sqlite3.Error as error:
        raise _not_copied(source, target, error) from error
    target.chmod(0o600)
    if finding := sqlite_finding(target):
        raise DatabaseError(
            f"{source} is damaged ({finding}), so no backup was made of it: run "
            "`leadloom db check`, which says how to recover."
        )


def sqlite_finding(path: Path) -> str | None:
    """Return what is wrong with a SQLite file, or None when it is sound."""
    try:
        with contextlib.closing(sqlite3.connect(sqlite_uri(path, "mode=ro"), uri=True)) as conn:
            finding = str(conn.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        finding = str(error)
    return None if finding == "ok" else " ".join(finding.split())


def remove_sqlite(path: Path) -> None:
    """Take a SQLite file, or PostgreSQL's dump, away with what belongs to it."""
    for ending in ("", "-wal", "-shm", "-journal", "-turn", "-list"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _fill(db: Database, writer: Writer, inner: Path, *, is_portable: bool) -> None:
    """Write what the database holds, in the form that suits it."""
    with open_source(db) as source:
        told = {
            "format": FORMAT,
            "leadloom": version("leadloom"),
            "revision": source.origin.revision,
            "database": db.label,
            "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "secret_key": KEY_NOTICE,
        }
        if is_portable:
            writer.close({**told, "content": TABLES, **portable.write(source, writer)})
            return
    kind = _own_form(db, inner)
    if kind is None:
        _fill(db, writer, inner, is_portable=True)
        return
    writer.add_file(INNER[kind], inner)
    writer.close({**told, "content": kind})


def _own_form(db: Database, inner: Path) -> str | None:
    """Write the database in its own form to `inner`; return which, None when it has none here."""
    if db.file:
        copy_sqlite(db.file, inner)
        return SQLITE
    if db.url.get_backend_name() == "postgresql" and pgtools.dump(db, inner):
        return POSTGRESQL
    return None


def _check(path: Path) -> None:
    """Read a backup from end to end. Raises InputError when it is not what was written."""
    manifest: dict[str, Any] = container.read(path)
    if manifest["content"] == TABLES:
        portable.check(path)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise container.no_room(path, error) from error


def _not_copied(source: Path, target: Path, error: sqlite3.Error) -> DatabaseError:
    if "malformed" in str(error) or "not a database" in str(error):
        return DatabaseError(
            f"{source} is damaged ({error}), so no backup was made of it: run "
            "`leadloom db check`, which says how to recover."
        )
    if "full" in str(error) or "I/O" in str(error):
        return container.no_room(target, error)
    return DatabaseError(
        f"{source} could not be copied to {target} ({error}): wait a moment and try again."
    )


class _Counter:
    """Tells how many bytes of a step were dealt with."""

    def __init__(self, on_step: OnStep) -> None:
        self._on_step = on_step
        self._step = ""
        self._done = 0

    def begin(self, step: str) -> None:
        """Begin a step."""
        self._step, self._done = step, 0
        self._on_step(step, 0)

    def add(self, count: int) -> None:
        """Tell of some bytes more."""
        self._done += count
        self._on_step(self._step, self._done)
