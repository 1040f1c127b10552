"""How long events are remembered."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.storage import partitions, walls
from leadloom.storage.database import Database
from leadloom.storage.dialect import among
from leadloom.storage.tables import events

# Deleted in one transaction; others write in between.
_BATCH = 5_000
# An undo goes back to what these say a draft was before, however long ago that is.
_NEEDED = ("message.redrafted",)


def forget_old(db: Database, kept: Mapping[int, int]) -> int:
    """Delete the events of months that no longer count; return how many.

    `kept`: for how many months each workspace, by its key, remembers them, 0 for ever. Whole months
    go, counted in UTC. The newest event of a workspace stays: it tells indexes and listeners how
    far they are.
    """
    ends = {home: _end(db.now(), months) for home, months in kept.items() if months}
    gone = sum(_forget(db, home, end) for home, end in ends.items())
    if gone:
        with db.write() as conn:
            partitions.drop_empty(conn, events.name, max(ends.values()))
    return gone


def _end(now: dt.datetime, months: int) -> dt.datetime:
    """Return the beginning of the first month that counts."""
    this = partitions.month_of(now)
    year, month = divmod(this.year * 12 + this.month - 1 - months, 12)
    return dt.datetime(year, month + 1, 1, tzinfo=dt.UTC)


def _forget(db: Database, home: int, end: dt.datetime) -> int:
    gone = 0
    while True:
        with db.write() as conn:
            walls.enter(conn, home)
            keys: Sequence[int] = conn.scalars(_old(conn, home, end)).all()
            old = events.delete().where(among(conn, events.c.id, keys), events.c.occurred_at < end)
            gone += conn.execute(old).rowcount if keys else 0
        if len(keys) < _BATCH:
            return gone


def _old(conn: sa.Connection, home: int, end: dt.datetime) -> sa.Select[Any]:
    mine = events.c.workspace_id == home
    newest = conn.scalar(sa.select(sa.func.max(events.c.id)).where(mine)) or 0
    return (
        sa.select(events.c.id)
        .where(
            mine,
            events.c.occurred_at < end,
            events.c.id < newest,
            events.c.type.not_in(_NEEDED),
        )
        .order_by(events.c.id)
        .limit(_BATCH)
    )
