"""What an event says of a change: the names of the fields, and statuses before and after.

Values are not repeated in events: they are in the facts, where they can be erased.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.storage.tables import events

STATUSES = ("status", "stage", "lead_status", "enrichment_status", "email_status")


def change(difference: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return the data of an event about {field: [old, new]}."""
    data: dict[str, Any] = {"changed": list(difference)}
    moved = {name: difference[name] for name in STATUSES if name in difference}
    if moved:
        data["old"] = {name: old for name, (old, _) in moved.items()}
        data["new"] = {name: new for name, (_, new) in moved.items()}
    return data


def name_changed_fields(conn: sa.Connection, after: int, limit: int) -> int | None:
    """Bring events that still hold values to this shape: a step of a backfill."""
    query = (
        sa.select(events.c.id, events.c.type, events.c.data)
        .where(events.c.id > after)
        .order_by(events.c.id)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    updates = [
        {"key": row.id, "new": {**row.data, **change(row.data["changed"])}}
        for row in rows
        if row.data and isinstance(row.data.get("changed"), dict)
    ]
    if updates:
        named = events.update().where(events.c.id == sa.bindparam("key"))
        conn.execute(named.values(data=sa.bindparam("new")), updates)
    return rows[-1].id if rows else None
