"""Imports whose process died: a worker on a machine that has their files goes on with them.

What a worker did itself is begun again by the engine, sooner; whoever typed the command may give it
again, too. Of all these one gets the run.
"""

import asyncio
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from leadloom.errors import LeadloomError
from leadloom.imports.request import check_unchanged
from leadloom.jobs.handlers import Work, handles, tends
from leadloom.jobs.job import Wish
from leadloom.jobs.jobs import Jobs
from leadloom.jobs.place import JobError
from leadloom.jobs.scheduled import Children, run_words, variables
from leadloom.runs import run as runs
from leadloom.storage.database import Database
from leadloom.storage.rounds import reading_each

JOB: Final = "import.resume"
# So long nobody else went on with it, neither the engine nor who began it.
PATIENCE: Final = dt.timedelta(minutes=2)
_KIND: Final = "import"


@tends
def send_orphans(db: Database, jobs: Jobs) -> list[str]:
    """Have workers go on with imports that died, if their files are here; return the jobs' ids."""
    sent = []
    found = [(tx.workspace_id, runs.list_interrupted(tx, _KIND)) for tx in reading_each(db)]
    for home, died in found:
        for run in died:
            heard = run.heartbeat_at or run.created_at
            if db.now() - heard > PATIENCE and _is_here(run):
                # Each time it dies, it is another job.
                job_id = f"{JOB}-{run.uuid}-{heard:%Y%m%dT%H%M%S%f}"
                data = {"workspace": home, "user": run.created_by, "run": run.id}
                sent.append(jobs.send(Wish(JOB, data, retry_limit=0), job_id))
    return sent


def _is_here(run: runs.Run) -> bool:
    try:
        check_unchanged(run)
    except LeadloomError:
        return False
    return True


@handles(JOB)
async def resume(work: Work, data: Mapping[str, Any]) -> dict[str, str]:
    """Go on with an import in a process of its own. Raises JobError when that fails."""
    children: Children = work.shared.setdefault("children", Children())

    def look() -> tuple[runs.Run, dict[str, str]]:
        with work.read(data["workspace"], 0) as tx:
            run = runs.get_by_key(tx, data["run"])
            what = f"the import {run.uuid}"
            return run, variables(tx, work.db, data["user"], [_KIND], what)

    run, env = await asyncio.to_thread(look)
    if not run.is_interrupted(work.db.now()):
        return {"outcome": "done", "message": "Somebody else went on with it."}
    words = ["run", "resume", str(run.uuid)]
    outcome, message = await run_words(words, Path.cwd(), env, children)
    if children.is_closed:
        await asyncio.Event().wait()  # it was cut short: whoever works next does it again
    if outcome == "failed":
        raise JobError(message)
    return {"outcome": outcome, "message": message}
