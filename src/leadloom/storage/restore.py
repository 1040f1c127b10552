"""Putting a backup in the place of a database; the one that was there is kept."""

import contextlib
import gc
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from leadloom.errors import ConflictError, DatabaseError, InputError, UsageError
from leadloom.storage import schema
from leadloom.storage.backups import backup, container, pgtools, portable
from leadloom.storage.backups.backup import INNER, POSTGRESQL, SQLITE, TABLES, OnStep
from leadloom.storage.backups.portable import PortableSource
from leadloom.storage.backups.progress import UNFINISHED
from leadloom.storage.backups.source import open_source
from leadloom.storage.copy import fill
from leadloom.storage.database import Database
from leadloom.storage.disk import settle

_SQLITE_MAGIC = b"SQLite format 3\0"
_DUMP_MAGIC = b"PGDMP"
# How long somebody who holds the file is given to leave it.
_LEAVING_S, _PAUSE_S = 5.0, 0.05


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the revision of the schema in it, and where the old database was kept."""

    revision: str | None
    kept: Path | None


def restore(
    db: Database,
    file: Path,
    *,
    force: bool = False,
    on_step: OnStep = lambda step, done: None,
) -> Restored:
    """Put the backup `file` in the place of `db`, having checked all of it first.

    Raises ConflictError when there is a database already and `force` is not set, or somebody works
    with it; InputError when the backup is missing or damaged, SchemaError when a newer version made
    it: then nothing was changed.
    """
    kind = _kind_of(file)
    _check_free(db, force=force)
    scratch = _scratch(db)
    try:
        on_step("Checking the backup", 0)
        with _unpacked(file, kind, scratch) as (content, inner, manifest):
            schema.check_known(str(file), manifest.get("revision"))
            on_step("Restoring", 0)
            kept = _put(db, content, inner, manifest, scratch, force=force, on_step=on_step)
    finally:
        backup.remove_sqlite(scratch)
    return Restored(schema.current(db), kept)


def _kind_of(file: Path) -> str | None:
    """Return what a file holds by itself, None for a backup with a manifest."""
    try:
        with file.open("rb") as opened:
            head = opened.read(len(_SQLITE_MAGIC))
    except OSError as error:
        raise InputError(
            f"{file} cannot be read ({error.strerror}): name a backup made by `leadloom db backup`."
        ) from error
    if head.startswith(container.MAGIC):
        return None
    if head == _SQLITE_MAGIC:
        return SQLITE
    if head.startswith(_DUMP_MAGIC):
        return POSTGRESQL
    raise InputError(
        f"{file} is no backup of Leadloom's, or its beginning is damaged: take another."
    )


def _check_free(db: Database, *, force: bool) -> None:
    if force:
        return
    is_taken = db.file.exists() if db.file else schema.current(db) is not None
    if is_taken and not (db.file is None and schema.current(db) == UNFINISHED):
        raise ConflictError(
            f"{db.label} exists already: add --force to replace it (the old one is kept)."
        )


def _scratch(db: Database) -> Path:
    """Return a name for what is only needed meanwhile; beside the file it is to become."""
    if db.file:
        return db.file.with_name(db.file.name + ".part")
    folder = backup.folder(db)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{backup.stem(db)}.part"


@contextlib.contextmanager
def _unpacked(
    file: Path, kind: str | None, scratch: Path
) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Give what a backup holds, the file it is in, and the manifest; all of it is checked."""
    backup.remove_sqlite(scratch)
    try:
        if kind is not None:
            _copy_plain(file, scratch)
            # What was confirmed last may lie in the log beside a SQLite file.
            log = file.with_name(file.name + "-wal")
            if kind == SQLITE and log.exists():
                _copy_plain(log, scratch.with_name(scratch.name + "-wal"))
            manifest: dict[str, Any] = {}
        else:
            manifest = container.read(file, lambda name, content: _extract(name, content, scratch))
            kind = manifest["content"]
    except OSError as error:
        raise _no_room(scratch, error) from error
    if kind == TABLES:
        portable.check(file)
    if kind == SQLITE and (finding := backup.sqlite_finding(scratch)):
        raise container.damaged(file, finding)
    yield kind, file if kind == TABLES else scratch, manifest


