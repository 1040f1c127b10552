"""Deciding again: the records that remain are given to leads and companies as if they came anew."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from leadloom.resolve.closure import Closure, close_companies, close_leads
from leadloom.resolve.entity import LEAD
from leadloom.resolve.family import roots_of
from leadloom.resolve.findings import write_findings, write_pointers
from leadloom.resolve.firm_replay import decide_companies
from leadloom.resolve.heard import Known
from leadloom.resolve.hearing import hear, words_about
from leadloom.resolve.judgement import forget_machine_judgements
from leadloom.resolve.keys import digest_of
from leadloom.resolve.merge import refold
from leadloom.resolve.rows import make_rows, move, remove, rewrite_keys
from leadloom.resolve.said import Reader, Said, read_record
from leadloom.resolve.shelf import testimonies_of
from leadloom.resolve.versions import Rules
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import records


@dataclass(slots=True)
class Undone:
    """What undoing a run came to."""

    records: int = 0
    leads_removed: int = 0
    leads_changed: int = 0
    companies_removed: int = 0
    companies_changed: int = 0


def withdraw(tx: Tx, run_id: int, taken: Collection[int], undone: Undone) -> None:
    """Withdraw records of a run, and all others of it that hang together with them."""
    rows = testimonies_of(tx, records.c.id, taken)
    reader = Reader()
    people = close_leads(tx, {row.lead_id for row in rows if row.lead_id is not None}, reader)
    asked = what_was_asked(tx, people)
    own = [said.row for said in people.records.values() if said.row.run_id == run_id]
    gone = {row.id for row in [*rows, *own]}
    spoken_of = {row.company_id for row in [*rows, *own]} - {None}
    firms = close_companies(tx, spoken_of, reader)
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
    decided = decide_companies(tx, firms, run_id, gone)
    undone.companies_removed += decided.removed
    undone.companies_changed += decided.changed
    removed, kept = _decide_leads(tx, people, gone, run_id, asked)
    undone.leads_removed += removed
    # A lead names the company of its records: of those whose records stay, nothing changes.
    kept |= decided.leads
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


def decide_companies_again(tx: Tx, closure: Closure, run_id: int) -> tuple[int, int]:
    """Give all that hangs together to companies again, by what people say now.

    Their people follow. Return how many companies and how many leads changed.
    """
    decided = decide_companies(tx, closure, run_id)
    people = refold(tx, sorted(roots_of(tx, decided.leads)), run_id)
    return decided.changed, len(people)


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
    make_rows(tx, [state for state in used if state.id is None], run_id, LEAD)
    held = [(state.new_keys, state.id) for state in used]
    rewrite_keys(tx, closure, lambda said: said.lead_keys, held, LEAD)
    moved = {said.row.id: home.id for said, home in heard.homes if home.id != said.row.lead_id}
    move(tx, moved, LEAD)
    emptied = [key for key, state in heard.atoms.items() if state not in used]
    write_pointers(tx, heard.atoms, used, run_id)
    write_findings(tx, heard.found)
    remove(tx, emptied, run_id, LEAD)
    kept = {state.id for state in used if state.id is not None}
    return len(emptied), kept


def _persons(closure: Closure, gone: Collection[int]) -> list[Said]:
    """Return the remaining records that speak of a lead, not of a company only."""
    return [said for said in _remaining(closure, gone) if said.row.lead_id is not None]
