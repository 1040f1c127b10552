"""Batches are opened: what is known answers for most, and only what must be asked is left over.

Nothing is written here: whoever opens batches holds up nobody who writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from leadloom.enrich import batches, cache
from leadloom.enrich.batches import Batch
from leadloom.enrich.cache import Kept
from leadloom.enrich.finish import Finished
from leadloom.enrich.outset import Outset
from leadloom.enrich.passage import At, Passage
from leadloom.enrich.provider import Question
from leadloom.enrich.questions import enrichment_sources, questions
from leadloom.enrich.waterfall import Fall
from leadloom.resolve.desk import LeadState
from leadloom.resolve.shelf import load_leads
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import leads

_NOBODY = Question({}, {}, ())


@dataclass(frozen=True, slots=True)
class Opened:
    """A batch that has begun at position `first`: its leads that have to ask somebody, and those
    that are finished without.
    """

    batch_id: int
    first: int
    asking: Sequence[Passage]
    done: Sequence[Finished]


def open_batches(tx: Tx, run_id: int, outset: Outset, ids: Sequence[int]) -> list[Opened | None]:
    """Take batches as far as what is known takes them; None: nothing is left of one."""
    if runs.status_of(tx, run_id) != "processing":
        return [None] * len(ids)
    # A job from before a backup was put back may name what is another run's by now.
    loaded = batches.load(tx, ids)
    found = {key: one for key, one in loaded.items() if one.run_id == run_id}
    by_batch = _passages(tx, outset, list(found.values()))
    _walk(tx, outset, [one for some in by_batch.values() for one in some])

    def opened(key: int) -> Opened | None:
        if not (left := by_batch.get(key)):
            return None
        first = found[key].first
        asking = [one for one in left if one.waiting]
        done = [one.finished(run_id, outset, key, first) for one in left if not one.waiting]
        return Opened(key, first, asking, done)

    return [opened(key) for key in ids]


def _passages(tx: Tx, outset: Outset, opened: Sequence[Batch]) -> Mapping[int, Sequence[Passage]]:
    """Return what is left of each batch, with what is known of the leads."""
    left = {one.id: one.left() for one in opened}
    states = _states(tx, [lead for some in left.values() for _, lead in some])
    known = dict(questions(tx, states, enrichment_sources(tx), with_firms=True))
    return {
        key: [
            Passage(place, lead, asked, Fall(asked, outset.plan))
            for place, lead in some
            for asked in (known.get(lead, _NOBODY),)
        ]
        for key, some in left.items()
    }


def _states(tx: Tx, ids: Sequence[int]) -> Mapping[int, LeadState]:
    """Return leads with what is said of them; of the stored row only what questions look at."""
    states = load_leads(tx, ids, with_rows=False)
    query = sa.select(leads.c.id, leads.c.company_id).where(among(tx.conn, leads.c.id, ids))
    for row in tx.conn.execute(query):
        states[row.id].row = {"company_id": row.company_id}
    return states


def _walk(tx: Tx, outset: Outset, passages: Sequence[Passage]) -> None:
    """Take leads as far as kept answers take them; what is kept is looked for all at once."""
    good: dict[At, Kept] = {}
    looked: set[At] = set()
    going = list(passages)
    for one in going:
        one.go_on(good.get)
    while going:
        waiting = [(one, one.asks) for one in going if one.asks]
        new = {at for _, at in waiting} - looked
        looked |= new
        kept = cache.find(tx, new)
        good |= {at: one for at, one in kept.items() if one.is_good(tx.now, outset.since)}
        going = [one for one, at in waiting if at in good]
        for one in going:
            one.go_on(good.get)
