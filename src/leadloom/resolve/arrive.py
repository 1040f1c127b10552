"""What arrives becomes records, and each record is given to a lead and a company.

One call is one batch inside the caller's transaction: read what shares keys with it, decide in
order of arrival, fold what was touched, write. What is stored does not make it dearer.
"""

from collections.abc import ItemsView, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from leadloom.events.event import record_many
from leadloom.leads.fold import Testimony
from leadloom.resolve.arrival import Arrival, Known, Outcome, Placed
from leadloom.resolve.desk import CompanyState, Desk, LeadState, Placement
from leadloom.resolve.firm_shelf import fetch_companies, store_companies
from leadloom.resolve.forgotten import pass_over_forgotten
from leadloom.resolve.judgement import write_judgement
from leadloom.resolve.merge import point, woven
from leadloom.resolve.outcomes import outcome_of, settle, write_records
from leadloom.resolve.people import Person, Verdict
from leadloom.resolve.shelf import (
    fetch_leads,
    load_leads,
    ref_of,
    scope_of,
    store_leads,
)
from leadloom.resolve.versions import in_force
from leadloom.runs.source import ENRICHMENT, PERSON, Source
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks, reserve_ids
from leadloom.storage.tables import companies, leads, records, runs


def arrive(
    tx: Tx,
    run_id: int,
    sources: Mapping[int, Source],
    arrivals: Sequence[Arrival],
    updated: str = "updated",
) -> list[Outcome]:
    """Take a batch in: write its records and all they change; say what became of each.

    `sources` holds the arrivals' sources by id. Every arrival gets exactly one outcome of
    created, updated (or the word given for it), unchanged, skipped or failed.
    """
    ids = reserve_ids(tx.conn, records, len(arrivals))
    batch = [Placed(one, key) for one, key in zip(arrivals, ids, strict=True)]
    pass_over_forgotten(tx, batch)
    _pass_over_known(tx, batch)
    open_ones = [placed for placed in batch if not placed.status]
    version = in_force(tx) if open_ones else None
    desk = Desk(version.rule) if version else Desk()
    firms = fetch_companies(
        tx,
        desk,
        {key for placed in open_ones for key in placed.arrival.company_keys},
        {p.arrival.pinned_company for p in open_ones if p.arrival.pinned_company},
    )
    unpinned = [p.arrival for p in open_ones if not p.arrival.pinned]
    fetch_leads(tx, desk, {key for arrival in unpinned for key in arrival.lead_keys})
    pinned = load_leads(tx, {p.arrival.pinned for p in open_ones if p.arrival.pinned})
    on_desk = {state.id: state for state in desk.leads if state.id is not None}
    states_by_id = pinned | on_desk
    _place_companies(tx, desk, firms, sources, open_ones)
    notes = _place_leads(tx, desk, states_by_id, sources, open_ones)
    states = desk.leads + [s for key, s in pinned.items() if key not in on_desk]
    _number(tx, leads, [state for state in states if state.testimonies])
    changed_companies = store_companies(tx, desk.companies, run_id)
    ready = {p.lead: p.arrival.columns for p in batch if p.is_new and p.lead and p.arrival.columns}
    changed = store_leads(tx, states, ready, run_id)
    _write_merges(tx, run_id, notes)
    settle(batch, changed, changed_companies, updated)
    write_records(tx, run_id, batch, version.number if version else None)
    return [outcome_of(placed) for placed in batch]


def _pass_over_known(tx: Tx, batch: list[Placed]) -> None:
    """Settle what has its verdict already, and what this source said before, word for word."""
    known = _known_digests(tx, [p.arrival.digest for p in batch if p.arrival.digest is not None])
    for placed in batch:
        arrival = placed.arrival
        if arrival.verdict:
            placed.status, placed.reason = arrival.verdict, arrival.reason
        elif arrival.digest is not None:
            if before := known.get(arrival.digest):
                placed.status, placed.repeats = "unchanged", before
                placed.reason = before.where
            else:
                where = f"same as row {_row(arrival)}"
                known[arrival.digest] = Known(placed.record_id, where, None, None, placed)


def _row(arrival: Arrival) -> int:
    return arrival.row_number or arrival.position


def _known_digests(tx: Tx, digests: list[int]) -> dict[int, Known]:
    known: dict[int, Known] = {}
    for some in chunks(digests):
        query = (
            sa.select(
                records.c.digest,
                records.c.id,
                records.c.row_number,
                records.c.position,
                runs.c.uuid,
                sa.func.coalesce(leads.c.root_id, leads.c.id),
                records.c.company_id,
            )
            .join(runs, runs.c.id == records.c.run_id)
            .outerjoin(leads, leads.c.id == records.c.lead_id)
            .where(
                records.c.workspace_id == tx.workspace_id,
                among(tx.conn, records.c.digest, some),
                records.c.withdrawn_at.is_(None),
            )
        )
        for digest, record_id, number, position, run, lead, company in tx.conn.execute(query):
            where = f"same as row {number or position} of run {str(run)[-8:]}"
            known[digest] = Known(record_id, where, lead, company)
    return known


