"""Parting: a lead (or a company) that was merged speaks for itself again.

Cutting the pointer gives it back all that was its own. What came in while the two were one is with
the one that spoke for both, so it is decided again, between the two.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.errors import ConflictError
from leadloom.events.event import record_many
from leadloom.resolve.closure import close_companies, close_leads
from leadloom.resolve.desk import Desk, LeadState
from leadloom.resolve.entity import COMPANY, LEAD, Entity, entity_of
from leadloom.resolve.family import members_of, merged_into, root_of, roots_of
from leadloom.resolve.firm_hearing import shared_out
from leadloom.resolve.judgement import about_any, one_since, say
from leadloom.resolve.merge import cut, parted, refold
from leadloom.resolve.people import Person
from leadloom.resolve.replay import decide_again, decide_companies_again
from leadloom.resolve.said import Said, read_record
from leadloom.resolve.shelf import lesson_of, testimonies_of
from leadloom.resolve.versions import Rules
from leadloom.runs.source import ENRICHMENT, PERSON
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import judgements, records, runs, sources


def unmerge(tx: Tx, key: int, run_id: int, entity: Entity = LEAD) -> int:
    """Give an absorbed lead back to itself, with all it had and absorbed before; return its id.

    Named by the lead that absorbed it, the latest merge is undone. A person's word from now on:
    the two are never woven together again. Raises ConflictError when nothing was merged.
    """
    part, parent = _merged_part(tx, key, entity)
    old_root, since = root_of(tx, part, entity), one_since(tx, parent, part, entity)
    cut(tx, part, entity)
    say(tx, parent, part, "different", run_id, entity)
    done: dict[str, Any] = {"moved": []}
    if since is not None:
        forgotten = _forget_answers(tx, old_root, since, entity)
        share_out = _share_out_firm if entity is COMPANY else _share_out
        done = share_out(tx, old_root, part, since)
        _note(tx, run_id, forgotten=forgotten, entity=entity.noun, **done)
    record_many(tx, parted(tx, old_root, part, entity), run_id=run_id)
    # Whatever is undone later decides them again: it has to find them as it would leave them.
    if entity is COMPANY:
        decide_companies_again(tx, close_companies(tx, [old_root, part]), run_id)
        _refold_people(tx, [record_id for record_id, _ in done["moved"]], run_id)
    else:
        decide_again(tx, close_leads(tx, [old_root, part]), {}, run_id)
    return part


def _refold_people(tx: Tx, record_ids: Collection[int], run_id: int) -> None:
    """Fold the leads of these records afresh: they are of another company now."""
    people = sa.select(records.c.lead_id).where(among(tx.conn, records.c.id, record_ids))
    ids = {lead for lead in tx.conn.scalars(people) if lead is not None}
    refold(tx, sorted(roots_of(tx, ids)), run_id)


def rejoin(tx: Tx, options: Mapping[str, Any], run_id: int) -> bool:
    """Take back what parting two did to records; return whether there was any.

    `options` are those of its run, which is `run_id`.
    """
    pinned, forgotten = options.get("pinned") or [], options.get("forgotten") or []
    moved, entity = options.get("moved") or [], entity_of(options.get("entity"))
    rows, owner = entity.table, entity.owner
    free = records.update().where(among(tx.conn, records.c.id, pinned))
    tx.conn.execute(free.values(is_pinned=False))
    for record_id, before in moved:
        there = sa.exists().where(rows.c.id == before)
        back = records.update().where(records.c.id == record_id, there)
        tx.conn.execute(back.values({owner.name: before}))
    if entity is COMPANY:
        _refold_people(tx, [record_id for record_id, _ in moved], run_id)
    standing = sa.select(runs.c.id).where(
        runs.c.workspace_id == tx.workspace_id, runs.c.undone_at.is_(None)
    )
    back = records.update().where(
        among(tx.conn, records.c.id, forgotten),
        owner.is_not(None),
        records.c.run_id.in_(standing),
    )
    tx.conn.execute(back.values(withdrawn_at=None, **tx.touch()))
    return bool(pinned or forgotten or moved)


def _note(tx: Tx, run_id: int, **done: Any) -> None:
    """Keep in the run what parting did to records, so that it can be taken back."""
    options = tx.conn.execute(sa.select(runs.c.options).where(runs.c.id == run_id)).scalar_one()
    tx.conn.execute(runs.update().where(runs.c.id == run_id).values(options={**options, **done}))


def _forget_answers(tx: Tx, root: int, since: int, entity: Entity) -> list[int]:
    """Withdraw what enrichment answered about a lead from record `since` on; return it.

    It was asked about two as one, and may rest on either.
    """
    enriching = sa.select(sources.c.id).where(sources.c.kind == ENRICHMENT)
    query = sa.select(records.c.id).where(
        among(tx.conn, entity.owner, members_of(tx, root, entity)),
        records.c.id >= since,
        records.c.source_id.in_(enriching),
        records.c.withdrawn_at.is_(None),
    )
    found = list(tx.conn.scalars(query))
    forgetting = records.update().where(among(tx.conn, records.c.id, found))
    tx.conn.execute(forgetting.values(withdrawn_at=tx.now, digest=None, **tx.touch()))
    return found


def _merged_part(tx: Tx, key: int, entity: Entity) -> tuple[int, int]:
    """Return the merged lead that is meant, and the one it was merged into."""
    rows, noun = entity.table, entity.noun
    into = tx.conn.scalar(sa.select(rows.c.merged_into).where(rows.c.id == key))
    if into is not None:
        return key, into
    latest = _latest_merged_into(tx, key, entity)
    if latest is None:
        raise ConflictError(f"Nothing was merged into this {noun}, nor this {noun} into another.")
    return latest, key


def _latest_merged_into(tx: Tx, key: int, entity: Entity) -> int | None:
    children = merged_into(tx, [key], key, entity)
    if not children:
        return None
    said = judgements.c
    query = sa.select(said.updated_at, said.id, said.low_id, said.high_id)
    same = about_any(tx, query.where(said.verdict == "same"), [key], entity)
    for _, _, low, high in sorted(same, reverse=True):
        other = high if low == key else low
        if other in children:
            return int(other)
    return int(max(children))


def _share_out(tx: Tx, old_root: int, part: int, since: int) -> dict[str, Any]:
    """Give `part` what came in for it, from record `since` on, while `old_root` spoke for it.

    That is for good, and what cannot be told stays: return what is `pinned` by that, and which
    records were `moved`, with the lead each was with.
    """
    stayed, left = members_of(tx, old_root), members_of(tx, part)
    rows = testimonies_of(tx, records.c.lead_id, [*stayed, *left])
    said = [read_record(row) for row in sorted(rows, key=lambda row: row.id)]
    open_ones = {
        one.row.id
        for one in said
        if one.row.id >= since and one.row.lead_id not in left and _is_open(one)
    }
    moved = _decide(said, open_ones, set(left), Rules(tx))
    here = among(tx.conn, records.c.id, open_ones)
    tx.conn.execute(records.update().where(here).values(is_pinned=True))
    moving = among(tx.conn, records.c.id, [one.row.id for one in moved])
    tx.conn.execute(records.update().where(moving).values(lead_id=part))
    return {
        "pinned": [one.row.id for one in said if one.row.id in open_ones and not one.row.is_pinned],
        "moved": [(one.row.id, one.row.lead_id) for one in moved],
    }


def _share_out_firm(tx: Tx, old_root: int, part: int, since: int) -> dict[str, Any]:
    """Give company `part` what came in for it, from record `since` on, while it was merged.

    That is for good, and what cannot be told stays: return which records are `settled` by that,
    and which were `moved`, with the company each was with.
    """
    stayed, left = (members_of(tx, key, COMPANY) for key in (old_root, part))
    rows = testimonies_of(tx, records.c.company_id, [*stayed, *left])
    said = [read_record(row) for row in sorted(rows, key=lambda row: row.id)]
    settled, moved = shared_out(said, set(left), since)
    moving = records.update().where(among(tx.conn, records.c.id, [one.row.id for one in moved]))
    tx.conn.execute(moving.values(company_id=part))
    return {
        "settled": [one.row.id for one in settled],
        "moved": [(one.row.id, one.row.company_id) for one in moved],
    }


def _is_open(one: Said) -> bool:
    """Whether nobody said outright whose it is; what a parting settled, another may settle anew."""
    return not one.row.is_pinned or one.row.kind not in (PERSON, ENRICHMENT)


def _decide(
    said: Sequence[Said], open_ones: Collection[int], left: Collection[int], rules: Rules
) -> list[Said]:
    """Return which of `open_ones` belong to the lead that left.

    As in an import: in order of arrival, each by what was known of the two when it came.
    """
    survivor, returned = LeadState(id=0, age=0), LeadState(id=1)
    desk = Desk()
    desk.kept_apart[frozenset((0, 1))] = sys.maxsize
    desk.add_lead(survivor, (), set())
    desk.add_lead(returned, (), set())
    moved: list[Said] = []
    for one in said:
        home = returned if one.row.lead_id in left else survivor
        if one.row.id in open_ones:
            person = Person()
            person.learn(*lesson_of(one.row, one.facts)())
            desk.rule = rules.of(one.row.model_version)
            placement = desk.place(person, one.lead_keys, fresh=survivor)
            home = placement.lead
            if home is returned:
                moved.append(one)
        desk.learn_keys(home, one.lead_keys)
        home.hear(one.row.id, lesson_of(one.row, one.facts))
    return moved
