"""Who speaks for whom: what the pointers of merges say."""

from collections.abc import Collection

import sqlalchemy as sa

from leadloom.resolve.entity import LEAD, Entity
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks


def root_of(tx: Tx, key: int, entity: Entity = LEAD) -> int:
    """Return the lead (or company) that speaks for this one (itself, unless it was merged)."""
    rows = entity.table
    query = sa.select(sa.func.coalesce(rows.c.root_id, rows.c.id)).where(rows.c.id == key)
    root: int = tx.conn.execute(query).scalar_one()
    return root


def roots_of(tx: Tx, ids: Collection[int], entity: Entity = LEAD) -> set[int]:
    """Return the leads that speak for these; ids of nobody are left out."""
    rows = entity.table
    roots: set[int] = set()
    for some in chunks(sorted(ids)):
        query = sa.select(sa.func.coalesce(rows.c.root_id, rows.c.id)).where(
            rows.c.workspace_id == tx.workspace_id, among(tx.conn, rows.c.id, some)
        )
        roots.update(tx.conn.scalars(query))
    return roots


def members_of(tx: Tx, root: int, entity: Entity = LEAD) -> list[int]:
    """Return a lead and all it speaks for."""
    rows = entity.table
    query = sa.select(rows.c.id).where(sa.or_(rows.c.id == root, rows.c.root_id == root))
    return list(tx.conn.scalars(query))


def merged_into(tx: Tx, heads: Collection[int], root: int, entity: Entity = LEAD) -> list[int]:
    """Return which of those that `root` speaks for were merged into one of `heads`."""
    rows = entity.table
    query = sa.select(rows.c.id).where(
        rows.c.root_id == root, among(tx.conn, rows.c.merged_into, heads)
    )
    return list(tx.conn.scalars(query))


def pointers_of(tx: Tx, ids: Collection[int], entity: Entity = LEAD) -> dict[int, int]:
    """Return which lead speaks for each of these; those that speak for themselves are left out."""
    rows = entity.table
    found: dict[int, int] = {}
    for some in chunks(sorted(ids)):
        query = sa.select(rows.c.id, rows.c.root_id).where(
            among(tx.conn, rows.c.id, some), rows.c.root_id.is_not(None)
        )
        found.update((row.id, row.root_id) for row in tx.conn.execute(query))
    return found
