"""Working on a queue of pg-boss: each job is a command of Leadloom's that needs nobody there.

    boss.send('leadloom', { command: ['enrich', '--where', 'status=new', '--budget', '5'] })

What can be done is what a schedule can do, by whoever started the worker.
"""

import asyncio
import contextlib
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from leadloom.errors import LeadloomError, UsageError
from leadloom.jobs.pg_boss import BossJob, PgBoss
from leadloom.jobs.scheduled import Children, run_command
from leadloom.storage.database import Database

_POLL_S = 0.5
_AWAY_S = 5.0
_TAKEN = "It was taken from this worker, which had given no sign of life for too long."


class BossWorker:
    """Does the jobs of a queue, one after the other, in a thread of its own while it is entered."""

    def __init__(self, db: Database, queue: str, env: Mapping[str, str]) -> None:
        self._boss = PgBoss(db)
        self._queue = queue
        url = db.url.render_as_string(hide_password=False)
        self._env = {**env, "LEADLOOM_DB": url}
        self._children = Children()
        self._stop = threading.Event()
        self._is_busy = True
        self._thread = threading.Thread(target=self._work, name="leadloom-pg-boss", daemon=True)
        self.done = 0

    def __enter__(self) -> "BossWorker":
        try:
            self._boss.check_queue(self._queue)
        except BaseException:
            self._boss.close()
            raise
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._children.close()
        self._thread.join()
        self._boss.close()

    def is_idle(self) -> bool:
        """Whether nothing waited when it looked last."""
        return not self._is_busy

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._is_busy = self._do_next()
            except (LeadloomError, sa.exc.SQLAlchemyError):
                self._stop.wait(_AWAY_S)  # a database that is away for a moment
                continue
            if not self._is_busy:
                self._stop.wait(_POLL_S)

    def _do_next(self) -> bool:
        """Do a job; whether there was one."""
        job = self._boss.fetch(self._queue)
        if job is None:
            return False
        outcome, message = asyncio.run(self._do(job))
        output = {"outcome": outcome, "message": message}
        if outcome == "failed":
            self._boss.fail(job, output)
        else:
            self._boss.complete(job, output)
        self.done += 1
        return True

    async def _do(self, job: BossJob) -> tuple[str, str]:
        doing = asyncio.create_task(self._command(job))
        beating = asyncio.create_task(self._beat(job, doing))
        try:
            async with asyncio.timeout(job.expire_s):
                await asyncio.wait([doing])
            return doing.result()
        except TimeoutError:
            await _end(doing)
            return "failed", f"It took longer than {job.expire_s} seconds (expireInSeconds)."
        except asyncio.CancelledError:
            return "failed", _TAKEN
        except LeadloomError as error:
            return "failed", str(error)
        finally:
            beating.cancel()

    async def _command(self, job: BossJob) -> tuple[str, str]:
        words = command_of(job.data)
        return await run_command(words, Path(os.getcwd()), self._env, self._children)

    async def _beat(self, job: BossJob, doing: "asyncio.Task[tuple[str, str]]") -> None:
        """Say that it is being done, as often as the job wants to hear it.

        A job that was taken for dead is somebody else's: here it is not done any further.
        """
        is_ours = True
        while job.heartbeat_s and is_ours:
            await asyncio.sleep(job.heartbeat_s / 2)
            with contextlib.suppress(sa.exc.SQLAlchemyError):
                is_ours = await asyncio.to_thread(self._boss.touch, job)
        if not is_ours:
            doing.cancel()


async def _end(doing: "asyncio.Task[tuple[str, str]]") -> None:
    """Stop a command, and wait until it has: nobody is to do it again beside it."""
    doing.cancel()
    await asyncio.wait([doing])


def command_of(data: Any) -> list[str]:
    """Return the words of the command that a job's data holds. Raises UsageError."""
    words = data.get("command") if isinstance(data, dict) else None
    if not isinstance(words, list) or not words or not all(isinstance(w, str) for w in words):
        raise UsageError(
            'The job\'s data holds no command: send { command: ["enrich", "--budget", "5"] }.'
        )
    return words
