"""Merging is a pointer: the younger lead says which one speaks for it.

Records, keys, groups, messages all stay where they are and are read through the pointer, so
cutting it restores everything, whatever happened in between.
"""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.errors import ConflictError
from leadloom.events.event import Happening, record_many
from leadloom.resolve.judgement import write_judgement
from leadloom.resolve.shelf import load_leads, store_leads
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import judgements, leads


def merge(tx: Tx, kept: int, absorbed: int, run_id: int) -> None:
    """Let lead `kept` speak for lead `absorbed` too, on a person's word.

    Raises ConflictError when they are one lead already.
    """
    kept, absorbed = root_of(tx, kept), root_of(tx, absorbed)
    if kept == absorbed:
        raise ConflictError("These two are one lead already.")
    write_judgement(tx, kept, absorbed, "same", is_person=True, run_id=run_id)
    point(tx, absorbed, kept)
    record_many(tx, woven(tx, [(kept, absorbed)]), run_id=run_id)
    refold(tx, [kept], run_id)


def unmerge(tx: Tx, lead_id: int, run_id: int) -> int:
    """Give an absorbed lead back to itself, with all it had and absorbed before; return its id.

    Named by the lead that absorbed it, the latest merge is undone. A person's word from now on:
    the two are never woven together again. Raises ConflictError when nothing was merged.
    """
    part = _merged_part(tx, lead_id)
    old_root = root_of(tx, part)
    parent = tx.conn.execute(sa.select(leads.c.merged_into).where(leads.c.id == part)).scalar_one()
    cut(tx, part)
    write_judgement(tx, parent, part, "different", is_person=True, run_id=run_id)
    record_many(tx, parted(tx, old_root, part), run_id=run_id)
    refold(tx, [old_root, part], run_id)
    return part


def woven(tx: Tx, pairs: Sequence[tuple[int, int]]) -> list[Happening]:
    """Return the events of merges, given as (kept, absorbed)."""
    names = uuids_of(tx, {key for pair in pairs for key in pair})
    happened: list[Happening] = []
    for kept, absorbed in pairs:
        happened.append(("lead.merged", kept, {"absorbed": names[absorbed]}))
        happened.append(("lead.absorbed", absorbed, {"by": names[kept]}))
    return happened


def parted(tx: Tx, old_root: int, part: int) -> list[Happening]:
    """Return the events of an unmerge."""
    names = uuids_of(tx, {old_root, part})
    return [
        ("lead.unmerged", old_root, {"returned": names[part]}),
        ("lead.returned", part, {"from": names[old_root]}),
    ]


def uuids_of(tx: Tx, ids: Collection[int]) -> dict[int, str]:
    """Return by which id the outside knows these leads."""
    query = sa.select(leads.c.id, leads.c.uuid).where(among(tx.conn, leads.c.id, ids))
    return {row.id: str(row.uuid) for row in tx.conn.execute(query)}


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


def point(tx: Tx, younger: int, older: int) -> None:
    """Write the pointer from `younger` to `older`, for all that `younger` spoke for too."""
    tx.conn.execute(leads.update().where(leads.c.id == younger).values(merged_into=older))
    tx.conn.execute(
        leads.update()
        .where(sa.or_(leads.c.id == younger, leads.c.root_id == younger))
        .values(root_id=older)
    )


def cut(tx: Tx, part: int) -> None:
    """Take the pointer of `part` away; those merged into it before stay with it."""
    members = _below(tx, part)
    tx.conn.execute(leads.update().where(leads.c.id == part).values(merged_into=None, root_id=None))
    if members:
        tx.conn.execute(leads.update().where(leads.c.id.in_(members)).values(root_id=part))


def refold(tx: Tx, roots: list[int], run_id: int) -> dict[int, list[str]]:
    """Fold leads afresh from their records; return what changed, by id."""
    states = load_leads(tx, roots)
    for state in states.values():
        state.is_touched = True
    return store_leads(tx, list(states.values()), {}, run_id)


def _merged_part(tx: Tx, lead_id: int) -> int:
    merged = tx.conn.scalar(sa.select(leads.c.merged_into).where(leads.c.id == lead_id))
    if merged is not None:
        return lead_id
    latest = _latest_merged_into(tx, lead_id)
    if latest is None:
        raise ConflictError("Nothing was merged into this lead, nor this lead into another.")
    return latest


def _latest_merged_into(tx: Tx, lead_id: int) -> int | None:
    children = list(tx.conn.scalars(sa.select(leads.c.id).where(leads.c.merged_into == lead_id)))
    if not children:
        return None
    query = (
        sa.select(judgements.c.low_id, judgements.c.high_id)
        .where(
            judgements.c.workspace_id == tx.workspace_id,
            judgements.c.entity == "lead",
            judgements.c.verdict == "same",
            sa.or_(judgements.c.low_id == lead_id, judgements.c.high_id == lead_id),
        )
        .order_by(judgements.c.updated_at.desc(), judgements.c.id.desc())
    )
    for low, high in tx.conn.execute(query):
        other = high if low == lead_id else low
        if other in children:
            return int(other)
    return int(max(children))


def _below(tx: Tx, part: int) -> list[int]:
    """Return all leads merged into `part`, directly or by others."""
    found: list[int] = []
    layer = [part]
    while layer:
        query = sa.select(leads.c.id).where(leads.c.merged_into.in_(layer))
        layer = list(tx.conn.scalars(query))
        found += layer
    return found


def members_of(tx: Tx, root: int) -> list[int]:
    """Return a lead and all it speaks for."""
    query: Any = sa.select(leads.c.id).where(sa.or_(leads.c.id == root, leads.c.root_id == root))
    return list(tx.conn.scalars(query))
