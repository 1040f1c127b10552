"""A run of enrichment: what is missing is asked for, and what is found becomes facts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from leadloom.enrich.provider import Question
from leadloom.enrich.waterfall import ask
from leadloom.leads.fold import SURENESS, fold
from leadloom.resolve.arrival import Arrival
from leadloom.resolve.arrive import arrive
from leadloom.resolve.desk import LeadState
from leadloom.resolve.keys import digest_of
from leadloom.resolve.shelf import load_leads
from leadloom.runs import run as runs
from leadloom.runs.source import ENRICHMENT, Source, find_or_add_source
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import companies, leads
from leadloom.storage.types import dump_json

BATCH = 500
_COLLEAGUES = 200
_SOURCE = "own data"
# What says "this lead was enriched" rather than something of the person.
_MARKS = {"status": "enriched", "enrichment_status": "enriched"}
# What only describes a fact found with it.
_DESCRIBING = ("email_status", "email_confidence")


@dataclass(slots=True)
class Enriched:
    """What a run of enrichment came to; counts are of leads, by outcome."""

    run: runs.Run
    counts: Counter[str] = field(default_factory=Counter)
    by_field: Counter[str] = field(default_factory=Counter)
    cost_usd: Decimal = Decimal(0)


def enrich(
    open_tx: Callable[[], Any],
    pages: Callable[[Tx, int], Sequence[int]],
    on_progress: Callable[[int, dict[str, int]], None],
) -> Enriched:
    """Enrich the leads that `pages` gives (the next keys after a key; none at the end)."""
    with open_tx() as tx:
        source = find_or_add_source(tx, _SOURCE, ENRICHMENT)
        done = Enriched(runs.start(tx, "enrich", options={}, agent="enricher"))
    last, position, status = 0, 0, "completed"
    while True:
        with open_tx() as tx:
            keys = pages(tx, last)
            if not keys:
                break
            if runs.is_cancel_requested(tx, done.run.id):
                status = "cancelled"
                break
            _enrich_batch(tx, done, source, keys, position)
            runs.advance(tx, done.run.id, dict(done.counts), done.counts.total())
        last, position = keys[-1], position + len(keys)
        on_progress(done.counts.total(), dict(done.counts))
    with open_tx() as tx:
        done.run = runs.finish(tx, done.run.id, status, total=position)
    return done


def _enrich_batch(
    tx: Tx, done: Enriched, source: Source, keys: Sequence[int], position: int
) -> None:
    states = load_leads(tx, keys)
    found = {key: answers(question) for key, question in questions(tx, states, source.id)}
    arrivals = [
        _arrival(source, states[key], facts, position + place)
        for place, (key, facts) in enumerate(found.items(), 1)
    ]
    outcomes = arrive(tx, done.run.id, {source.id: source}, arrivals, updated="enriched")
    done.counts.update(outcome.status for outcome in outcomes)
    for outcome, facts in zip(outcomes, found.values(), strict=True):
        if outcome.status == "enriched":
            done.by_field.update(set(facts) - {SURENESS, *_MARKS, *_DESCRIBING})


def answers(question: Question) -> dict[str, Any]:
    """Return the facts that are found for a question, in the form that records keep."""
    facts: dict[str, Any] = {}
    sureness: dict[str, Any] = {}
    for provider, answer in ask(question):
        facts[answer.field] = answer.value
        told = {"e": f"{provider.name}: {answer.evidence}"}
        sureness[answer.field] = told | ({"c": answer.confidence} if answer.confidence < 1 else {})
    if facts:
        facts |= {**_MARKS, SURENESS: sureness}
    return facts


def _arrival(source: Source, state: LeadState, facts: dict[str, Any], position: int) -> Arrival:
    said = dump_json(facts)
    reference = f"lead:{state.id}"
    nothing = None if facts else "nothing was missing, or nothing could be found"
    return Arrival(
        position,
        source.id,
        reference,
        None,
        None,
        said,
        said,
        digest_of(source.id, reference, 0, said, said) if facts else None,
        pinned=state.id,
        verdict=None if facts else "skipped",
        reason=nothing,
    )


def questions(
    tx: Tx, states: Mapping[int, LeadState], enrichment: int
) -> Iterator[tuple[int, Question]]:
    """Yield what is known of each lead from elsewhere than enrichment."""
    known = {
        key: fold([t for t in state.testimonies if t.source_id != enrichment]).values
        for key, state in states.items()
        if not state.is_deleted
    }
    firm_ids = {state.row["company_id"] for state in states.values() if state.row}
    firms = _companies(tx, firm_ids - {None})
    lacking = {
        states[key].row["company_id"]  # type: ignore[index]
        for key, values in known.items()
        if not values.get("email")
    }
    colleagues = _colleagues(tx, lacking - {None})
    for key, values in known.items():
        row = states[key].row or {}
        firm = row.get("company_id")
        others = [one for one in colleagues.get(firm, ()) if one[0] != key]
        yield key, Question(values, firms.get(firm, {}), tuple(one[1:] for one in others))


def _companies(tx: Tx, ids: set[Any]) -> dict[Any, Mapping[str, Any]]:
    found: dict[Any, Mapping[str, Any]] = {}
    for some in chunks(sorted(ids)):
        rows = tx.conn.execute(sa.select(companies).where(among(tx.conn, companies.c.id, some)))
        found.update((row.id, dict(row._mapping)) for row in rows)
    return found


def _colleagues(tx: Tx, ids: set[Any]) -> dict[Any, list[Any]]:
    """Return (lead, first name, last name, real address) of people by company, some of each."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for some in chunks(sorted(ids)):
        query = sa.select(
            leads.c.company_id, leads.c.id, leads.c.first_name, leads.c.last_name, leads.c.email
        ).where(
            among(tx.conn, leads.c.company_id, some),
            leads.c.email_confidence == "real",
            leads.c.first_name.is_not(None),
            leads.c.last_name.is_not(None),
            leads.c.root_id.is_(None),
            leads.c.deleted_at.is_(None),
        )
        for company, *colleague in tx.conn.execute(query.order_by(leads.c.id)):
            if len(found[company]) < _COLLEAGUES:
                found[company].append(tuple(colleague))
    return found
