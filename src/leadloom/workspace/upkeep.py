"""Looking after a database and all that lies beside it."""

import contextlib
import time
from collections.abc import Callable, Iterator
from functools import partial

import sqlalchemy as sa

from leadloom.accounts.acting import FIRST
from leadloom.accounts.workspace import list_workspaces
from leadloom.config import get_setting
from leadloom.events import retention as events_retention
from leadloom.jobs import retention
from leadloom.resolve.received import altered
from leadloom.search.indexes import Indexes
from leadloom.storage import walls
from leadloom.storage.database import Database, Tx
from leadloom.storage.health import maintenance
from leadloom.storage.health.check import CheckReport, Finding, OnCheck
from leadloom.storage.health.check import check as look
from leadloom.storage.health.maintenance import Step
from leadloom.storage.rounds import reading_each


def maintain(db: Database, *, is_full: bool = False) -> list[Step]:
    """Do what keeps a database and its search indexes fast, small and sound; say what was done.

    `is_full`: rewrite the database whole; see `storage.health.maintenance`.
    """
    forgotten = _step(db, "events", _forget_events)  # first, for their room is given back then
    steps = [forgotten, *maintenance.maintain(db, is_full=is_full)]
    for name, do in (("search", _tend_search), ("jobs", _forget_jobs)):
        steps.append(_step(db, name, do))
    return steps


def check(db: Database, *, full: bool, on_check: OnCheck) -> CheckReport:
    """Look for damage in a database; see `storage.health.check`."""
    return look(db, full=full, on_check=on_check, probes=[_altered])


def _altered(conn: sa.Connection) -> Iterator[Finding]:
    """Tell of records that are not what was received."""
    found = list(altered(conn))
    if found:
        first = max(found, key=lambda one: one.is_unreadable)
        others = f" (and {len(found) - 1:,} more are altered)" if len(found) > 1 else ""
        what = f"{first.place} in run {first.run} {first.problem}{others}"
        yield Finding("records", f"{what}: {first.advice}", len(found))


def _step(db: Database, name: str, do: Callable[[Database], str]) -> Step:
    began = time.monotonic()
    message = do(db)
    return Step(name, message, round(time.monotonic() - began, 3))


def search_index_bytes(db: Database) -> int:
    """Return what the search indexes of a database take on this machine's disk."""
    return Indexes(db).size_bytes()


def _tend_search(db: Database) -> str:
    """Bring every workspace's indexes up to date, and make anew what is damaged."""
    indexes = Indexes(db)
    with _reading(db, FIRST.workspace_id) as tx:
        homes = list_workspaces(tx)
    told: list[str] = []
    for home in homes:
        found = indexes.tend(home.key, partial(_reading, db, home.key))
        where = f"{home.name}: " if len(homes) > 1 else ""
        told += [f"{where}{name} {message}" for name, message in found.items()]
    return "; ".join(told) or "no index here yet: the first search makes it"


def _forget_jobs(db: Database) -> str:
    gone = retention.forget_old(db)
    if gone is None:
        return "no worker has worked here yet"
    return f"{gone:,} forgotten that were over" if gone else "none is over long enough"


def _forget_events(db: Database) -> str:
    setting = "keep_events_months"
    kept = {tx.workspace_id: int(str(get_setting(tx, setting).value)) for tx in reading_each(db)}
    gone = events_retention.forget_old(db, kept)
    return f"{gone:,} forgotten that were older than is kept" if gone else "none is too old"


@contextlib.contextmanager
def _reading(db: Database, workspace_id: int) -> Iterator[Tx]:
    with db.read() as conn:
        walls.enter(conn, workspace_id)
        yield Tx(conn, db.now(), workspace_id, FIRST.user_id)
