"""Records from before they were packed, brought to that shape."""

import sqlalchemy as sa

from leadloom.storage.dialect import update_rows
from leadloom.storage.packing import is_packed
from leadloom.storage.tables import records

_TEXTS = (records.c.original, records.c.facts)


def pack_records(conn: sa.Connection, after: int, limit: int) -> int | None:
    """Pack the records that are still plain text: a step of a backfill."""
    as_stored = [
        sa.type_coerce(text, sa.types.NULLTYPE).label(f"{text.name}_stored") for text in _TEXTS
    ]
    query = (
        sa.select(records.c.id, *_TEXTS, *as_stored)
        .where(records.c.id > after)
        .order_by(records.c.id)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    plain = [
        {"key": row.id, "original": row.original, "facts": row.facts}
        for row in rows
        if not (is_packed(row.original_stored) and is_packed(row.facts_stored))
    ]
    update_rows(conn, records, plain)
    return rows[-1].id if rows else None
