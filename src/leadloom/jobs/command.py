"""A command that a worker does once: what a schedule can do, as soon as one is free or later."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from leadloom.ids import new_uuid
from leadloom.jobs import waiting
from leadloom.jobs.handlers import Work, handles
from leadloom.jobs.job import Wish
from leadloom.jobs.place import JobError
from leadloom.jobs.scheduled import Children, run_command, variables
from leadloom.jobs.schedules import check_command
from leadloom.storage.database import Tx

JOB: Final = "command.run"


def wish(tx: Tx, command: Sequence[str], folder: str, **terms: Any) -> tuple[str, Wish]:
    """Return the id and the job that does a command in this workspace, as whoever asks for it now.

    It is written down as waiting. `folder`: where the names of files in the command begin. `terms`:
    how it is to be done, see `Wish`. Raises UsageError for a command that cannot be done with
    nobody there.
    """
    job_id = f"{JOB}-{new_uuid()}"
    data = {
        "job": job_id,
        "workspace": tx.workspace_id,
        "user": tx.user_id,
        "command": list(check_command(command)),
        "folder": folder,
    }
    wanted = Wish(JOB, data, **terms)
    waiting.keep(tx, job_id, wanted)
    return job_id, wanted


@handles(JOB)
async def run_once(work: Work, data: Mapping[str, Any]) -> dict[str, str]:
    """Do a command; return its outcome and what it said of it. Raises JobError when it failed."""
    children: Children = work.shared.setdefault("children", Children())
    command, what = data["command"], "the job"

    def who() -> dict[str, str]:
        with work.write(data["workspace"], 0) as tx:
            waiting.forget(tx, [data.get("job", "")])
            return variables(tx, work.db, data["user"], command, what)

    env = await asyncio.to_thread(who)
    outcome, message = await run_command(command, Path(data["folder"]), env, children)
    if children.is_closed:
        await asyncio.Event().wait()  # it was cut short: whoever works next does it again
    if outcome == "failed":
        raise JobError(message)
    return {"outcome": outcome, "message": message}
