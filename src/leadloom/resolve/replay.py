"""Deciding again: the records that remain are given to leads and companies as if they came anew."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.events.event import record_many
from leadloom.ids import new_uuid
from leadloom.leads import company as company_fold
from leadloom.leads import lead as lead_fold
from leadloom.resolve.closure import Closure, Said, close_companies, close_leads, read_record
from leadloom.resolve.desk import CompanyState, Desk, LeadState, Placement
from leadloom.resolve.firm_shelf import refold_companies
from leadloom.resolve.judgement import forget_machine_judgements, merges_by_people, write_judgement
from leadloom.resolve.keys import digest_of
from leadloom.resolve.merge import point, refold, roots_of
from leadloom.resolve.people import Person
from leadloom.resolve.shelf import (
    kept_apart,
    lesson_of,
    testimonies_of,
    write_keys,
)
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks, reserve_ids
from leadloom.storage.tables import companies, company_keys, lead_keys, leads, records


@dataclass(slots=True)
class Undone:
    """What undoing a run came to."""

    records: int = 0
    leads_removed: int = 0
    leads_changed: int = 0
    companies_removed: int = 0


def withdraw(tx: Tx, run_id: int, taken: Collection[int], undone: Undone) -> None:
    """Withdraw records of a run, and all others of it that hang together with them."""
    rows = testimonies_of(tx, records.c.id, taken)
    people = close_leads(tx, {row.lead_id for row in rows if row.lead_id is not None})
    own = [said.row for said in people.records.values() if said.row.run_id == run_id]
    gone = {row.id for row in [*rows, *own]}
    stale = [people.records[key].row for key in _answers_about(people, gone)]
    spoken_of = {row.company_id for row in [*rows, *own, *stale]} - {None}
    firms = close_companies(tx, spoken_of)
    # Those that speak of a lead outside this closure wait for their own turn.
    gone |= {
        key
        for key, said in firms.records.items()
        if said.row.run_id == run_id and said.row.lead_id is None
    }
    undone.records += len(gone)
    gone |= {row.id for row in stale}
    _mark_withdrawn(tx, gone)
    for key, said in _promote_repetitions(tx, gone).items():
        people.records[key] = firms.records[key] = said
    undone.companies_removed += _decide_companies(tx, firms, gone, run_id)
    removed, kept = _decide_leads(tx, people, gone, run_id)
    undone.leads_removed += removed
    kept |= _leads_of(tx, firms, gone)
    undone.leads_changed += len(refold(tx, sorted(kept), run_id))


def _answers_about(people: Closure, gone: Collection[int]) -> set[int]:
    """Enrichment answered questions about what is taken back: those answers go too."""
    asked = {people.records[key].row.lead_id for key in gone if key in people.records}
    return {
        key
        for key, said in people.records.items()
        if said.row.kind == ENRICHMENT and said.row.lead_id in asked
    }


def _mark_withdrawn(tx: Tx, keys: Collection[int]) -> None:
    for some in chunks(list(keys)):
        tx.conn.execute(
            records.update()
            .where(records.c.id.in_(some))
            .values(withdrawn_at=tx.now, digest=None, **tx.touch())
        )


def _promote_repetitions(tx: Tx, gone: Collection[int]) -> dict[int, Said]:
    """A row that only repeated a withdrawn one speaks for itself now; return those that do."""
    heirs: dict[int, list[int]] = defaultdict(list)
    for some in chunks(list(gone)):
        query = (
            sa.select(records.c.id, records.c.same_as_id)
            .where(records.c.same_as_id.in_(some), records.c.withdrawn_at.is_(None))
            .order_by(records.c.id)
        )
        for row in tx.conn.execute(query):
            heirs[row.same_as_id].append(row.id)
    for old, (heir, *others) in heirs.items():
        _inherit(tx, old, heir)
        for some in chunks(others):
            repeating = records.update().where(records.c.id.in_(some))
            tx.conn.execute(repeating.values(same_as_id=heir))
    promoted = [heir for heir, *_ in heirs.values()]
    return {row.id: read_record(row) for row in testimonies_of(tx, records.c.id, promoted)}


def _inherit(tx: Tx, old: int, heir: int) -> None:
    said = tx.conn.execute(sa.select(records).where(records.c.id == old)).one()
    parts = (said.source_id, said.external_id, said.policy, said.facts, said.original)
    kept = ("original", "facts", "lead_id", "company_id", "problems")
    tx.conn.execute(
        records.update()
        .where(records.c.id == heir)
        .values(
            same_as_id=None,
            digest=digest_of(*parts),
            **{name: said._mapping[name] for name in kept},
        )
    )


def _remaining(closure: Closure, gone: Collection[int]) -> list[Said]:
    return [said for key, said in sorted(closure.records.items()) if key not in gone]


def _decide_companies(tx: Tx, closure: Closure, gone: Collection[int], run_id: int) -> int:
    """Give the remaining records to companies again; return how many have none left."""
    desk = Desk()
    unused = {key: CompanyState(id=key, is_stored=True) for key in sorted(closure.ids)}
    homes: list[tuple[Said, CompanyState]] = []
    for said in _remaining(closure, gone):
        if said.company_keys:
            fresh = unused.get(said.row.company_id)
            state = desk.place_company(said.firm, said.company_keys, fresh)
            if state is fresh and fresh is not None:
                del unused[said.row.company_id]
            homes.append((said, state))
    _store_split(tx, companies, [state for state in desk.companies if state.id is None], run_id)
    _rewrite_keys(tx, company_keys, closure, lambda said: said.company_keys)
    write_keys(tx, company_keys, "company_id", [(s.new_keys, s.id) for s in desk.companies])
    moved = {said.row.id: state.id for said, state in homes if state.id != said.row.company_id}
    _move(tx, records.c.company_id, moved)
    emptied = list(unused)
    for some in chunks(emptied):
        tx.conn.execute(leads.update().where(leads.c.company_id.in_(some)).values(company_id=None))
    _remove(tx, companies, emptied, run_id)
    refold_companies(tx, [state.id for state in desk.companies if state.id is not None], run_id)
    return len(emptied)


def _decide_leads(
    tx: Tx, closure: Closure, gone: Collection[int], run_id: int
) -> tuple[int, set[int]]:
    """Give the remaining records to leads again; return how many have none left, and the others.

    A lead keeps its id when its first remaining record stays with it.
    """
    desk = Desk()
    desk.kept_apart = kept_apart(tx, closure.ids)
    atoms = {key: LeadState(id=key) for key in sorted(closure.ids)}
    for part, into in merges_by_people(tx, closure.ids).items():
        if part in atoms and into in atoms:
            atoms[part].merged_into = atoms[into]
    forget_machine_judgements(tx, closure.ids)
    used: dict[LeadState, None] = {}
    homes: list[tuple[Said, LeadState]] = []
    found: list[tuple[Said, Placement]] = []
    for said in _remaining(closure, gone):
        if said.row.lead_id is None:  # it speaks of a company only
            continue
        home = _find_home(desk, atoms, used, said, found)
        used[home] = None
        home.root.hear(said.row.id, lesson_of(said.row, said.facts))
        homes.append((said, home))
    _store_split(tx, leads, [state for state in used if state.id is None], run_id)
    _rewrite_keys(tx, lead_keys, closure, lambda said: said.lead_keys)
    write_keys(tx, lead_keys, "lead_id", [(state.new_keys, state.id) for state in used])
    moved = {said.row.id: home.id for said, home in homes if home.id != said.row.lead_id}
    _move(tx, records.c.lead_id, moved)
    emptied = [key for key, state in atoms.items() if state not in used]
    _write_pointers(tx, atoms, used)
    _write_findings(tx, run_id, found)
    _remove(tx, leads, emptied, run_id)
    kept = {state.id for state in used if state.id is not None}
    return len(emptied), kept


def _find_home(
    desk: Desk,
    atoms: dict[int, LeadState],
    used: dict[LeadState, None],
    said: Said,
    found: list[tuple[Said, Placement]],
) -> LeadState:
    own = atoms.get(said.row.lead_id)
    if said.row.is_pinned and own is not None:
        desk.adopt(own, said.lead_keys)
        return own
    person = Person()
    person.learn(*lesson_of(said.row, said.facts)())
    placement = desk.place(person, said.lead_keys, None if own in used else own)
    found.append((said, placement))
    # A record of a lead that was merged by a person stays that lead's own.
    if own is not None and own in used and own.root is placement.lead.root:
        return own
    return placement.lead


def _store_split(
    tx: Tx, table: sa.Table, states: Sequence[LeadState | CompanyState], run_id: int
) -> None:
    """Make rows for what has to stand on its own now; folding fills them."""
    blank: dict[str, Any] = (
        lead_fold.columns_of({})
        if table is leads
        else {**company_fold.columns_of({}), "winners": "[]"}
    )
    for state, key in zip(states, reserve_ids(tx.conn, table, len(states)), strict=True):
        state.id = key
        own = {"id": key, "uuid": new_uuid(), "workspace_id": tx.workspace_id}
        tx.conn.execute(table.insert().values(**own, **blank, **tx.stamp()))
    noun = "lead" if table is leads else "company"
    record_many(tx, [(f"{noun}.created", state.id, None) for state in states], run_id=run_id)


def _rewrite_keys(
    tx: Tx, table: sa.Table, closure: Closure, keys_of: Callable[[Said], list[int]]
) -> None:
    """Delete all keys of the closure; its keys are those of its records and no others."""
    owner = table.c[list(table.c.keys())[-1]]
    met = {key for said in closure.records.values() for key in keys_of(said)}
    for some in chunks(list(met)):
        for ids in chunks(list(closure.ids)):
            tx.conn.execute(
                table.delete().where(
                    table.c.workspace_id == tx.workspace_id,
                    table.c.hash.in_(some),
                    owner.in_(ids),
                )
            )


def _move(tx: Tx, column: sa.Column[Any], moved: dict[int, int | None]) -> None:
    if moved:
        tx.conn.execute(
            records.update()
            .where(records.c.id == sa.bindparam("key"))
            .values({column.name: sa.bindparam("home")}),
            [{"key": key, "home": home} for key, home in moved.items()],
        )


def _write_pointers(tx: Tx, atoms: dict[int, LeadState], used: dict[LeadState, None]) -> None:
    """Write who speaks for whom; a lead that is gone speaks for nobody."""
    stored = list(atoms)
    for some in chunks(stored):
        tx.conn.execute(
            leads.update().where(leads.c.id.in_(some)).values(merged_into=None, root_id=None)
        )
    for state in used:
        into = state.merged_into
        while into is not None and into not in used:
            into = into.merged_into
        if into is not None and into.id is not None and state.id is not None:
            point(tx, state.id, into.root.id if into.root in used and into.root.id else into.id)


def _write_findings(tx: Tx, run_id: int, found: list[tuple[Said, Placement]]) -> None:
    for said, placement in found:
        for younger, verdict in placement.merged:
            if younger.merged_into and younger.merged_into.id and younger.id:
                pair = (younger.merged_into.id, younger.id)
                _judge(tx, pair, "same", verdict.score, verdict.reason, said)
        for doubt in placement.doubts:
            if doubt.a.id and doubt.b.id and doubt.a.root is not doubt.b.root:
                pair = (doubt.a.id, doubt.b.id)
                _judge(tx, pair, "unsure", doubt.verdict.score, doubt.verdict.reason, said)


def _judge(
    tx: Tx, pair: tuple[int, int], verdict: str, score: float, reason: str, said: Said
) -> None:
    write_judgement(
        tx,
        *pair,
        verdict,
        is_person=False,
        run_id=said.row.run_id,
        score=score,
        reasons=(reason,),
        record_id=said.row.id,
    )


def _remove(tx: Tx, table: sa.Table, ids: list[int], run_id: int) -> None:
    """Delete what nothing speaks of any more, with what was made for it."""
    owned = records.c.lead_id if table is leads else records.c.company_id
    for some in chunks(ids):
        tx.conn.execute(records.update().where(owned.in_(some)).values({owned.name: None}))
        if table is leads:
            forget_machine_judgements(tx, some, also_people=True)
        tx.conn.execute(table.delete().where(table.c.id.in_(some)))
    noun = "lead" if table is leads else "company"
    record_many(tx, [(f"{noun}.removed", key, None) for key in ids], run_id=run_id)


def _leads_of(tx: Tx, firms: Closure, gone: Collection[int]) -> set[int]:
    """Return the leads whose records' company may have changed."""
    ids = {
        said.row.lead_id
        for key, said in firms.records.items()
        if key not in gone and said.row.lead_id is not None
    }
    return roots_of(tx, ids)
