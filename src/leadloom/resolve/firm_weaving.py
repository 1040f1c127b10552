"""Companies that are surely one, woven together by a `resolve`: as a person would, in its run.

Each merge is a word of the run, like a person's, so that all that holds of those holds of it: what
is decided again later comes out as it did, and undoing the run takes it back. What people said of
two companies is never overruled: not that they are different, nor that it cannot be told.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.duplicates import said_otherwise
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.examples import EXAMPLES, Woven
from leadloom.resolve.family import pointers_of
from leadloom.resolve.firm_table import Firms, Likely, read_firms
from leadloom.resolve.merge import merge
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import companies

# Merges in one transaction.
BATCH = 100
_ROUNDS = 10


@dataclass(slots=True)
class FirmsWoven:
    """What comparing all companies came to: how many are one with another now, some of them, and
    the pairs that may be one, likeliest first."""

    merged: int = 0
    examples: list[Woven] = field(default_factory=list)
    likely: list[Likely] = field(default_factory=list)
    is_cancelled: bool = False


def weave_companies(open_tx: Callable[[], Any], run_id: int) -> FirmsWoven:
    """Weave together the companies that are surely one, until none are.

    What two had together may show that a third is the same: all is compared anew after each round.
    Stopped halfway, what is done stays, and the next to begin goes on with the rest.
    """
    woven = FirmsWoven()
    for _ in range(_ROUNDS):
        with open_tx() as tx:
            firms = read_firms(tx)
            found = firms.grouped(_apart(tx))
        joined = found.joined
        for start in range(0, len(joined), BATCH):
            pairs = [(edge.a, edge.b) for edge in joined[start : start + BATCH]]
            with open_tx() as tx:
                if runs.is_cancel_requested(tx, run_id):
                    woven.is_cancelled = True
                    return woven
                _weave(tx, firms, pairs, run_id, woven)
                runs.give_sign(tx, run_id)
        if not joined:
            break
    likely = [firms.likely(edge.a, edge.b) for edge in found.doubtful]
    woven.likely = sorted(likely, key=lambda one: (-one.score, one.low, one.high))
    return woven


def _apart(tx: Tx) -> Callable[[Iterable[int], Iterable[int]], bool]:
    said = said_otherwise(tx, COMPANY)
    if not said:
        return lambda mine, theirs: False
    return lambda mine, theirs: any(frozenset((a, b)) in said for a in mine for b in theirs)


def _weave(
    tx: Tx, firms: Firms, pairs: Sequence[tuple[int, int]], run_id: int, woven: FirmsWoven
) -> None:
    """Merge pairs, each into the older one, unless somebody came in between meanwhile."""
    alive = _alive(tx, {one for pair in pairs for one in pair})
    is_apart = _apart(tx)
    for a, b in pairs:
        if not {a, b} <= alive.keys():
            continue
        above = pointers_of(tx, (a, b), COMPANY)
        kept, absorbed = sorted((above.get(a, a), above.get(b, b)))
        if kept == absorbed or is_apart([kept], [absorbed]):
            continue
        merge(tx, kept, absorbed, run_id, COMPANY)
        woven.merged += 1
        if len(woven.examples) < EXAMPLES:
            found = firms.likely(a, b)
            low, high = (a, b) if above.get(a, a) == kept else (b, a)
            example = Woven(alive[low], alive[high], found.score, list(found.reasons))
            woven.examples.append(example)


def _alive(tx: Tx, ids: Collection[int]) -> dict[int, str | None]:
    """Return the names of the companies that are there and were not deleted, by their ids."""
    query = sa.select(companies.c.id, companies.c.name).where(
        among(tx.conn, companies.c.id, ids), companies.c.deleted_at.is_(None)
    )
    return {row.id: row.name for row in tx.conn.execute(query)}
