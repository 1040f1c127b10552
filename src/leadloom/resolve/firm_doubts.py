"""Companies that may be one: the likely pairs that nothing settles, kept for a person.

What is sure without a doubt (one domain, one profile, one name alone) is one company when its rows
come in, and what is sure beside that is woven (`firm_weaving`). What is left may be sisters of one
group or two firms of one name, so it is asked. Each `resolve` leaves a set of pairs of its own, in
place of that of the one before: taken back, the one before counts again. Of older sets some are
kept.
"""

import itertools
from collections.abc import Sequence

import sqlalchemy as sa

from leadloom.resolve.duplicates import OFFERS, latest_offer, offers
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.firm_table import Likely, read_firms
from leadloom.resolve.match.model import Score
from leadloom.resolve.people import Verdict
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks, insert_rows
from leadloom.storage.tables import judgements, records, runs

KEPT = 10
"""Sets of pairs that are kept: so many times in a row a `resolve` can be undone."""


def offer_companies(tx: Tx, found: Sequence[Likely], run_id: int) -> None:
    """Keep the pairs of companies that may be one for a person to judge."""
    before = latest_offer(tx)
    if before is None or _offered(tx, before) != {_noted(*one) for one in found}:
        _write(tx, found, run_id)


def _offered(tx: Tx, run_id: int) -> set[Likely]:
    columns = [judgements.c[name] for name in ("low_id", "high_id", "score", "reasons")]
    query = sa.select(*columns).where(
        judgements.c.workspace_id == tx.workspace_id,
        judgements.c.entity == COMPANY.noun,
        judgements.c.run_id == run_id,
        sa.not_(judgements.c.is_person),
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


def explained(tx: Tx, a: int, b: int) -> tuple[Verdict, Score]:
    """Return what is made of two companies that speak for themselves, as a `resolve` would."""
    return read_firms(tx).judge(a, b)


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
