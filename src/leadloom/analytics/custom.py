"""Which fields of their own people keep about leads."""

from collections import Counter
from typing import Final

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.tables import leads

NEWEST: Final = 20_000


def custom_fields(tx: Tx) -> dict[str, int]:
    """Return how many leads have each custom field, most first, of the `NEWEST` that have any."""
    query = (
        sa.select(leads.c.custom)
        .where(
            leads.c.workspace_id == tx.workspace_id,
            leads.c.root_id.is_(None),
            leads.c.deleted_at.is_(None),
            leads.c.custom.is_not(None),
        )
        .order_by(leads.c.id.desc())
        .limit(NEWEST)
    )
    counts: Counter[str] = Counter()
    for own in tx.conn.scalars(query):
        counts.update(list(own))
    return dict(counts.most_common())
