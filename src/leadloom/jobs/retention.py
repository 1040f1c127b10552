"""How long jobs are remembered when they are over."""

from leadloom.config import get_setting
from leadloom.jobs import place
from leadloom.jobs.jobs import Jobs
from leadloom.storage.database import Database
from leadloom.storage.rounds import reading_each


def keep_days(db: Database) -> int:
    """Return the setting keep_jobs_days; the longest of any workspace, as they share the engine."""
    return max(int(str(get_setting(tx, "keep_jobs_days").value)) for tx in reading_each(db))


def forget_old(db: Database) -> int | None:
    """Delete the jobs that were over longer ago than that; return how many, None: there are none.

    An engine that was never used is not started for it.
    """
    if not place.is_there(db):
        return None
    with Jobs(db) as jobs:
        return jobs.forget_old(db.now(), keep_days(db))
