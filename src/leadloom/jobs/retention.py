"""How long jobs are remembered when they are over."""

import sqlalchemy as sa

from leadloom.config import get_setting
from leadloom.jobs import place
from leadloom.jobs.jobs import Jobs
from leadloom.storage import walls
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import workspaces


def keep_days(db: Database) -> int:
    """Return the setting keep_jobs_days; the longest of any workspace, as they share the engine."""
    with db.read() as conn:
        homes = list(conn.scalars(sa.select(workspaces.c.id)))
    days = []
    for home in homes:
        with db.read() as conn:
            walls.enter(conn, home)
            days.append(int(str(get_setting(Tx(conn, db.now(), home, 0), "keep_jobs_days").value)))
    return max(days)


def forget_old(db: Database) -> int | None:
    """Delete the jobs that were over longer ago than that; return how many, None: there are none.

    An engine that was never used is not started for it.
    """
    if not place.is_there(db):
        return None
    with Jobs(db) as jobs:
        return jobs.forget_old(db.now(), keep_days(db))
