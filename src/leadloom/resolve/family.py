"""Who speaks for whom: what the pointers of merges say."""

from collections.abc import Collection

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import leads


def root_of(tx: Tx, lead_id: int) -> int:
    """Return the lead that speaks for this one (itself, unless it was merged)."""
    query = sa.select(sa.func.coalesce(leads.c.root_id, leads.c.id)).where(leads.c.id == lead_id)
    root: int = tx.conn.execute(query).scalar_one()
    return root


def roots_of(tx: Tx, ids: Collection[int]) -> set[int]:
    """Return the leads that speak for these; ids of nobody are left out."""
    roots: set[int] = set()
    for some in chunks(sorted(ids)):
        query = sa.select(sa.func.coalesce(leads.c.root_id, leads.c.id)).where(
            leads.c.workspace_id == tx.workspace_id, among(tx.conn, leads.c.id, some)
        )
        roots.update(tx.conn.scalars(query))
    return roots


def members_of(tx: Tx, root: int) -> list[int]:
    """Return a lead and all it speaks for."""
    query = sa.select(leads.c.id).where(sa.or_(leads.c.id == root, leads.c.root_id == root))
    return list(tx.conn.scalars(query))


def pointers_of(tx: Tx, ids: Collection[int]) -> dict[int, int]:
    """Return which lead speaks for each of these; those that speak for themselves are left out."""
    found: dict[int, int] = {}
    for some in chunks(sorted(ids)):
        query = sa.select(leads.c.id, leads.c.root_id).where(
            among(tx.conn, leads.c.id, some), leads.c.root_id.is_not(None)
        )
        found.update((row.id, row.root_id) for row in tx.conn.execute(query))
    return found