def _place_companies(
    tx: Tx,
    desk: Desk,
    firms: Mapping[int, CompanyState],
    sources: Mapping[int, Source],
    batch: Sequence[Placed],
) -> None:
    for placed in batch:
        arrival = placed.arrival
        facts, keys = arrival.company_facts, arrival.company_keys
        if arrival.pinned_company:
            placed.company = firms[arrival.pinned_company]
            desk.adopt_company(placed.company, facts, keys)
        elif keys:
            is_edit = sources[arrival.source].kind == PERSON
            placed.company = desk.place_company(facts, keys, is_edit=is_edit)
        if placed.company is not None:
            placed.company.hear_of(placed.record_id)
    _number(tx, companies, desk.companies)


def _number(tx: Tx, table: sa.Table, states: Sequence[LeadState] | Sequence[CompanyState]) -> None:
    new = [state for state in states if state.id is None]
    for state, key in zip(new, reserve_ids(tx.conn, table, len(new)), strict=True):
        state.id = key


def _place_leads(
    tx: Tx,
    desk: Desk,
    pinned: Mapping[int, LeadState],
    sources: Mapping[int, Source],
    batch: Sequence[Placed],
) -> list[tuple[Placed, Placement]]:
    """Give each record to its lead, in order of arrival; return what was found on the way."""
    notes: list[tuple[Placed, Placement]] = []
    for placed in batch:
        arrival, source = placed.arrival, sources[placed.arrival.source]
        if arrival.pinned:
            placed.lead = pinned[arrival.pinned]
            if not placed.lead.is_deleted:
                desk.learn_keys(placed.lead, arrival.lead_keys)
        elif arrival.lead_keys:
            placement = _find_lead(desk, placed, source)
            notes.append((placed, placement))
            placed.lead, placed.is_new = placement.lead, placement.is_new
            placed.reason = f"matched by {placement.verdict.reason}" if placement.verdict else None
        if placed.lead and placed.lead.is_deleted:
            placed.status, placed.reason = "skipped", "this lead was deleted: restore it first"
            placed.company = None
        else:
            _testify(tx, placed, source)
    return notes


def _find_lead(desk: Desk, placed: Placed, source: Source) -> Placement:
    arrival = placed.arrival
    person = None
    if desk.is_known(arrival.lead_keys):
        person = Person()
        person.learn(*_lesson(arrival, source))
    return desk.place(person, arrival.lead_keys)


def _lesson(arrival: Arrival, source: Source) -> tuple[Mapping[str, Any], tuple[str, str] | None]:
    scope = scope_of(source.id, source.provider)
    ref = (scope, arrival.external_id) if arrival.external_id is not None else None
    return arrival.said(), ref


def _testify(tx: Tx, placed: Placed, source: Source) -> None:
    """Let the record speak: to its lead, whose fold it joins, and to its company."""
    arrival = placed.arrival
    common = (
        placed.record_id,
        source.id,
        ref_of(source.id, source.provider, arrival.external_id),
        source.kind == PERSON,
        arrival.policy,
        source.trust,
        arrival.observed_at or tx.now,
    )
    if placed.lead:
        facts = _LazyFacts(arrival)
        company = placed.company.id if placed.company else None
        placed.lead.testimonies.append(Testimony(*common, facts, company))
        if source.kind != ENRICHMENT:
            placed.lead.hear(placed.record_id, partial(_lesson, arrival, source))
        placed.lead.is_touched = True
    if placed.company:
        placed.company.testimonies.append(Testimony(*common, arrival.company_facts))
        placed.company.is_touched = True


class _LazyFacts(Mapping[str, Any]):
    """A record's facts, unpacked only when somebody looks: most leads never do."""

    __slots__ = ("_arrival", "_facts")

    def __init__(self, arrival: Arrival) -> None:
        self._arrival = arrival
        self._facts: dict[str, Any] | None = None

    def _read(self) -> dict[str, Any]:
        if self._facts is None:
            self._facts = self._arrival.said()
        return self._facts

    def items(self) -> ItemsView[str, Any]:
        return self._read().items()

    def get(self, name: str, default: Any = None) -> Any:
        return self._read().get(name, default)

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __iter__(self) -> Any:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def _write_merges(tx: Tx, run_id: int, notes: Sequence[tuple[Placed, Placement]]) -> None:
    """Write what the batch showed about leads: which are one, and which may be."""
    merges: list[tuple[int, int]] = []
    for placed, placement in notes:
        for younger, verdict in placement.merged:
            older = younger.merged_into
            assert older
            assert older.id
            assert younger.id
            point(tx, younger.id, older.id)
            _judge(tx, run_id, placed, (older, younger), verdict, "same")
            merges.append((older.id, younger.id))
        for doubt in placement.doubts:
            if doubt.a.root is not doubt.b.root:
                pair = (doubt.a, doubt.b)
                _judge(tx, run_id, placed, pair, doubt.verdict, "unsure")
    if merges:
        record_many(tx, woven(tx, merges), run_id=run_id)


def _judge(
    tx: Tx,
    run_id: int,
    placed: Placed,
    pair: tuple[LeadState, LeadState],
    verdict: Verdict,
    answer: str,
) -> None:
    a, b = pair[0].id, pair[1].id
    assert a
    assert b
    write_judgement(
        tx,
        a,
        b,
        answer,
        run_id=run_id,
        score=verdict.score,
        reasons=verdict.reasons,
        record_id=placed.record_id,
    )
