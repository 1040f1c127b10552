"""What happened, in the past tense, written in the transaction that did it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.dialect import insert_rows
from leadloom.storage.tables import events, users

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
    """Write events given as (type, entity id, data)."""
    rows = [
        {
            "workspace_id": tx.workspace_id,
            "occurred_at": tx.now,
            "type": type,
            "entity": type.partition(".")[0],
            "entity_id": entity_id,
            "run_id": run_id,
            "actor_id": tx.user_id,
            "data": data,
        }
        for type, entity_id, data in happened
    ]
    insert_rows(tx.conn, events, rows)


def list_events(tx: Tx, entity: str, entity_ids: Sequence[int], limit: int = 1_000) -> list[Event]:
    """Return what happened to these rows, newest first."""
    query = (
        sa.select(events, users.c.name.label("actor"))
        .outerjoin(users, users.c.id == events.c.actor_id)
        .where(
            events.c.workspace_id == tx.workspace_id,
            events.c.entity == entity,
            events.c.entity_id.in_(entity_ids),
        )
        .order_by(events.c.id.desc())
        .limit(limit)
    )
    return [
        Event(
            row.id,
            row.occurred_at,
            row.type,
            row.entity,
            row.entity_id,
            row.run_id,
            row.actor,
            row.data,
        )
        for row in tx.conn.execute(query)
    ]
