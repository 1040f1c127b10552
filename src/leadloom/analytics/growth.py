"""How many leads came, week by week, and where they are from and stand today."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.days import day_number, day_of
from leadloom.storage.tables import leads

WEEK: Final = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `first` on (UTC): the leads added in them, and all there were at the end."""

    first: dt.date
    added: int
    total: int


def growth(tx: Tx, weeks: int = 26) -> list[Week]:
    """Return the last weeks, the present one last; the leads counted are those there today."""
    last = tx.now.date()
    first = last - WEEK * weeks + dt.timedelta(days=1)
    days = _added_by_day(tx)
    total = sum(count for day, count in days.items() if day < first)
    found = []
    for number in range(weeks):
        monday = first + WEEK * number
        added = sum(n for day, n in days.items() if monday <= day < monday + WEEK)
        total += added
        found.append(Week(monday, added, total))
    return found


def _added_by_day(tx: Tx) -> dict[dt.date, int]:
    day: Any = day_number(tx.conn, leads.c.created_at)
    query = (
        sa.select(day, sa.func.count())
        .where(
            leads.c.workspace_id == tx.workspace_id,
            leads.c.root_id.is_(None),
            leads.c.deleted_at.is_(None),
        )
        .group_by(day)
    )
    return {day_of(int(number)): count for number, count in tx.conn.execute(query)}
