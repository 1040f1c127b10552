"""Deciding again: the records that remain are given to leads and companies as if they came anew."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.events.event import record_many
from leadloom.ids import new_uuid
from leadloom.leads import company as company_fold
from leadloom.leads import lead as lead_fold
from leadloom.resolve.closure import Closure, close_companies, close_leads
from leadloom.resolve.desk import CompanyState, Desk, LeadState
from leadloom.resolve.family import roots_of
from leadloom.resolve.findings import write_findings, write_pointers
from leadloom.resolve.firm_shelf import refold_companies
from leadloom.resolve.heard import Known
from leadloom.resolve.hearing import hear, words_about
from leadloom.resolve.judgement import forget_machine_judgements
from leadloom.resolve.keys import digest_of
from leadloom.resolve.merge import refold
from leadloom.resolve.said import Said, read_record
from leadloom.resolve.shelf import testimonies_of, write_keys
from leadloom.resolve.versions import Rules
from leadloom.runs.source import ENRICHMENT, PERSON
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks, reserve_ids
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
    asked = what_was_asked(tx, people)
    own = [said.row for said in people.records.values() if said.row.run_id == run_id]
    gone = {row.id for row in [*rows, *own]}
    spoken_of = {row.company_id for row in [*rows, *own]} - {None}
    firms = close_companies(tx, spoken_of)
    # Those that speak of a lead outside this closure wait for their own turn.
    gone |= {
        key
        for key, said in firms.records.items()
        if said.row.run_id == run_id and said.row.lead_id is None
    }
    undone.records += len(gone)
    _mark_withdrawn(tx, gone)
    for key, said in _promote_repetitions(tx, gone).items():
        people.records[key] = firms.records[key] = said
    undone.companies_removed += _decide_companies(tx, firms, gone, run_id)
    removed, kept = _decide_leads(tx, people, gone, run_id, asked)
    undone.leads_removed += removed
    kept |= _leads_of(tx, firms, gone)
    undone.leads_changed += len(refold(tx, sorted(roots_of(tx, kept)), run_id))


def what_was_asked(tx: Tx, closure: Closure, *, without: int | None = None) -> Mapping[int, Known]:
    """Return what was known when enrichment answered, by its record, as things are.

    Or as they are without what the run `without` grouped.
    """
    if not any(said.row.kind == ENRICHMENT for said in closure.records.values()):
        return {}
    words = words_about(tx, closure.ids, without=without)
    return hear(_persons(closure, ()), closure, words, {}, Rules(tx)).asked


def decide_again(
    tx: Tx,
    closure: Closure,
    asked: Mapping[int, Known],
    run_id: int,
    *,
    without: int | None = None,
) -> int:
    """Give all that hangs together to leads again, by what people say now.

    `asked` is what was known when enrichment answered. What the run `without` grouped is left out.
    Return how many leads changed.
    """
    _, kept = _decide_leads(tx, closure, (), run_id, asked, without)
    return len(refold(tx, sorted(roots_of(tx, kept)), run_id))


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
    kept = ("original", "facts", "lead_id", "company_id", "problems", "model_version")
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
    atoms = dict(unused)
    for said in _remaining(closure, gone):
        if (state := _company_of(desk, said, atoms, unused)) is not None:
            state.hear_of(said.row.id)
            if state.id is not None:
                unused.pop(state.id, None)
            homes.append((said, state))
    _store_split(tx, companies, [state for state in desk.companies if state.id is None], run_id)
    held = [(state.new_keys, state.id) for state in desk.companies]
    _rewrite_keys(tx, company_keys, closure, lambda said: said.company_keys, held)
    moved = {said.row.id: state.id for said, state in homes if state.id != said.row.company_id}
    _move(tx, records.c.company_id, moved)
    emptied = list(unused)
    for some in chunks(emptied):
        tx.conn.execute(leads.update().where(leads.c.company_id.in_(some)).values(company_id=None))
    _remove(tx, companies, emptied, run_id)
    refold_companies(tx, [state.id for state in desk.companies if state.id is not None], run_id)
    return len(emptied)


def _company_of(
    desk: Desk, said: Said, atoms: Mapping[int, CompanyState], unused: Mapping[int, CompanyState]
) -> CompanyState | None:
    """Return the company that a record speaks of: the one a person named, or who is found."""
    row = said.row
    if row.is_pinned and row.lead_id is None and row.company_id in atoms:
        desk.adopt_company(atoms[row.company_id], said.firm, said.company_keys)
        return atoms[row.company_id]
    if not said.company_keys:
        return None
    fresh, is_edit = unused.get(row.company_id), row.kind == PERSON
    return desk.place_company(said.firm, said.company_keys, fresh, is_edit=is_edit)


def _decide_leads(
    tx: Tx,
    closure: Closure,
    gone: Collection[int],
    run_id: int,
    asked: Mapping[int, Known],
    without: int | None = None,
) -> tuple[int, set[int]]:
    """Give the remaining records to leads again; return how many have none left, and the others.

    A lead keeps its id when its first remaining record stays with it.
    """
    words = words_about(tx, closure.ids, without=without)
    heard = hear(_persons(closure, gone), closure, words, asked, Rules(tx))
    forget_machine_judgements(tx, closure.ids)
    _mark_withdrawn(tx, heard.stale)
    used = heard.used
    _store_split(tx, leads, [state for state in used if state.id is None], run_id)
    held = [(state.new_keys, state.id) for state in used]
    _rewrite_keys(tx, lead_keys, closure, lambda said: said.lead_keys, held)
    moved = {said.row.id: home.id for said, home in heard.homes if home.id != said.row.lead_id}
    _move(tx, records.c.lead_id, moved)
    emptied = [key for key, state in heard.atoms.items() if state not in used]
    write_pointers(tx, heard.atoms, used, run_id)
    write_findings(tx, heard.found)
    _remove(tx, leads, emptied, run_id)
    kept = {state.id for state in used if state.id is not None}
    return len(emptied), kept


def _persons(closure: Closure, gone: Collection[int]) -> list[Said]:
    """Return the remaining records that speak of a lead, not of a company only."""
    return [said for said in _remaining(closure, gone) if said.row.lead_id is not None]


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
    tx: Tx,
    table: sa.Table,
    closure: Closure,
    keys_of: Callable[[Said], list[int]],
    held: Iterable[tuple[Collection[int], int | None]],
) -> None:
    """Let the closure be found by the keys that are `held`, each with who holds it, and no others.

    Its keys are those of its records.
    """
    owner = table.c[list(table.c.keys())[-1]]
    met = {key for said in closure.records.values() for key in keys_of(said)}
    wanted = {(key, holder) for keys, holder in held for key in keys}
    there: set[tuple[int, int | None]] = set()
    for some in chunks(list(met)):
        query = sa.select(table.c.hash, owner).where(
            table.c.workspace_id == tx.workspace_id, among(tx.conn, table.c.hash, some)
        )
        there.update((row[0], row[1]) for row in tx.conn.execute(query) if row[1] in closure.ids)
    if stale := there - wanted:
        this = [table.c.workspace_id == tx.workspace_id, table.c.hash == sa.bindparam("key")]
        gone = table.delete().where(*this, owner == sa.bindparam("holder"))
        tx.conn.execute(gone, [{"key": key, "holder": holder} for key, holder in sorted(stale)])
    write_keys(tx, table, owner.name, [([key], holder) for key, holder in wanted - there])


def _move(tx: Tx, column: sa.Column[Any], moved: dict[int, int | None]) -> None:
    if moved:
        tx.conn.execute(
            records.update()
            .where(records.c.id == sa.bindparam("key"))
            .values({column.name: sa.bindparam("home")}),
            [{"key": key, "home": home} for key, home in moved.items()],
        )


def _remove(tx: Tx, table: sa.Table, ids: list[int], run_id: int) -> None:
    """Delete what nothing speaks of any more, with what was made for it."""
    noun = "lead" if table is leads else "company"
    owned = records.c.lead_id if table is leads else records.c.company_id
    for some in chunks(ids):
        tx.conn.execute(records.update().where(owned.in_(some)).values({owned.name: None}))
        if table is leads:
            forget_machine_judgements(tx, some, also_people=True)
        gone = tx.conn.execute(sa.select(table.c.id, table.c.uuid).where(table.c.id.in_(some)))
        happened = [(f"{noun}.removed", row.id, {"id": str(row.uuid)}) for row in gone]
        tx.conn.execute(table.delete().where(table.c.id.in_(some)))
        record_many(tx, happened, run_id=run_id)


def _leads_of(tx: Tx, firms: Closure, gone: Collection[int]) -> set[int]:
    """Return the leads whose records' company may have changed."""
    ids = {
        said.row.lead_id
        for key, said in firms.records.items()
        if key not in gone and said.row.lead_id is not None
    }
    return roots_of(tx, ids)
