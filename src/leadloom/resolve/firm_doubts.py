"""Companies that may be one: all compared with all, and the likely pairs kept for a person.

What is sure without a doubt (one domain, one profile, one name alone) is one company when its rows
come in. What is left may be sisters of one group or two firms of one name, so it is asked, never
woven. Each `resolve` leaves a set of pairs of its own, in place of that of the one before: taken
back, the one before counts again. Of older sets some are kept.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from leadloom.resolve.duplicates import OFFERS, latest_offer, offers
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.match import bulk
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import level_of
from leadloom.resolve.match.matcher import answer_of, codes_of
from leadloom.resolve.match.model import Model, Score, bits_of, probability_of
from leadloom.resolve.people import Verdict
from leadloom.resolve.versions import FEWEST
from leadloom.resolve.weighing import told
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks, insert_rows
from leadloom.storage.tables import companies, judgements, records, runs

KEPT = 10
"""Sets of pairs that are kept: so many times in a row a `resolve` can be undone."""

_PAGE = 5_000
_COMPARED = (
    *("name", "domain", "phone", "linkedin_url"),
    *("street", "city", "state", "postal_code", "country"),
)
# Levels that speak for nothing by themselves.
_DIFFERENT = ("different", "abroad", "named alike")


class Likely(NamedTuple):
    """Two companies that may be one, with the score (0-1) and the reasons, the chief one first."""

    low: int
    high: int
    score: float
    reasons: Sequence[str]


def offer_companies(tx: Tx, run_id: int) -> int:
    """Compare all companies with each other, and keep the likely pairs for a person to judge.

    Return how many there are.
    """
    found = likely_pairs(tx)
    before = latest_offer(tx)
    if before is None or _offered(tx, before) != {_noted(*one) for one in found}:
        _write(tx, found, run_id)
    return len(found)


def _offered(tx: Tx, run_id: int) -> set[Likely]:
    columns = [judgements.c[name] for name in ("low_id", "high_id", "score", "reasons")]
    query = sa.select(*columns).where(
        judgements.c.workspace_id == tx.workspace_id,
        judgements.c.entity == COMPANY.noun,
        judgements.c.run_id == run_id,
    )
    return {_noted(*row) for row in tx.conn.execute(query)}


def _noted(low: int, high: int, score: float, reasons: Sequence[str]) -> Likely:
    """Return a pair so that those of two times can be compared."""
    return Likely(low, high, round(score, 4), tuple(reasons))


def withdraw_offer(tx: Tx, *run_ids: int) -> None:
    """Take back the pairs of companies that runs left."""
    theirs = sa.and_(
        judgements.c.workspace_id == tx.workspace_id,
        judgements.c.entity == COMPANY.noun,
        judgements.c.run_id.in_(run_ids),
        sa.not_(judgements.c.is_person),
    )
    tx.conn.execute(judgements.delete().where(theirs))


def likely_pairs(tx: Tx) -> list[Likely]:
    """Return the companies that may be one, likeliest first."""
    ids, table, model = _everybody(tx)
    if not len(table.pairs.low):
        return []
    odds = bulk.scored(table, model)
    kept = (odds >= bits_of(model.unsure_at)).nonzero()[0].tolist()
    pairs = [(int(table.pairs.low[one]), int(table.pairs.high[one]), odds[one]) for one in kept]
    found = [_likely(ids, table, model, a, b, float(bits)) for a, b, bits in pairs]
    return sorted(found, key=lambda one: (-one.score, one.low, one.high))


def explained(tx: Tx, a: int, b: int) -> tuple[Verdict, Score]:
    """Return what is made of two companies that speak for themselves, as a `resolve` would.

    However likely, they are never called the same: companies are only asked about.
    """
    ids, table, model = _everybody(tx)
    codes = _codes(table, ids.index(a), ids.index(b))
    score = model.explain(codes)
    answer, likely = answer_of(model, score.probability)
    if answer == "different":
        return Verdict(answer, likely, "too little in common"), score
    return Verdict("unsure", likely, _why(_levels(model, codes)), told(score)), score


def _everybody(tx: Tx) -> tuple[list[int], bulk.Table, Model]:
    """Return all companies by id and made ready, and the model to weigh them by."""
    ids: list[int] = []
    table = bulk.table_of(bulk.FIRMS, _facts(tx, ids))
    if len(ids) >= FEWEST:
        return ids, table, bulk.learned(table)
    table.census = Census()
    return ids, table, bulk.FIRMS.model().with_records(len(ids))


def _facts(tx: Tx, ids: list[int]) -> Iterator[Mapping[str, Any]]:
    """Yield what is known of each company that speaks for itself, and note their ids."""
    last = 0
    columns = [companies.c[name] for name in _COMPARED]
    while True:
        query = (
            sa.select(companies.c.id, *columns)
            .where(
                companies.c.workspace_id == tx.workspace_id,
                companies.c.id > last,
                companies.c.root_id.is_(None),
                companies.c.deleted_at.is_(None),
            )
            .order_by(companies.c.id)
            .limit(_PAGE)
        )
        rows = tx.conn.execute(query).all()
        if not rows:
            return
        for row in rows:
            ids.append(row.id)
            yield dict(row._mapping)
        last = rows[-1].id


def _likely(ids: list[int], table: bulk.Table, model: Model, a: int, b: int, bits: float) -> Likely:
    codes = _codes(table, a, b)
    low, high = sorted((ids[a], ids[b]))
    reasons = [_why(_levels(model, codes)), *told(model.explain(codes))]
    return Likely(low, high, probability_of(bits), reasons)


def _codes(table: bulk.Table, a: int, b: int) -> tuple[int, ...]:
    terms = table.columns.terms(a), table.columns.terms(b)
    return codes_of(table.kind.comparisons, *terms, table.census)


def _levels(model: Model, codes: tuple[int, ...]) -> dict[str, str]:
    """Return the level of each field that both have."""
    return {
        of.name: of.levels[level_of(code) - 1]
        for of, code in zip(model.fields, codes, strict=True)
        if code
    }


def _why(seen: Mapping[str, str]) -> str:
    """Return in a few words what two share, and what they do not."""
    alike = [name for name, level in seen.items() if level not in _DIFFERENT and name != "form"]
    names = alike[:4] or ["name"]
    why = "alike in " + " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    against = [name for name in ("name", "site", "profile") if seen.get(name) == "different"]
    return f"{why}, but not in {' and '.join(against)}" if against else why


def _write(tx: Tx, found: Sequence[Likely], run_id: int) -> None:
    mine = runs.c.id == run_id
    options = dict(tx.conn.execute(sa.select(runs.c.options).where(mine)).scalar_one())
    tx.conn.execute(runs.update().where(mine).values(options={**options, OFFERS: True}))
    withdraw_offer(tx, run_id)
    last = tx.conn.scalar(sa.select(sa.func.max(records.c.id)))
    common = {
        "workspace_id": tx.workspace_id,
        "entity": COMPANY.noun,
        "verdict": "unsure",
        "is_person": False,
        "run_id": run_id,
        "record_id": last,
        **tx.stamp(),
    }
    rows = [
        {
            **common,
            "low_id": one.low,
            "high_id": one.high,
            "score": one.score,
            "reasons": list(one.reasons),
        }
        for one in found
    ]
    insert_rows(tx.conn, judgements, rows)
    for some in chunks(list(itertools.islice(offers(tx), KEPT, None))):
        withdraw_offer(tx, *some)
