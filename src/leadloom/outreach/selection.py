"""Which leads are meant: by keys, by conditions, by group, as the leads that speak for them."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from leadloom.leads.conditions import condition
from leadloom.resolve.family import roots_of
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import leads, sources


def select_keys(
    tx: Tx,
    where: Sequence[str] = (),
    *,
    among: sa.Select[tuple[int]] | None = None,
    keys: Collection[int] | None = None,
) -> list[int]:
    """Return the inner keys of the leads that meet all of `where`, oldest first.

    `among` and `keys` narrow it further and then name deleted leads too, so that a caller can say
    why they are passed over. Raises UsageError for a condition that makes no sense.
    """
    query = (
        sa.select(leads.c.id)
        .outerjoin(sources, sources.c.id == leads.c.source_id)
        .where(leads.c.workspace_id == tx.workspace_id, leads.c.root_id.is_(None))
        .where(*(condition(leads, one) for one in where))
    )
    if among is not None:
        query = query.where(leads.c.id.in_(among))
    if keys is None:
        if among is None:
            query = query.where(leads.c.deleted_at.is_(None))
        return sorted(tx.conn.scalars(query))
    found: list[int] = []
    for some in chunks(sorted(roots_of(tx, keys))):
        found += sorted(tx.conn.scalars(query.where(leads.c.id.in_(some))))
    return found
