"""A command that a worker does once: what a schedule can do, as soon as one is free or later."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from leadloom.jobs.handlers import Work, handles
from leadloom.jobs.job import Wish
from leadloom.jobs.place import JobError
from leadloom.jobs.scheduled import Children, run_command, variables
from leadloom.jobs.schedules import check_command
from leadloom.storage.database import Tx

JOB: Final = "command.run"


def wish(tx: Tx, command: Sequence[str], folder: str, **terms: Any) -> Wish:
    """Return the job that does a command in this workspace, as whoever asks for it now.

    `folder`: where the names of files in the command begin. `terms`: how it is to be done, see
    `Wish`. Raises UsageError for a command that cannot be done with nobody there.
    """
    data = {
        "workspace": tx.workspace_id,
        "user": tx.user_id,
        "command": list(check_command(command)),
        "folder": folder,
    }
    return Wish(JOB, data, **terms)


@handles(JOB)
async def run_once(work: Work, data: Mapping[str, Any]) -> dict[str, str]:
    """Do a command; return its outcome and what it said of it. Raises JobError when it failed."""
    children: Children = work.shared.setdefault("children", Children())
    command, what = data["command"], "the job"

    def who() -> dict[str, str]:
        with work.read(data["workspace"], 0) as tx:
            return variables(tx, work.db, data["user"], command, what)

    env = await asyncio.to_thread(who)
    outcome, message = await run_command(command, Path(data["folder"]), env, children)
    if children.is_closed:
        await asyncio.Event().wait()  # it was cut short: whoever works next does it again
    if outcome == "failed":
        raise JobError(message)
    return {"outcome": outcome, "message": message}
