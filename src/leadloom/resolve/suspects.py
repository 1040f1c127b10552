"""Which leads a regrouping has to look at: the whole table against itself, in one pass."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sqlalchemy as sa

from leadloom.resolve.match import bulk
from leadloom.resolve.match.model import bits_of
from leadloom.resolve.shelf import scope_of
from leadloom.resolve.versions import Version
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.tables import leads, records, sources
from leadloom.storage.types import load_json

PAGE = 5_000


@dataclass(slots=True)
class Everyone:
    """All records that speak of people, made ready; by their places, `ids` and `roots` of each."""

    ids: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    refs: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    nameless: list[int] = field(default_factory=list)
    table: bulk.Table | None = None


def read_everyone(tx: Tx, until: int, on_progress: Callable[[int], None]) -> Everyone:
    """Read all records of people up to one, and make them ready to be matched."""
    everyone = Everyone()
    everyone.table = bulk.table_of(bulk.PEOPLE, _facts(tx, until, everyone, on_progress))
    return everyone


def _facts(
    tx: Tx, until: int, everyone: Everyone, on_progress: Callable[[int], None]
) -> Iterator[Mapping[str, Any]]:
    last = 0
    while rows := _page(tx, last, until):
        for row in rows:
            facts = load_json(row.facts)
            place = len(everyone.ids)
            everyone.ids.append(row.id)
            everyone.roots.append(row.root)
            if row.external_id is not None:
                scope = scope_of(row.source_id, row.provider)
                everyone.refs[scope, row.external_id].append(place)
            if not facts.get("full_name"):
                everyone.nameless.append(place)
            yield facts
        last = rows[-1].id
        on_progress(len(everyone.ids))


def _page(tx: Tx, after: int, until: int) -> Sequence[Any]:
    query = (
        sa.select(
            records.c.id,
            records.c.facts,
            records.c.external_id,
            records.c.source_id,
            sources.c.provider,
            sa.func.coalesce(leads.c.root_id, leads.c.id).label("root"),
        )
        .join(sources, sources.c.id == records.c.source_id)
        .join(leads, leads.c.id == records.c.lead_id)
        .where(
            records.c.workspace_id == tx.workspace_id,
            records.c.id > after,
            records.c.id <= until,
            records.c.facts.is_not(None),
            records.c.withdrawn_at.is_(None),
            sources.c.kind != ENRICHMENT,
        )
        .order_by(records.c.id)
        .limit(PAGE)
    )
    return tx.conn.execute(query).all()


def suspects(
    everyone: Everyone,
    version: Version,
    doubted: Iterable[tuple[int, int]] = (),
    *,
    since: int,
    everything: bool,
) -> list[list[int]]:
    """Return groups of leads that may be one, or that may be more than they are; by their ids.

    Those that hang together are in one group, and so are two leads that were `doubted` to be one.
    With `since` only those are looked at that have a record after that one; with `everything` also
    leads of which nothing seems wrong.
    """
    table = everyone.table
    assert table is not None
    table.census = version.matcher.census
    pairs, odds = bulk.met(table, version.matcher.model)
    likely = odds >= bits_of(version.matcher.model.unsure_at)
    sure = odds >= bits_of(version.matcher.model.same_at)
    # Where there is no name to weigh, what little there is decides.
    is_nameless = np.zeros(len(everyone.ids), dtype=bool)
    is_nameless[everyone.nameless] = True
    low, high = pairs.low, pairs.high
    little = is_nameless[low] | is_nameless[high]
    by_ref = [(some[0], other) for some in everyone.refs.values() for other in some[1:]]
    near = list(zip(low[likely | little].tolist(), high[likely | little].tolist(), strict=True))
    same = list(zip(low[sure | little].tolist(), high[sure | little].tolist(), strict=True))
    place_of = {root: place for place, root in reversed(list(enumerate(everyone.roots)))}
    old = [(place_of[a], place_of[b]) for a, b in doubted if a in place_of and b in place_of]
    return _suspicious(everyone, [*near, *by_ref, *old], [*same, *by_ref], since, everything)


def _suspicious(
    everyone: Everyone,
    near: Sequence[tuple[int, int]],
    same: Sequence[tuple[int, int]],
    since: int,
    everything: bool,
) -> list[list[int]]:
    roots, count = everyone.roots, len(everyone.ids)
    together = list(range(count))
    first: dict[int, int] = {}
    odd: set[int] = set()
    is_whole = _are_whole(roots, same)
    for place, root in enumerate(roots):
        anchor = first.setdefault(root, place)
        if anchor != place:
            _unite(together, anchor, place)
            if everything or not is_whole[root]:
                odd.add(place)
    odd.update(a for a, b in near if roots[a] != roots[b])
    for a, b in near:
        _unite(together, a, b)
    wanted = {_find(together, place) for place in odd}
    groups: dict[int, dict[int, None]] = defaultdict(dict)
    newest: dict[int, int] = defaultdict(int)
    for place, root in enumerate(roots):
        if (group := _find(together, place)) in wanted:
            groups[group][root] = None
            newest[group] = max(newest[group], everyone.ids[place])
    return [list(found) for group, found in groups.items() if newest[group] > since]


def _are_whole(roots: Sequence[int], same: Sequence[tuple[int, int]]) -> dict[int, bool]:
    """Return by lead whether any two of its records are surely one: no other order parts them.

    Where two are one only by a third, it matters which two met first.
    """
    records = Counter(roots)
    met = Counter(
        roots[a] for a, b in {(min(a, b), max(a, b)) for a, b in same if roots[a] == roots[b]}
    )
    return {root: met[root] * 2 == count * (count - 1) for root, count in records.items()}


def _find(parent: list[int], one: int) -> int:
    while parent[one] != one:
        parent[one] = one = parent[parent[one]]
    return one


def _unite(parent: list[int], a: int, b: int) -> None:
    a, b = _find(parent, a), _find(parent, b)
    parent[max(a, b)] = min(a, b)
