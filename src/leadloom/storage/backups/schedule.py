"""A backup every day: one line in the user's crontab."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from leadloom.errors import DatabaseError, UsageError
from leadloom.storage.database import Database

# Hourly, because a laptop sleeps: whatever hour it wakes, the day's backup is made once.
_WHEN = "17 * * * *"
_MARK = "# leadloom backup of"


def line(db: Database) -> str:
    """Return the crontab's line. Raises UsageError for an address with a password in it."""
    if db.url.password:
        raise UsageError(
            f"The address of {db.label} holds a password, which does not belong in a crontab: keep "
            "it in ~/.pgpass (or in ~/.my.cnf) and leave it out of the address."
        )
    address = f"sqlite:///{db.file}" if db.file else db.url.render_as_string()
    command = [_program(), "--db", address, "db", "backup", "--daily"]
    # In a crontab, % begins a new line.
    quoted = shlex.join(command).replace("%", "\\%")
    return f"{_WHEN} {quoted} >/dev/null {_MARK} {db.label}"


def install(db: Database) -> str:
    """Put the line into the crontab, in the place of an earlier one; return it."""
    new = line(db)
    _write([*_others(db), new])
    return new


def remove(db: Database) -> bool:
    """Take the line out of the crontab; return whether there was one."""
    before, after = _read(), _others(db)
    if before != after:
        _write(after)
    return before != after


def is_installed(db: Database) -> bool:
    """Whether the crontab has a line for this database."""
    return _read() != _others(db)


def _others(db: Database) -> list[str]:
    return [one for one in _read() if not one.endswith(f"{_MARK} {db.label}")]


def _program() -> str:
    beside = Path(sys.executable).with_name("leadloom")
    return str(beside) if beside.exists() else shutil.which("leadloom") or "leadloom"


def _read() -> list[str]:
    done = _crontab("-l")
    return done.stdout.splitlines() if done.returncode == 0 else []  # there is none yet


def _write(lines: list[str]) -> None:
    done = _crontab("-", "".join(f"{one}\n" for one in lines))
    if done.returncode != 0:
        raise DatabaseError(
            f"The crontab could not be changed: {done.stderr.strip() or 'no reason'}."
        )


def _crontab(argument: str, text: str | None = None) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("crontab")
    if program is None:
        raise UsageError(
            "There is no crontab on this machine: let its own scheduler run "
            "`leadloom db backup --daily` every hour."
        )
    return subprocess.run(  # noqa: S603 - a fixed program and our own arguments
        [program, argument], input=text, capture_output=True, text=True, check=False
    )
