"""Events as a person reads them: what came many times over in one run is one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from leadloom.events.event import Event, event_of, event_query
from leadloom.events.feed import Choice
from leadloom.storage.database import Tx
from leadloom.storage.tables import events

# Events looked at for one page: a run writes some for each row it takes in.
LOOKED_AT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Digest:
    """Lines, the newest first: the last event of each, and how many it stands for.

    `older`: number of the event before which the next page begins; None at the end.
    """

    lines: Sequence[tuple[Event, int]]
    older: int | None


def digest(tx: Tx, choice: Choice, before: int | None, limit: int) -> Digest:
    """Return up to `limit` lines of what happened before an event (None: of the newest)."""
    wanted = [events.c.workspace_id == tx.workspace_id, choice.condition(tx)]
    if before:
        wanted.append(events.c.id < before)
    alone = sa.case((events.c.run_id.is_(None), events.c.id), else_=0).label("alone")
    seen = sa.select(events.c.id, events.c.type, events.c.run_id, alone).where(*wanted)
    looked_at = seen.order_by(events.c.id.desc()).limit(LOOKED_AT).subquery()
    counts = _counted(tx, _lines(looked_at, limit + 1))
    if len(counts) > limit:  # the page ends where a further line begins, in the midst of others
        older: int | None = min(counts) + 1
        counts = _counted(tx, _lines(looked_at, limit, after=min(counts)))
    else:
        older = _earliest(tx, looked_at)
    known = tx.conn.execute(event_query(tx).where(events.c.id.in_(list(counts))))
    lines = {row.id: event_of(row) for row in known}
    return Digest([(lines[last], counts[last]) for last in counts if last in lines], older)


def _lines(looked_at: sa.Subquery, limit: int, after: int = 0) -> sa.Select[int, int]:
    """The query for the last event of each line, and how many events it stands for."""
    of = looked_at.c
    last = sa.func.max(of.id).label("last")
    query = sa.select(last, sa.func.count().label("number")).where(of.id > after)
    return query.group_by(of.type, of.run_id, of.alone).order_by(last.desc()).limit(limit)


def _counted(tx: Tx, lines: sa.Select[int, int]) -> dict[int, int]:
    return {row.last: row.number for row in tx.conn.execute(lines)}


def _earliest(tx: Tx, looked_at: sa.Subquery) -> int | None:
    """Return the first event that was looked at, should there be earlier ones."""
    first, number = tx.conn.execute(
        sa.select(sa.func.min(looked_at.c.id), sa.func.count()).select_from(looked_at)
    ).one()
    return int(first) if number == LOOKED_AT else None
