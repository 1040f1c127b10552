"""What happened, in the past tense, written in the transaction that did it.

Keys grow in the order of commits, since all who write to a database take turns.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.storage import bell, partitions
from leadloom.storage.database import Tx
from leadloom.storage.dialect import insert_rows
from leadloom.storage.tables import events, users
from leadloom.storage.upgrades.event_shapes import STATUSES, change

__all__ = ["STATUSES", "Event", "Happening", "change", "list_events", "record", "record_many"]

# (type, entity id, data)
Happening = tuple[str, int | None, dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to `entity` number `entity_id` ("lead.merged")."""

    id: int
    occurred_at: dt.datetime
    type: str
    entity: str
    entity_id: int | None
    run_id: int | None
    actor: str | None
    data: dict[str, Any] | None


def record(
    tx: Tx,
    type: str,
    entity_id: int | None,
    *,
    run_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write one event; its entity is the first word of `type`."""
    record_many(tx, [(type, entity_id, data)], run_id=run_id)


def record_many(
    tx: Tx,
    happened: Iterable[Happening],
    *,
    run_id: int | None = None,
) -> None:
    """Write events given as (type, entity id, data), and tell who listens."""
    rows = [
        {
            "workspace_id": tx.workspace_id,
            "occurred_at": tx.now,
            "type": type,
            "entity": _entity(type),
            "entity_id": entity_id,
            "run_id": run_id,
            "actor_id": tx.user_id,
            "data": data,
        }
        for type, entity_id, data in happened
    ]
    if not rows:
        return
    partitions.before_write(tx.conn, tx.now)
    insert_rows(tx.conn, events, rows)
    if bell.hears(tx.conn):
        bell.ring(tx.conn, _notices(rows, bell.last_given(tx.conn, events)))


def _entity(type: str) -> str:
    return type.partition(".")[0]


def _notices(rows: Sequence[dict[str, Any]], last: int) -> list[dict[str, Any]]:
    """Say of each type of event which was the last, and how many there were.

    However many rows, there are few types: what is told stays far from the 8,000 bytes allowed.
    """
    first = last - len(rows) + 1
    told: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows, first):
        count = told.get(row["type"], {"count": 0})["count"] + 1
        told[row["type"]] = {
            "id": number,
            "type": row["type"],
            "entity": row["entity"],
            "entity_id": row["entity_id"],
            "count": count,
        }
    return list(told.values())


def event_query(tx: Tx) -> sa.Select[Any]:
    """The query for events of this workspace with the name of who acted; see `event_of`."""
    return (
        sa.select(events, users.c.name.label("actor"))
        .outerjoin(users, users.c.id == events.c.actor_id)
        .where(events.c.workspace_id == tx.workspace_id)
    )


def event_of(row: Any) -> Event:
    """Make an event of a row of `event_query`."""
    return Event(
        row.id,
        row.occurred_at,
        row.type,
        row.entity,
        row.entity_id,
        row.run_id,
        row.actor,
        row.data,
    )


def list_events(tx: Tx, entity: str, entity_ids: Sequence[int], limit: int = 1_000) -> list[Event]:
    """Return what happened to these rows, newest first."""
    query = (
        event_query(tx)
        .where(events.c.entity == entity, events.c.entity_id.in_(entity_ids))
        .order_by(events.c.id.desc())
        .limit(limit)
    )
    return [event_of(row) for row in tx.conn.execute(query)]
