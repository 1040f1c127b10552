"""Copies of the whole database, checked after writing."""

import datetime as dt
import shutil
import sqlite3
import subprocess
from pathlib import Path

import sqlalchemy as sa

from leadloom.errors import ConflictError, DatabaseError, InputError, UsageError
from leadloom.storage.database import Database


def take(db: Database, label: str = "", target: Path | None = None) -> Path:
    """Write a backup of `db` while others go on working, and return its path.

    `target` defaults to `backups/` beside the database. SQLite: its online backup, checked with
    quick_check. PostgreSQL: `pg_dump`'s custom format. Raises DatabaseError when it cannot be made.
    """
    path = target or _default_path(db, label)
    if path.exists():
        raise ConflictError(f"{path} exists already: name another file for the backup.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    if db.file:
        _copy_sqlite(db.file, part)
    else:
        _dump_postgresql(db, part)
    part.rename(path)
    return path


def restore(db: Database, backup: Path, *, force: bool = False) -> Path | None:
    """Put `backup` in the place of `db`; return where the old one was kept.

    Raises ConflictError when there is a database already and `force` is not set, InputError when
    the backup is missing or damaged.
    """
    if not backup.is_file():
        raise InputError(f"{backup} is not a file: name a backup made by `leadloom db backup`.")
    if db.file is None:
        return _restore_postgresql(db, backup, force=force)
    _check_sqlite(backup)
    kept = None
    if db.file.exists():
        if not force:
            raise ConflictError(
                f"{db.file} exists already: add --force to replace it (the old one is kept)."
            )
        kept = _default_path(db, "before-restore")
        kept.parent.mkdir(parents=True, exist_ok=True)
        _copy_sqlite(db.file, kept)
    db.close()
    part = db.file.with_name(db.file.name + ".part")
    shutil.copyfile(backup, part)
    for leftover in ("-wal", "-shm"):
        db.file.with_name(db.file.name + leftover).unlink(missing_ok=True)
    part.replace(db.file)
    return kept


def _default_path(db: Database, label: str) -> Path:
    stem = db.file.stem if db.file else (db.url.database or "leadloom")
    time = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
    name = "-".join(part for part in (stem, time, label) if part)
    return db.folder / "backups" / (name + (".db" if db.file else ".dump"))


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # a copy is one file
    except sqlite3.Error as error:
        raise DatabaseError(f"{source} could not be copied to {target}: {error}.") from error
    finally:
        old.close()
        new.close()
    _check_sqlite(target)


def _check_sqlite(path: Path) -> None:
    conn = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        finding = conn.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        finding = str(error)
    finally:
        conn.close()
    if finding != "ok":
        raise InputError(f"{path} is not a sound SQLite database ({finding}).")


def _dump_postgresql(db: Database, path: Path) -> None:
    _run_tool(db, "pg_dump", "--format=custom", f"--file={path}")


def _restore_postgresql(db: Database, backup: Path, *, force: bool) -> Path | None:
    kept = None
    with db.read() as conn:
        is_taken = sa.inspect(conn).has_table("alembic_version")
    if is_taken:
        if not force:
            raise ConflictError(
                f"{db.label} holds a database already: add --force to replace it "
                "(a backup is taken first)."
            )
        kept = take(db, "before-restore")
    db.close()
    _run_tool(
        db,
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        f"--dbname={_libpq(db)}",
        str(backup),
        named=True,
    )
    return kept


def _libpq(db: Database) -> str:
    return db.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run_tool(db: Database, tool: str, *arguments: str, named: bool = False) -> None:
    program = shutil.which(tool)
    if program is None:
        raise UsageError(
            f"{tool} is not installed, and a backup of PostgreSQL is made with it: install "
            "PostgreSQL's client programs."
        )
    command = [program, *arguments] + ([] if named else [f"--dbname={_libpq(db)}"])
    done = subprocess.run(  # noqa: S603 - a fixed program and our own arguments
        command,
        env={"PGPASSWORD": str(db.url.password or ""), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        detail = (done.stderr.strip().split("\n") or ["no reason given"])[-1]
        raise DatabaseError(f"{tool} could not finish for {db.label}: {detail}.")
