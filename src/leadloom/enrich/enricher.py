"""A run of enrichment that asks nobody outside: what is found becomes facts, batch by batch."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from leadloom.enrich.facts import OWN_DATA, arrival_of, facts_of, fields_found
from leadloom.enrich.plan import Plan
from leadloom.enrich.provider import Question
from leadloom.enrich.questions import enrichment_sources, questions
from leadloom.enrich.waterfall import FREE_PLAN, ask
from leadloom.resolve.arrive import arrive
from leadloom.resolve.shelf import load_leads
from leadloom.runs import run as runs
from leadloom.runs.source import ENRICHMENT, Source, find_or_add_source
from leadloom.storage.database import Tx

BATCH = 500


@dataclass(slots=True)
class Enriched:
    """What a run of enrichment came to; counts are of leads, by outcome.

    `by_provider` counts what was asked of whom outside, and what came of it.
    """

    run: runs.Run
    counts: Counter[str] = field(default_factory=Counter)
    by_field: Counter[str] = field(default_factory=Counter)
    cost_usd: Decimal = Decimal(0)
    by_provider: dict[str, dict[str, int]] = field(default_factory=dict)


def enrich(
    open_tx: Callable[[], Any],
    pages: Callable[[Tx, int], Sequence[int]],
    on_progress: Callable[[int, dict[str, int]], None],
    plan: Plan = FREE_PLAN,
) -> Enriched:
    """Enrich the leads that `pages` gives (the next keys after a key; none at the end)."""
    with open_tx() as tx:
        source = find_or_add_source(tx, OWN_DATA, ENRICHMENT)
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
            _enrich_batch(tx, done, source, keys, position, plan)
            runs.advance(tx, done.run.id, dict(done.counts), done.counts.total())
        last, position = keys[-1], position + len(keys)
        on_progress(done.counts.total(), dict(done.counts))
    with open_tx() as tx:
        done.run = runs.finish(tx, done.run.id, status, total=position)
    return done


def _enrich_batch(
    tx: Tx, done: Enriched, source: Source, keys: Sequence[int], position: int, plan: Plan
) -> None:
    states = load_leads(tx, keys)
    known = questions(tx, states, enrichment_sources(tx))
    failed: Counter[str] = Counter()
    found = {key: answers(question, plan, failed) for key, question in known}
    for name, count in failed.items():
        told = done.by_provider.setdefault(name, {"failed": 0})
        told["failed"] += count
    arrivals = [
        arrival_of(source.id, key, facts, position + place)
        for place, (key, facts) in enumerate(found.items(), 1)
    ]
    outcomes = arrive(tx, done.run.id, {source.id: source}, arrivals, updated="enriched")
    done.counts.update(outcome.status for outcome in outcomes)
    for outcome, facts in zip(outcomes, found.values(), strict=True):
        if outcome.status == "enriched":
            done.by_field.update(fields_found(facts))


def answers(
    question: Question, plan: Plan = FREE_PLAN, failed: Counter[str] | None = None
) -> dict[str, Any]:
    """Return the facts that are found for a question, in the form that records keep.

    In `failed` it is counted whose code failed.
    """
    return facts_of((provider.name, answer) for provider, answer in ask(question, plan, failed))
