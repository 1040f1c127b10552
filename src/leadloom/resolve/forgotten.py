"""Who was forgotten and is not to come back: told by hashes, and passed over unread."""

from collections.abc import Sequence

import sqlalchemy as sa

from leadloom.resolve.arrival import Placed
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import erasure_keys

REASON = "this person was forgotten on request"

_ANY = sa.select(erasure_keys.c.hash).limit(1)


def pass_over_forgotten(tx: Tx, batch: Sequence[Placed]) -> None:
    """Skip the arrivals that speak of somebody forgotten; nothing they hold is kept."""
    here = erasure_keys.c.workspace_id == tx.workspace_id
    if tx.conn.scalar(_ANY.where(here)) is None:
        return
    met = {key for placed in batch for key in placed.arrival.lead_keys}
    query = sa.select(erasure_keys.c.hash).where(
        here, among(tx.conn, erasure_keys.c.hash, sorted(met))
    )
    known = set(tx.conn.scalars(query))
    for placed in batch:
        if known.intersection(placed.arrival.lead_keys):
            placed.arrival = placed.arrival._replace(
                external_id=None,
                external_url=None,
                original=None,
                facts=None,
                digest=None,
                lead_keys=(),
                company_facts={},
                company_keys=(),
                columns=None,
                problems=None,
                pinned=None,
                verdict="skipped",
                reason=REASON,
            )
