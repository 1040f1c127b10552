"""Records from before they were packed, or for a version that packed otherwise, in its shape."""

import sqlalchemy as sa

from leadloom.storage.dialect import update_rows
from leadloom.storage.packing import Packed, is_packed, is_packed_anew, unpack
from leadloom.storage.packing import pack_as_before as packed_as_before
from leadloom.storage.tables import metadata, records

_TEXTS = (records.c.original, records.c.facts)
_AT_A_TIME = 2_000

# From this revision on, what is packed is packed so that versions before could not read it.
PACKED_ANEW = "0015"


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


def pack_as_before(conn: sa.Connection) -> None:
    """Pack all that versions before revision 0015 could not read as they did."""
    there = set(sa.inspect(conn).get_table_names())
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Packed) and table.name in there:
                _pack_column(conn, table, column)


def _pack_column(conn: sa.Connection, table: sa.Table, column: sa.Column[str]) -> None:
    stored = sa.type_coerce(column, sa.types.NULLTYPE).label("stored")
    change = (
        table.update()
        .where(table.c.id == sa.bindparam("key"))
        .values({column.name: sa.bindparam("packed", type_=column.type)})
    )
    last = -1
    query = sa.select(table.c.id, stored).order_by(table.c.id).limit(_AT_A_TIME)
    while rows := conn.execute(query.where(table.c.id > last)).all():
        last = rows[-1].id
        anew = [
            {"key": row.id, "packed": packed_as_before(unpack(row.stored))}
            for row in rows
            if is_packed_anew(row.stored)
        ]
        if anew:
            conn.execute(change, anew)
