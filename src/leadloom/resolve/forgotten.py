"""Who was forgotten and is not to come back: told by hashes, and passed over unread."""

from collections.abc import Sequence

import sqlalchemy as sa

from leadloom.resolve.arrival import Placed
from leadloom.storage.database import Tx
from leadloom.storage.dialect import rows_among
from leadloom.storage.tables import erasure_keys

REASON = "this person was forgotten on request"

_HERE = erasure_keys.c.workspace_id == sa.bindparam("workspace")
_ALL = sa.select(erasure_keys.c.hash).where(_HERE)
_ANY = _ALL.limit(1)


def pass_over_forgotten(tx: Tx, batch: Sequence[Placed]) -> None:
    """Skip the arrivals that speak of somebody forgotten; nothing they hold is kept."""
    here = {"workspace": tx.workspace_id}
    if tx.conn.scalar(_ANY, here) is None:
        return
    met = {key for placed in batch for key in placed.arrival.lead_keys}
    known = {row.hash for row in rows_among(tx.conn, _ALL, erasure_keys.c.hash, met, **here)}
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
