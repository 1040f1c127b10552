"""Merging is a pointer: the younger lead says which one speaks for it.

Records, keys, groups, messages all stay where they are and are read through the pointer, so
cutting it restores everything, whatever happened in between.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from leadloom.errors import ConflictError
from leadloom.events.event import Happening, record_many
from leadloom.resolve.family import root_of
from leadloom.resolve.judgement import say
from leadloom.resolve.shelf import load_leads, store_leads
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import leads


def merge(tx: Tx, kept: int, absorbed: int, run_id: int) -> None:
    """Let lead `kept` speak for lead `absorbed` too, on a person's word.

    Raises ConflictError when they are one lead already, or either was deleted.
    """
    kept, absorbed = root_of(tx, kept), root_of(tx, absorbed)
    if kept == absorbed:
        raise ConflictError("These two are one lead already.")
    _check_alive(tx, [kept, absorbed])
    say(tx, kept, absorbed, "same", run_id)
    point(tx, absorbed, kept)
    record_many(tx, woven(tx, [(kept, absorbed)]), run_id=run_id)
    refold(tx, [kept], run_id)


def _check_alive(tx: Tx, ids: Collection[int]) -> None:
    """Whoever was deleted would take a living lead along, or come back unasked."""
    query = sa.select(leads.c.uuid).where(
        among(tx.conn, leads.c.id, ids), leads.c.deleted_at.is_not(None)
    )
    if (gone := tx.conn.scalars(query).first()) is not None:
        raise ConflictError(f"Lead {gone} was deleted: restore it before merging.")


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


def _below(tx: Tx, part: int) -> list[int]:
    """Return all leads merged into `part`, directly or by others."""
    found: list[int] = []
    layer = [part]
    while layer:
        query = sa.select(leads.c.id).where(leads.c.merged_into.in_(layer))
        layer = list(tx.conn.scalars(query))
        found += layer
    return found