def _extract(name: str, content: IO[bytes], scratch: Path) -> None:
    if name in INNER.values():
        with _private(scratch) as out:
            shutil.copyfileobj(content, out, 1 << 20)


def _copy_plain(file: Path, scratch: Path) -> None:
    with _private(scratch) as out, file.open("rb") as plain:
        shutil.copyfileobj(plain, out)


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _put(
    db: Database,
    content: str,
    inner: Path,
    manifest: dict[str, Any],
    scratch: Path,
    *,
    force: bool,
    on_step: OnStep,
) -> Path | None:
    """Bring what was unpacked into the database; return where the old one was kept."""
    if content == POSTGRESQL:
        return _put_dump(db, inner)
    if content == SQLITE and db.file:
        return _swap(db, inner)
    with contextlib.ExitStack() as opened:
        if content == SQLITE:
            old = opened.enter_context(contextlib.closing(Database(f"sqlite:///{inner}")))
            source: Any = opened.enter_context(open_source(old))
        else:
            source = opened.enter_context(contextlib.closing(PortableSource(inner, manifest)))
        if db.file is None:
            return fill(source, db, resume=True, force=force, on_table=on_step).kept
        with contextlib.closing(Database(f"sqlite:///{scratch}")) as new:
            fill(source, new, on_table=on_step)
    return _swap(db, scratch)


def _put_dump(db: Database, dump: Path) -> Path | None:
    if db.url.get_backend_name() != "postgresql":
        raise UsageError(
            "That backup is PostgreSQL's own, and only PostgreSQL reads it: restore it there and "
            "use `leadloom db copy`, or make one with `leadloom db backup --portable`."
        )
    kept = backup.take(db, "before-restore") if _is_whole(db) else None
    db.close()
    pgtools.restore(db, dump)
    return kept


def _is_whole(db: Database) -> bool:
    return schema.current(db) in schema.revisions()


def _swap(db: Database, new: Path) -> Path | None:
    """Put a SQLite file in the place of another; there is always one or the other."""
    assert db.file is not None  # only files come here
    _settle(new)
    db.close()
    try:
        settle(new)
        kept = _keep(db, db.file) if db.file.exists() else None
        new.replace(db.file)
        settle(db.file.parent)
    except OSError as error:
        raise _no_room(db.file, error) from error
    return kept


def _settle(path: Path) -> None:
    """Make a database that nobody else uses one single file.

    SQLite itself does not wait here, and who is just leaving (a program at its end, a connection
    not yet collected in this one) would be in the way for a moment.
    """
    deadline = time.monotonic() + _LEAVING_S
    while True:
        try:
            with contextlib.closing(sqlite3.connect(path)) as conn:
                conn.execute("PRAGMA journal_mode=DELETE")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        gc.collect()
        time.sleep(_PAUSE_S)


def _keep(db: Database, file: Path) -> Path:
    """Keep the file under another name too, and see to it that nobody works with it."""
    kept = backup.default_path(db, "before-restore", suffix=file.suffix or ".db")
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        _settle(file)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise ConflictError(
                f"{file} is in use by another program: end it, then restore again."
            ) from error
        # It is damaged: what it has not taken in from its log is kept with it.
        for ending in ("-wal", "-shm"):
            beside = file.with_name(file.name + ending)
            if beside.exists():
                shutil.copyfile(beside, kept.with_name(kept.name + ending))
    try:
        os.link(file, kept)
    except OSError:  # a file system without links
        shutil.copyfile(file, kept)
        settle(kept)
    for ending in ("-wal", "-shm"):  # they would be taken for the new file's
        file.with_name(file.name + ending).unlink(missing_ok=True)
    return kept


def _no_room(path: Path, error: OSError) -> DatabaseError:
    return DatabaseError(
        f"{path.parent} has no room for what is restored, or cannot be written "
        f"({error.strerror or error}): free some and restore again; the database is as it was."
    )
