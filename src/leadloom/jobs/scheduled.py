"""Runs of schedules: the command in a process of its own, as whoever made the schedule."""

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from leadloom.errors import AccessError, LeadloomError, NotFoundError
from leadloom.jobs import child, schedules
from leadloom.jobs.handlers import Work, handles
from leadloom.jobs.schedules import Outcome, Schedule, check_command
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import users, workspaces

_OUTCOMES: Final[Mapping[int, Outcome]] = {0: "done", 1: "with failures"}
_LONGEST_MESSAGE: Final = 500
_OWNERS_ONLY: Final = "db"
_TELLS_A_TABLE: Final = ("db", "maintain")
_ALONE: Final = ("--", "--json")  # what has no value after it
_STOPS_IN_S: Final = 3.0
_LOOK_EVERY_S: Final = 0.1


@dataclass(slots=True)
class Children:
    """The commands under way in this process; `close` stops them as Ctrl-C does."""

    processes: "set[subprocess.Popen[bytes]]" = field(default_factory=set)
    is_closed: bool = False

    def close(self) -> None:
        """Stop what is under way: whoever works next does it again."""
        self.is_closed = True
        for one in list(self.processes):
            one.send_signal(signal.SIGINT)
        deadline = time.monotonic() + _STOPS_IN_S
        for one in list(self.processes):
            try:
                one.wait(max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                # Started in the background of some shells, a process never hears of Ctrl-C.
                one.kill()
                one.wait()


@handles(schedules.JOB)
async def run_due(work: Work, data: Mapping[str, Any]) -> str | None:
    """Do a schedule whose time has come; return its outcome, None when there is nothing to do."""
    due = dt.datetime.fromisoformat(data["due"])
    children: Children = work.shared.setdefault("children", Children())
    return await run(work, data["workspace"], data["schedule"], due, children)


async def run(
    work: Work, workspace_id: int, key: int, due: dt.datetime, children: Children
) -> Outcome | None:
    """Do a schedule's command now and keep what came of it; None: it is gone, or done already."""

    def begin() -> tuple[Schedule | None, dict[str, str] | LeadloomError]:
        with work.write(workspace_id, 0) as tx:
            found = schedules.begin(tx, key, due, work.executor)
            try:
                return found, _variables(tx, work.db, found) if found else {}
            except LeadloomError as error:
                return found, error

    def finish() -> None:
        with work.write(workspace_id, 0) as tx:
            schedules.finish(tx, key, outcome, message)

    schedule, env = await asyncio.to_thread(begin)
    if schedule is None:
        return None
    outcome: Outcome
    if isinstance(env, LeadloomError):
        outcome, message = "failed", str(env)
    else:
        folder = Path(schedule.folder)
        outcome, message = await run_command(schedule.command, folder, env, children)
    if children.is_closed:
        return None  # it was cut short, and is taken up again
    await asyncio.to_thread(finish)
    return outcome


def _variables(tx: Tx, db: Database, schedule: Schedule) -> dict[str, str]:
    what = f"the schedule {schedule.name}"
    return variables(tx, db, schedule.made_by, schedule.command, what)


def variables(
    tx: Tx, db: Database, made_by: int | None, command: Sequence[str], what: str
) -> dict[str, str]:
    """Return the variables that say where and as whom. Raises LeadloomError when nobody may.

    `what` was asked for by the user `made_by`, in words.
    """
    mine = users.c.workspace_id == tx.workspace_id, users.c.id == made_by
    user = tx.conn.execute(sa.select(users.c.uuid, users.c.role).where(*mine)).first()
    if user is None or user.role == "removed":
        raise NotFoundError(
            f"Whoever made {what} is no user of this workspace any more: take it out, and let "
            "somebody else make it."
        )
    if command[0] == _OWNERS_ONLY and user.role != "owner":
        raise AccessError(
            f"Whoever made {what} is no owner any more, and only owners look after the whole "
            "database."
        )
    home = tx.conn.scalar(sa.select(workspaces.c.uuid).where(workspaces.c.id == tx.workspace_id))
    url = f"sqlite:///{db.file}" if db.file else db.url.render_as_string(hide_password=False)
    # Not as arguments: everybody on a machine sees those.
    return {
        "LEADLOOM_DB": url,
        "LEADLOOM_WORKSPACE": str(home),
        "LEADLOOM_USER": str(user.uuid),
    }


async def run_command(
    words: Sequence[str], folder: Path, env: Mapping[str, str], children: Children
) -> tuple[Outcome, str]:
    """Run a command that somebody asked for in a folder; see `run_words`.

    Raises UsageError for one that cannot be done with nobody there.
    """
    return await run_words(check_command(words), folder, env, children)


async def run_words(
    command: Sequence[str], folder: Path, env: Mapping[str, str], children: Children
) -> tuple[Outcome, str]:
    """Run a command of ours in a folder; return its outcome, and what it said of it in a line."""
    if not folder.is_dir():
        return "failed", f"The folder {folder}, where it was asked for, is not on this machine."
    if command[0] == "import":
        there = _with_folders(command, folder)
        if len(there) < len(command):
            return "done", "There is nothing in the folder."
        command = there
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(  # noqa: S603 - a checked command of our own
            (sys.executable, "-m", child.__name__, *command),
            stdin=subprocess.PIPE,  # it ends with this process
            stdout=out,
            stderr=err,
            cwd=folder,
            env={**os.environ, **env},
            start_new_session=True,  # Ctrl-C is for the worker, which passes it on
        )
        children.processes.add(process)
        try:
            while process.poll() is None:
                await asyncio.sleep(_LOOK_EVERY_S)
        except asyncio.CancelledError:
            await _stop(process)
            raise
        finally:
            assert process.stdin
            process.stdin.close()
            if process.returncode is not None:
                children.processes.discard(process)
        outcome = _OUTCOMES.get(process.returncode, "failed")
        out.seek(0)
        err.seek(0)
        said, complained = out.read(), err.read()
    if outcome == "failed":
        return outcome, _said(complained, -1)
    is_told = tuple(command) != _TELLS_A_TABLE
    return outcome, (_said(said, 0) or _said(complained, -1)) if is_told else ""


async def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop a command as Ctrl-C does, and be sure: who wants it done anew begins it then."""
    process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + _STOPS_IN_S
    while process.poll() is None and time.monotonic() < deadline:
        await asyncio.sleep(_LOOK_EVERY_S)
    process.kill()
    process.wait()


def _with_folders(command: Sequence[str], folder: Path) -> list[str]:
    """Return an import's words with the files of a folder, as they are now, in its place."""
    words: list[str] = []
    for before, word in zip(("", *command), command, strict=False):
        is_value = before.startswith("--") and "=" not in before and before not in _ALONE
        if is_value or word.startswith("-") or not (folder / word).is_dir():
            words.append(word)
            continue
        found = sorted((folder / word).iterdir())
        words += [
            str(Path(word) / one.name)
            for one in found
            if one.is_file() and not one.name.startswith(".")
        ]
    return words


def _said(output: bytes, which: int) -> str:
    """Return the first (0) or last (-1) line that says something."""
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines()]
    found = [line for line in lines if line]
    return found[which].removeprefix("Error: ")[:_LONGEST_MESSAGE] if found else ""
