"""What was found for leads is written: records, outcomes, progress, all in one transaction."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from leadloom.connect.money import usd
from leadloom.enrich import batches, cache
from leadloom.enrich.facts import (
    NOTHING,
    OWN_DATA,
    arrival_of,
    facts_of,
    fields_found,
    firm_arrival_of,
    firm_facts_of,
    with_address,
)
from leadloom.enrich.provider import Answer
from leadloom.enrich.settle import give_up
from leadloom.leads.company import PREFIX
from leadloom.resolve.arrival import Outcome
from leadloom.resolve.arrive import arrive
from leadloom.runs import run as runs
from leadloom.runs.source import ENRICHMENT, Source, find_or_add_source
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import companies
from leadloom.storage.tables import runs as run_rows

# What became of a lead is the best of what became of what was found for it.
_BEST_FIRST = ("enriched", "created", "unchanged", "skipped", "failed")
_RANK = {status: rank for rank, status in enumerate(_BEST_FIRST)}


@dataclass(slots=True)
class Toll:
    """What asking outside for one lead took: by provider what came of it, and the whole of it.

    Each lead has one, and takes it from process to process: so its counters are plain.
    """

    by_provider: dict[str, dict[str, int]] = field(default_factory=dict)
    hits: dict[int, int] = field(default_factory=dict)
    attempts: int = 0
    tokens: int = 0
    duration_ms: int = 0
    cost: int = 0
    expires_at: dt.datetime | None = None
    troubles: list[str] = field(default_factory=list)

    def count(self, provider: str, what: str, number: int = 1) -> None:
        """Count what came of asking a provider."""
        told = self.by_provider.setdefault(provider, {})
        told[what] = told.get(what, 0) + number

    def hit(self, kept: int) -> None:
        """Count that a kept answer was of use."""
        self.hits[kept] = self.hits.get(kept, 0) + 1

    def expires(self, at: dt.datetime) -> None:
        """Remember that an answer is good until then: the first to expire counts."""
        self.expires_at = min(at, self.expires_at or at)


@dataclass(frozen=True, slots=True)
class Finished:
    """A lead that has passed all providers. `found`: answers by the name of who gave them;
    those of providers that are asked outside (`outside`, in their order) are records of their own,
    and so is what they say of the company `firm_id`. `address` is the one that was looked up.
    """

    run_id: int
    total: int
    batch_id: int
    place: int
    position: int
    lead_id: int
    found: Sequence[tuple[str, Answer]]
    outside: Sequence[str]
    toll: Toll
    firm_id: int | None = None
    address: str | None = None


def finish(tx: Tx, parcels: Sequence[Sequence[Finished]]) -> list[None]:
    """Write leads that are finished; one that another worker finished first is left alone."""
    done = [one for parcel in parcels for one in parcel]
    there = batches.load(tx, sorted({one.batch_id for one in done}))
    for run_id in {one.run_id for one in done}:
        mine = [one for one in done if one.run_id == run_id and one.batch_id in there]
        fresh = []
        for one in mine:
            batch = there[one.batch_id]
            if not batch.done >> one.place & 1:
                batch.done |= 1 << one.place
                fresh.append(one)
        _finish_run(tx, run_id, fresh)
        changed = [there[key] for key in {one.batch_id for one in fresh}]
        batches.save(tx, changed)
        if any(batch.is_done for batch in changed):
            _complete(tx, run_id)
    return [None] * len(parcels)


def _finish_run(tx: Tx, run_id: int, done: Sequence[Finished]) -> None:
    if not done:
        return
    sources: dict[str, Source] = {}
    arrivals = []
    owners: list[tuple[Finished, dict[str, Any]]] = []
    firms = _firms_left(tx, done)
    for one in done:
        toll = _toll_of(one)
        for name, position, facts, firm in _parts(one, firms):
            if name not in sources:
                sources[name] = find_or_add_source(tx, name, ENRICHMENT)
            source_id = sources[name].id
            if firm is not None:
                arrivals.append(firm_arrival_of(source_id, firm, facts, position))
            else:
                nothing = "; ".join([NOTHING, *one.toll.troubles])
                arrived = arrival_of(source_id, one.lead_id, facts, position, nothing)
                arrivals.append(arrived._replace(toll=toll) if toll else arrived)
                toll = None  # told once, with the first record
            owners.append((one, facts))
    by_id = {source.id: source for source in sources.values()}
    outcomes = arrive(tx, run_id, by_id, arrivals, updated="enriched")
    hits: Counter[int] = Counter()
    for one in done:
        hits.update(one.toll.hits)
    cache.count_hits(tx, hits)
    _advance(tx, run_id, done, list(zip(owners, outcomes, strict=True)))


_Part = tuple[str, int, dict[str, Any], int | None]


def _parts(one: Finished, firms: Collection[int]) -> list[_Part]:
    """Return the records of a lead and of its company: (source, position, facts, company).

    The first is at the lead's own position, others beyond the last lead: each has a place of its
    own, whoever writes it.
    """
    own = facts_of(pair for pair in one.found if pair[0] not in one.outside)
    parts: list[_Part] = [(OWN_DATA, one.position, own, None)] if own else []
    for place, provider in enumerate(one.outside, 1):
        told = [pair for pair in one.found if pair[0] == provider]
        if facts := with_address(facts_of(told), one.address):
            position = one.position + (one.total * place if parts else 0)
            parts.append((provider, position, facts, None))
    parts = parts or [(OWN_DATA, one.position, {}, None)]
    if one.firm_id in firms:
        for place, provider in enumerate(one.outside, 1 + len(one.outside)):
            if facts := firm_facts_of(pair for pair in one.found if pair[0] == provider):
                parts.append((provider, one.position + one.total * place, facts, one.firm_id))
    return parts


def _firms_left(tx: Tx, done: Sequence[Finished]) -> set[int]:
    """Return the companies that something was found of and that are still there."""
    ids = {
        one.firm_id
        for one in done
        if one.firm_id is not None and any(a.field.startswith(PREFIX) for _, a in one.found)
    }
    if not ids:
        return set()
    query = sa.select(companies.c.id).where(
        among(tx.conn, companies.c.id, ids), companies.c.root_id.is_(None)
    )
    return set(tx.conn.scalars(query))


def _toll_of(one: Finished) -> dict[str, Any] | None:
    """Return what asking for a lead took, as columns of its first record; None: nothing."""
    toll = one.toll
    if not toll.by_provider:
        return None
    return {
        "attempts": max(toll.attempts, 1),
        "duration_ms": toll.duration_ms,
        "tokens": toll.tokens,
        "cost_usd": usd(toll.cost),
        "expires_at": toll.expires_at,
    }


def _advance(
    tx: Tx,
    run_id: int,
    done: Sequence[Finished],
    told: Sequence[tuple[tuple[Finished, dict[str, Any]], Outcome]],
) -> None:
    """Add to the run what became of these leads; only one transaction writes at a time."""
    became: dict[int, str] = {}
    fields: Counter[str] = Counter()
    for (one, facts), outcome in told:
        before = became.get(one.position, _BEST_FIRST[-1])
        became[one.position] = min(before, outcome.status, key=_RANK.__getitem__)
        if outcome.status == "enriched":
            fields.update(fields_found(facts))
    row = tx.conn.execute(
        sa.select(run_rows.c.counts, run_rows.c.processed, run_rows.c.tallies).where(
            run_rows.c.id == run_id
        )
    ).one()
    counts = Counter(row.counts) + Counter(became.values())
    tallies = row.tallies or {"fields": {}, "providers": {}}
    providers = {name: Counter(told) for name, told in tallies["providers"].items()}
    for one in done:
        for name, counted in one.toll.by_provider.items():
            if name not in providers:
                providers[name] = Counter()
            for what, number in counted.items():
                providers[name][what] += number
    providers = {name: +counted for name, counted in providers.items()}
    tallies = {"fields": Counter(tallies["fields"]) + fields, "providers": providers}
    runs.advance(tx, run_id, dict(counts), row.processed + len(done), tallies=tallies)


def _complete(tx: Tx, run_id: int) -> None:
    if batches.is_anything_left(tx, run_id):
        return
    status = tx.conn.scalar(sa.select(run_rows.c.status).where(run_rows.c.id == run_id))
    if status == "processing":
        give_up(tx, run_id)
        runs.finish(tx, run_id, "completed")
    batches.forget(tx, run_id)


def cost_of(tx: Tx, run_id: int) -> Decimal:
    """Return what a run has cost so far, in USD."""
    found = tx.conn.scalar(sa.select(run_rows.c.actual_cost_usd).where(run_rows.c.id == run_id))
    return Decimal(found or 0)
