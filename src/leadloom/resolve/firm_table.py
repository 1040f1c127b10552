"""All companies that speak for themselves, made ready and weighed against each other."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from leadloom.resolve.firm_weighing import contradiction, held_back, levels_of, why_alike
from leadloom.resolve.match import bulk
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.cluster import Clustering, Edge, cluster
from leadloom.resolve.match.matcher import answer_of, codes_of
from leadloom.resolve.match.model import Model, Score, bits_of
from leadloom.resolve.people import Verdict
from leadloom.resolve.versions import FEWEST
from leadloom.resolve.weighing import told
from leadloom.storage.database import Tx
from leadloom.storage.tables import companies

_PAGE = 5_000
_COMPARED = (
    *("name", "domain", "phone", "linkedin_url"),
    *("street", "city", "state", "postal_code", "country"),
)
_NEVER = -1000.0  # bits


class Likely(NamedTuple):
    """Two companies that may be one, with the score (0-1) and the reasons, the chief one first."""

    low: int
    high: int
    score: float
    reasons: Sequence[str]


@dataclass(slots=True)
class Firms:
    """Companies by their ids, made ready, and the model to weigh them by."""

    ids: list[int]
    table: bulk.Table
    model: Model

    def grouped(self, is_apart: Callable[[set[int], set[int]], bool]) -> Clustering:
        """Return the groups of companies that are one, by their ids, and the pairs to ask about.

        `is_apart` says of two groups, by ids, whether people said something else. The order in
        which companies came makes no difference: ties are decided by what is known of them.
        """
        table, model = self.table, self.model
        if not len(table.pairs.low):
            return Clustering()
        odds = bulk.scored(table, model)
        ranks = table.columns.ranks()
        numbers = np.argsort(ranks).tolist()
        held = self._held()
        sure, unsure = bits_of(model.same_at), bits_of(model.unsure_at)
        edges: list[Edge] = []
        asked: list[Edge] = []
        for pair in np.flatnonzero(odds >= unsure).tolist():
            a, b = (int(ranks[side[pair]]) for side in (table.pairs.low, table.pairs.high))
            is_asked = odds[pair] >= sure and held(pair)
            (asked if is_asked else edges).append(Edge(min(a, b), max(a, b), float(odds[pair])))

        def against(a: int, b: int) -> float:
            codes = self._codes(numbers[a], numbers[b])
            return _NEVER if contradiction(levels_of(model, codes)) else model.contradiction(codes)

        def are_apart(mine: Sequence[int], theirs: Sequence[int]) -> bool:
            ours, others = ({self.ids[numbers[one]] for one in some} for some in (mine, theirs))
            return is_apart(ours, others)

        found = cluster(edges, sure, unsure, against, asked, are_apart)
        return found.renumbered([self.ids[number] for number in numbers])

    def likely(self, a: int, b: int) -> Likely:
        """Return two companies, by their ids, as a pair that may be one."""
        verdict, _ = self.judge(a, b)
        low, high = sorted((a, b))
        return Likely(low, high, verdict.score, verdict.reasons)

    def judge(self, a: int, b: int) -> tuple[Verdict, Score]:
        """Return what is made of two companies, by their ids: as likely as they are one, or half
        as likely where something holds that back."""
        codes = self._codes(bisect_left(self.ids, a), bisect_left(self.ids, b))
        score, seen = self.model.explain(codes), levels_of(self.model, codes)
        answer, likely = answer_of(self.model, score.probability)
        if answer == "different":
            return Verdict(answer, likely, "too little in common"), score
        if answer == "same" and (against := held_back(seen)):
            why = f"{why_alike(seen)}, but {against}"
            return Verdict("unsure", likely / 2, why, told(score)), score
        return Verdict(answer, likely, why_alike(seen), told(score)), score

    def _codes(self, a: int, b: int) -> tuple[int, ...]:
        terms = self.table.columns.terms(a), self.table.columns.terms(b)
        return codes_of(self.table.kind.comparisons, *terms, self.table.census)

    def _held(self) -> Callable[[int], bool]:
        """Return what says of a pair, by its place, whether something holds it back."""
        outcomes, which = self.table.compared()

        @cache
        def is_held(outcome: int) -> bool:
            codes = tuple(outcomes.codes[outcome].tolist())
            return held_back(levels_of(self.model, codes)) is not None

        return lambda pair: is_held(int(which[pair]))


def read_firms(tx: Tx) -> Firms:
    """Return all companies made ready, and the model to weigh them by."""
    ids: list[int] = []
    return made_ready(ids, _facts(tx, ids))


def made_ready(ids: list[int], facts: Iterable[Mapping[str, Any]]) -> Firms:
    """Return companies made ready; `ids`, in order, may be filled while their facts are read."""
    table = bulk.table_of(bulk.FIRMS, facts)
    if len(ids) >= FEWEST:
        return Firms(ids, table, bulk.learned(table))
    table.census = Census()
    return Firms(ids, table, bulk.FIRMS.model().with_records(len(ids)))


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
