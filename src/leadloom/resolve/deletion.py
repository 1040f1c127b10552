"""Deleting and restoring: a person's word about a lead, kept as a record, so that it can be undone.

The record says nothing of the lead itself, so it is not folded; its outcome is the word. The last
one counts.
"""

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from leadloom.events.event import record
from leadloom.runs.source import PERSON, find_or_add_source
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, insert_rows, reserve_ids
from leadloom.storage.tables import leads, records

BY_HAND = "you"
"""The source of all that is typed."""

DELETED, RESTORED = "deleted", "restored"


class Deletion(NamedTuple):
    """That a lead was deleted or restored, by record key."""

    record_id: int
    lead: int
    is_deleted: bool


def set_deleted(tx: Tx, lead: int, run_id: int, *, is_deleted: bool, position: int = 1) -> None:
    """Delete or restore a lead; `position`: the how-manyth of its run it is."""
    word = DELETED if is_deleted else RESTORED
    row = {
        "id": reserve_ids(tx.conn, records, 1)[0],
        "workspace_id": tx.workspace_id,
        "run_id": run_id,
        "source_id": find_or_add_source(tx, BY_HAND, PERSON).id,
        "position": position,
        "observed_at": tx.now,
        "lead_id": lead,
        "is_pinned": True,
        "policy": 0,
        "status": word,
        "attempts": 1,
        **tx.stamp(),
    }
    insert_rows(tx.conn, records, [row])
    by = {"deleted_at": tx.now, "deleted_by": tx.user_id} if is_deleted else _ALIVE
    tx.conn.execute(leads.update().where(leads.c.id == lead).values(**by, **tx.touch()))
    record(tx, f"lead.{word}", lead, run_id=run_id)


_ALIVE = {"deleted_at": None, "deleted_by": None}
_SAYS_SO = sa.and_(records.c.status.in_((DELETED, RESTORED)), records.c.withdrawn_at.is_(None))


def deletions_of(tx: Tx, ids: Collection[int]) -> list[Deletion]:
    """Return what people said of deleting these leads, in the order they did."""
    query = sa.select(records.c.id, records.c.lead_id, records.c.status).where(
        among(tx.conn, records.c.lead_id, ids), _SAYS_SO
    )
    found = tx.conn.execute(query.order_by(records.c.id))
    return [Deletion(row.id, row.lead_id, row.status == DELETED) for row in found]


def deleted_in(tx: Tx, run_id: int) -> list[int]:
    """Return the leads that a run deleted or restored."""
    query = sa.select(records.c.lead_id).where(records.c.run_id == run_id, _SAYS_SO)
    return [lead for lead in tx.conn.scalars(query) if lead is not None]


def recount(tx: Tx, ids: Collection[int], run_id: int) -> int:
    """Let the last word left about deleting each of these leads count; return how many changed."""
    changed = 0
    last = {one.lead: one for one in deletions_of(tx, ids)}
    query = sa.select(leads.c.id, leads.c.deleted_at).where(among(tx.conn, leads.c.id, ids))
    for row in tx.conn.execute(query).all():
        word = last.get(row.id)
        is_deleted = word is not None and word.is_deleted
        if is_deleted == (row.deleted_at is not None):
            continue
        by = _said_by(tx, word.record_id) if word and is_deleted else _ALIVE
        tx.conn.execute(leads.update().where(leads.c.id == row.id).values(**by, **tx.touch()))
        happened = DELETED if is_deleted else RESTORED
        record(tx, f"lead.{happened}", row.id, run_id=run_id)
        changed += 1
    return changed


def _said_by(tx: Tx, record_id: int) -> dict[str, object]:
    query = sa.select(records.c.created_at, records.c.created_by).where(records.c.id == record_id)
    said = tx.conn.execute(query).one()
    return {"deleted_at": said.created_at, "deleted_by": said.created_by}
