"""Leads found by keys of an earlier recipe get those of today's."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from leadloom.resolve.closure import read_record
from leadloom.resolve.keys import CROWDED
from leadloom.resolve.shelf import testimonies_of, write_keys
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import lead_keys, leads, records

NOBODY = 0


def rekey_leads(conn: sa.Connection, after: int, limit: int) -> int | None:
    """Write the keys that leads lack: a step of a backfill.

    Keys that nothing asks for any more stay; who is found by one is still judged.
    """
    query = (
        sa.select(leads.c.id, leads.c.workspace_id)
        .where(leads.c.id > after)
        .order_by(leads.c.id)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    by_workspace: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_workspace[row.workspace_id].append(row.id)
    for workspace, ids in by_workspace.items():
        _rekey(Tx(conn, dt.datetime.now(dt.UTC), workspace, NOBODY), ids)
    return rows[-1].id if rows else None


def _rekey(tx: Tx, ids: Sequence[int]) -> None:
    holders: dict[int, set[int]] = defaultdict(set)
    for row in testimonies_of(tx, records.c.lead_id, ids):
        for key in read_record(row).lead_keys:
            holders[key].add(row.lead_id)
    crowd = _crowd(tx, list(holders))
    free = [(key, found) for key, found in holders.items() if crowd[key] <= CROWDED]
    write_keys(tx, lead_keys, "lead_id", [([key], one) for key, found in free for one in found])


def _crowd(tx: Tx, keys: Sequence[int]) -> Counter[int]:
    """Return how many leads hold each of `keys` already."""
    query = (
        sa.select(lead_keys.c.hash, sa.func.count())
        .where(lead_keys.c.workspace_id == tx.workspace_id, among(tx.conn, lead_keys.c.hash, keys))
        .group_by(lead_keys.c.hash)
    )
    return Counter({row[0]: row[1] for row in tx.conn.execute(query)})
