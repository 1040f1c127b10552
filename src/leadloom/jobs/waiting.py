"""Jobs that somebody added and nobody has begun, written down in the database itself.

The engine knows what it is to do; but its state is in no backup and no copy. There these rows tell
what waited. Of what the engine of a place does not know, only a person can say whether it is to be
done there: the database it came from may be alive, and do it, too.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from leadloom.jobs.job import Job, Wish, wish_of
from leadloom.jobs.jobs import Jobs
from leadloom.storage import walls
from leadloom.storage.database import Database, Tx
from leadloom.storage.dialect import insert_new
from leadloom.storage.rounds import reading_each
from leadloom.storage.tables import waiting_jobs

CAME_ALONG = "It came with a backup or a copy: resume it to have it done."
_OVER = ("completed", "failed", "cancelled", "active")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits: its id, what is wanted, and from when on."""

    job_id: str
    wish: Wish
    created_at: dt.datetime
    start_after: dt.datetime | None

    def job(self) -> Job:
        """Return it as a job that somebody has to resume."""
        wish = self.wish
        return Job(
            id=self.job_id,
            name=wish.name,
            data=wish.data,
            state="paused",
            priority=wish.priority,
            retry_limit=wish.retry_limit,
            retry_count=0,
            retry_delay_s=wish.retry_delay_s,
            retry_backoff=wish.retry_backoff,
            start_after=self.start_after,
            started_at=None,
            singleton_key=wish.singleton_key,
            expire_in_s=wish.expire_in_s,
            created_at=self.created_at,
            completed_at=None,
            keep_until=None,
            output=CAME_ALONG,
            worker=None,
        )


def keep(tx: Tx, job_id: str, wish: Wish) -> None:
    """Write down that a job waits; one that is written down already stays as it is."""
    after = tx.now + dt.timedelta(seconds=wish.start_after_s) if wish.start_after_s else None
    row = {
        "workspace_id": tx.workspace_id,
        "job_id": job_id,
        "name": wish.name,
        "data": dict(wish.data),
        "terms": wish.terms(),
        "priority": wish.priority,
        "start_after": after,
        **tx.stamp(),
    }
    insert_new(tx.conn, waiting_jobs, [row])


def forget(tx: Tx, job_ids: Collection[str]) -> None:
    """Take out jobs that wait no more: begun, cancelled, or over."""
    tx.conn.execute(
        waiting_jobs.delete().where(
            waiting_jobs.c.workspace_id == tx.workspace_id, waiting_jobs.c.job_id.in_(job_ids)
        )
    )


def came_along(tx: Tx, queue: Jobs | None) -> list[Waiting]:
    """Return the workspace's jobs that the engine here knows nothing of, newest first."""
    found = _list(tx)
    known = queue.states([one.job_id for one in found]) if queue and found else {}
    return [one for one in found if one.job_id not in known]


def _list(tx: Tx) -> list[Waiting]:
    query = (
        sa.select(waiting_jobs)
        .where(waiting_jobs.c.workspace_id == tx.workspace_id)
        .order_by(waiting_jobs.c.id.desc())
    )
    return [_waiting(row, tx.now) for row in tx.conn.execute(query)]


def _waiting(row: Any, now: dt.datetime) -> Waiting:
    left = (row.start_after - now).total_seconds() if row.start_after else 0.0
    wish = Wish(
        row.name, row.data, priority=row.priority, start_after_s=max(left, 0.0), **row.terms
    )
    return Waiting(row.job_id, wish, row.created_at, row.start_after)


def keep_older(db: Database, queue: Jobs, name: str) -> None:
    """Write down the jobs of a name that wait and were added by a release that did not."""
    for job in queue.waiting(name):
        left = (job.start_after - db.now()).total_seconds() if job.start_after else 0.0
        wish = replace(wish_of(job), start_after_s=max(left, 0.0))
        with db.write() as conn:
            walls.enter(conn, job.data["workspace"])
            tx = Tx(conn, db.now(), job.data["workspace"], job.data["user"])
            keep(tx, job.id, wish)


def sweep(db: Database, queue: Jobs) -> int:
    """Take out what the engine has begun long since; return how many came along from elsewhere.

    After a backup is put back in its own place, its jobs may have been done meanwhile: they are not
    done again.
    """
    others = 0
    waiting = [(tx.workspace_id, [one.job_id for one in _list(tx)]) for tx in reading_each(db)]
    for home, found in waiting:
        known = queue.states(found) if found else {}
        others += len(found) - len(known)
        if gone := [key for key, state in known.items() if state in _OVER]:
            with db.write() as conn:
                walls.enter(conn, home)
                forget(Tx(conn, db.now(), home, 0), gone)
    return others
