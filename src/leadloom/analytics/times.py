"""How long things take: runs by their kind, and from a lead's arrival to the first draft."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.days import seconds
from leadloom.storage.tables import leads, messages, runs

_EDIT: Final = "edit"
# (seconds, name): the last of them has no end.
STEPS: Final[tuple[tuple[float, str], ...]] = (
    (60, "within a minute"),
    (3_600, "within an hour"),
    (86_400, "within a day"),
    (7 * 86_400, "within a week"),
    (float("inf"), "later"),
)


@dataclass(frozen=True, slots=True)
class RunTimes:
    """The finished runs of a kind: how many, what they went through, and how long that took."""

    kind: str
    runs: int
    completed: int
    records: int
    seconds: float

    @property
    def per_thousand_s(self) -> float | None:
        """Seconds a thousand records took; None when there were none."""
        return 1_000 * self.seconds / self.records if self.records else None

    @property
    def rate(self) -> float:
        """The share of runs that came to their end, from 0 to 1."""
        return self.completed / self.runs


@dataclass(frozen=True, slots=True)
class Waits:
    """How long leads that were written to waited for their first draft, from their arrival on.

    `by_step`: how many, by the names of `STEPS`; `median_s` is None when nobody was written to.
    """

    leads: int
    median_s: float | None
    by_step: dict[str, int]


def run_times(tx: Tx, days: int = 30) -> list[RunTimes]:
    """Return how long the runs of the last days took, edits by hand left out, by kind."""
    took = seconds(tx.conn, runs.c.finished_at) - seconds(tx.conn, runs.c.started_at)
    completed = sa.case((runs.c.status == "completed", 1), else_=0)
    query = (
        sa.select(
            runs.c.kind,
            sa.func.count(),
            sa.func.sum(completed),
            sa.func.sum(runs.c.processed),
            sa.func.sum(took),
        )
        .where(
            runs.c.workspace_id == tx.workspace_id,
            runs.c.kind != _EDIT,
            runs.c.finished_at.is_not(None),
            runs.c.started_at.is_not(None),
            runs.c.created_at >= tx.now - dt.timedelta(days=days),
        )
        .group_by(runs.c.kind)
        .order_by(runs.c.kind)
    )
    return [
        RunTimes(kind, count, int(whole), int(done), float(length))
        for kind, count, whole, done, length in tx.conn.execute(query)
    ]


def waits(tx: Tx) -> Waits:
    """Return how long it took from a lead's arrival to the first draft for it."""
    wait = _waits(tx).subquery()
    within = sa.case(
        *((wait.c.wait < limit, number) for number, (limit, _) in enumerate(STEPS[:-1])),
        else_=len(STEPS) - 1,
    )
    counted = tx.conn.execute(sa.select(within, sa.func.count()).group_by(within))
    found = {STEPS[number][1]: count for number, count in counted}
    total = sum(found.values())
    middle = sa.select(wait.c.wait).order_by(wait.c.wait).limit(1).offset(total // 2)
    median = tx.conn.scalar(middle) if total else None
    by_step = {name: found.get(name, 0) for _, name in STEPS}
    return Waits(total, None if median is None else max(0.0, float(median)), by_step)


def _waits(tx: Tx) -> sa.Select[Any]:
    """The query for the seconds from each lead's arrival to its first draft."""
    first = (
        sa.select(messages.c.lead_id, sa.func.min(messages.c.created_at).label("at"))
        .where(messages.c.workspace_id == tx.workspace_id)
        .group_by(messages.c.lead_id)
        .subquery()
    )
    wait = seconds(tx.conn, first.c.at) - seconds(tx.conn, leads.c.created_at)
    return sa.select(wait.label("wait")).join_from(first, leads, leads.c.id == first.c.lead_id)
