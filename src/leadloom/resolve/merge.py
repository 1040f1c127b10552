"""Merging is a pointer: the younger lead (or company) says which one speaks for it.

Records, keys, groups, messages all stay where they are and are read through the pointer, so
cutting it restores everything, whatever happened in between.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from leadloom.errors import ConflictError
from leadloom.events.event import Happening, record_many
from leadloom.resolve.entity import COMPANY, LEAD, Entity
from leadloom.resolve.family import merged_into, root_of
from leadloom.resolve.firm_shelf import refold_companies
from leadloom.resolve.judgement import say
from leadloom.resolve.shelf import load_leads, store_leads
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among


def merge(tx: Tx, kept: int, absorbed: int, run_id: int, entity: Entity = LEAD) -> None:
    """Let lead `kept` speak for lead `absorbed` too, on a person's word.

    Raises ConflictError when they are one lead already, or either was deleted.
    """
    kept, absorbed = root_of(tx, kept, entity), root_of(tx, absorbed, entity)
    if kept == absorbed:
        raise ConflictError(f"These two are one {entity.noun} already.")
    _check_alive(tx, [kept, absorbed], entity)
    say(tx, kept, absorbed, "same", run_id, entity)
    point(tx, absorbed, kept, entity)
    record_many(tx, woven(tx, [(kept, absorbed)], entity), run_id=run_id)
    refold(tx, [kept], run_id, entity)


def _check_alive(tx: Tx, ids: Collection[int], entity: Entity) -> None:
    """Whoever was deleted would take a living lead along, or come back unasked."""
    rows = entity.table
    query = sa.select(rows.c.uuid).where(
        among(tx.conn, rows.c.id, ids), rows.c.deleted_at.is_not(None)
    )
    if (gone := tx.conn.scalars(query).first()) is not None:
        what = entity.noun.capitalize()
        raise ConflictError(f"{what} {gone} was deleted: restore it before merging.")


def woven(tx: Tx, pairs: Sequence[tuple[int, int]], entity: Entity = LEAD) -> list[Happening]:
    """Return the events of merges, given as (kept, absorbed)."""
    names = uuids_of(tx, {key for pair in pairs for key in pair}, entity)
    happened: list[Happening] = []
    for kept, absorbed in pairs:
        happened.append((f"{entity.noun}.merged", kept, {"absorbed": names[absorbed]}))
        happened.append((f"{entity.noun}.absorbed", absorbed, {"by": names[kept]}))
    return happened


def parted(tx: Tx, old_root: int, part: int, entity: Entity = LEAD) -> list[Happening]:
    """Return the events of an unmerge."""
    names = uuids_of(tx, {old_root, part}, entity)
    return [
        (f"{entity.noun}.unmerged", old_root, {"returned": names[part]}),
        (f"{entity.noun}.returned", part, {"from": names[old_root]}),
    ]


def uuids_of(tx: Tx, ids: Collection[int], entity: Entity = LEAD) -> dict[int, str]:
    """Return by which id the outside knows these leads."""
    own = entity.table.c
    query = sa.select(own.id, own.uuid).where(among(tx.conn, own.id, ids))
    return {row.id: str(row.uuid) for row in tx.conn.execute(query)}


def point(tx: Tx, younger: int, older: int, entity: Entity = LEAD) -> None:
    """Write the pointer from `younger` to `older`, for all that `younger` spoke for too."""
    rows = entity.table
    tx.conn.execute(rows.update().where(rows.c.id == younger).values(merged_into=older))
    tx.conn.execute(
        rows.update()
        .where(sa.or_(rows.c.id == younger, rows.c.root_id == younger))
        .values(root_id=older)
    )


def cut(tx: Tx, part: int, entity: Entity = LEAD) -> None:
    """Take the pointer of `part` away; those merged into it before stay with it."""
    rows, members = entity.table, _below(tx, part, entity)
    tx.conn.execute(rows.update().where(rows.c.id == part).values(merged_into=None, root_id=None))
    if members:
        tx.conn.execute(rows.update().where(rows.c.id.in_(members)).values(root_id=part))


def refold(tx: Tx, roots: list[int], run_id: int, entity: Entity = LEAD) -> dict[int, list[str]]:
    """Fold leads (or companies) afresh from their records; return what changed, by id."""
    if entity is COMPANY:
        return refold_companies(tx, roots, run_id)
    states = load_leads(tx, roots)
    for state in states.values():
        state.is_touched = True
    return store_leads(tx, list(states.values()), {}, run_id)


def _below(tx: Tx, part: int, entity: Entity) -> list[int]:
    """Return all leads merged into `part`, directly or by others."""
    found: list[int] = []
    root, layer = root_of(tx, part, entity), [part]
    while layer := merged_into(tx, layer, root, entity):
        found += layer
    return found
