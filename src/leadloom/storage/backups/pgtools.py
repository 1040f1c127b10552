"""PostgreSQL's own programs for whole databases: pg_dump, pg_restore and psql."""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from leadloom.errors import DatabaseError, UsageError
from leadloom.storage import partitions, walls
from leadloom.storage.backups import dump_entries
from leadloom.storage.database import Database

_OBJECTS = """
SELECT format('DROP VIEW IF EXISTS %%I.%%I CASCADE', n.nspname, c.relname) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND {ours}
UNION ALL
SELECT format('DROP TABLE IF EXISTS %%I.%%I CASCADE', n.nspname, c.relname) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND {ours}
UNION ALL
SELECT format('DROP FUNCTION IF EXISTS %%s CASCADE', c.oid::regprocedure) FROM pg_proc c
JOIN pg_namespace n ON n.oid = c.pronamespace
WHERE c.prokind = 'f' AND {ours}
"""
_OURS = """n.nspname = current_schema() AND NOT EXISTS (
  SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"""


def dump(db: Database, path: Path) -> bool:
    """Write PostgreSQL's own dump; return whether there is a `pg_dump` that fits the server.

    Raises DatabaseError when there is one and it fails.
    """
    program = shutil.which("pg_dump")
    if program is None:
        return False
    command = [program, "--format=custom", "--compress=0", "--no-owner", "--enable-row-security"]
    done = _run(db, [*command, f"--file={path}", f"--dbname={_address(db)}"])
    if done.returncode == 0:
        _check(db, path)
        return True
    path.unlink(missing_ok=True)
    if "version mismatch" in done.stderr:
        return False
    raise _failure("pg_dump", db, done.stderr)


def restore(db: Database, path: Path) -> None:
    """Put PostgreSQL's own dump in the place of all that the database holds, in one transaction.

    Raises UsageError when the programs are not there, DatabaseError when they fail: then the
    database is as it was.
    """
    reader, writer = _program("pg_restore"), _program("psql")
    with db.read() as conn:
        roles = walls.app_roles(conn)
    restoring = [reader, "--no-owner", "--no-privileges", "--file=-", _chosen(db, path), str(path)]
    writing = [writer, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output", os.devnull]
    with (
        subprocess.Popen(  # noqa: S603 - a fixed program and our own arguments
            restoring, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as read,
        subprocess.Popen(  # noqa: S603
            [*writing, f"--dbname={_address(db)}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(db),
        ) as write,
    ):
        # COMMIT comes from here alone: whoever dies before it leaves all as it was.
        with contextlib.suppress(BrokenPipeError):
            _feed(write, ["BEGIN", *_drops(db)])
            _pump(read.stdout, write.stdin)
            _finish(db, read, write)
        with contextlib.suppress(BrokenPipeError):
            if write.stdin:
                write.stdin.close()
        told = (write.stderr.read() if write.stderr else b"").decode(errors="replace")
        if write.wait() != 0:
            raise _failure("psql", db, told)
    with db.write() as conn:
        partitions.forget_gone(conn)
        for role in roles:
            walls.add_role(conn, role)  # what it may do went with the tables


def _chosen(db: Database, path: Path) -> str:
    """Write the list of what is restored beside the dump; return the option that names it."""
    done = _run(db, [_program("pg_restore"), "--list", str(path)])
    if done.returncode != 0:
        raise _failure("pg_restore", db, done.stderr)
    with db.read() as conn:
        extensions = conn.scalars(sa.text("SELECT extname FROM pg_extension")).all()
        schemas = conn.scalars(sa.text("SELECT nspname FROM pg_namespace")).all()
    chosen = path.with_name(path.name + "-list")
    chosen.write_text("\n".join(dump_entries.ours(done.stdout, extensions, schemas)), "utf-8")
    return f"--use-list={chosen}"


def _finish(
    db: Database, read: "subprocess.Popen[bytes]", write: "subprocess.Popen[bytes]"
) -> None:
    problem = (read.stderr.read() if read.stderr else b"").decode(errors="replace")
    if read.wait() != 0:
        write.kill()
        raise _failure("pg_restore", db, problem)
    _feed(write, ["COMMIT"])


def _feed(process: "subprocess.Popen[bytes]", statements: Sequence[str]) -> None:
    if process.stdin:
        process.stdin.write("".join(f"{one};\n" for one in statements).encode())
        process.stdin.flush()


def _pump(source: IO[bytes] | None, target: IO[bytes] | None) -> None:
    if source and target:
        shutil.copyfileobj(source, target, 1 << 20)


def _drops(db: Database) -> list[str]:
    """Return what takes everything out of the database's schema, extensions left alone."""
    with db.read() as conn:
        return list(conn.exec_driver_sql(_OBJECTS.format(ours=_OURS), ()).scalars())


def _check(db: Database, path: Path) -> None:
    """Read a dump from end to end."""
    done = _run(db, [_program("pg_restore"), f"--file={os.devnull}", str(path)])
    if done.returncode != 0:
        raise _failure("pg_restore", db, done.stderr)


def _address(db: Database) -> str:
    return db.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _environment(db: Database) -> dict[str, str]:
    """The password travels out of sight; the walls stand back for whoever owns them."""
    ours = {"PGPASSWORD": str(db.url.password)} if db.url.password else {}
    return {**os.environ, **ours, "PGOPTIONS": f"-c {walls.SETTING}={walls.EVERYTHING}"}


def _program(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise UsageError(
            f"{name} is not installed, and this backup is restored with it: install PostgreSQL's "
            "client programs."
        )
    return program


def _run(db: Database, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - a fixed program and our own arguments
        command, env=_environment(db), capture_output=True, text=True, check=False
    )


def _failure(tool: str, db: Database, told: str) -> DatabaseError:
    lines = [line for line in told.strip().split("\n") if re.search("error|fatal", line, re.I)]
    detail = (lines or told.strip().split("\n"))[0].rstrip(".") or "no reason given"
    return DatabaseError(f"{tool} could not finish for {db.label}; nothing was changed: {detail}.")
