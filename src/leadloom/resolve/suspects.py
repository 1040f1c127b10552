"""Which leads a regrouping has to look at: the whole table against itself, in one pass."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sqlalchemy as sa

from leadloom.resolve.match import bulk
from leadloom.resolve.match.model import bits_of
from leadloom.resolve.regroup import is_one
from leadloom.resolve.said import read_record
from leadloom.resolve.shelf import scope_of, testimonies_of
from leadloom.resolve.versions import Version
from leadloom.resolve.weighing import Rule
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.tables import leads, records, sources
from leadloom.storage.types import load_json

PAGE = 5_000
_AT_ONCE = 1_000  # leads whose records are read together


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
    tx: Tx,
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
    leads of which nothing is wrong.
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
    near += [*by_ref, *old]
    wrong = {a for a, b in near if everyone.roots[a] != everyone.roots[b]}
    mixed = _mixed(everyone.roots)
    if everything:
        wrong.update(some[0] for some in mixed)
    else:
        alike = _united(everyone.roots, [*same, *by_ref])
        sound: list[list[int]] = []
        for some in mixed:
            if len({_find(alike, place) for place in some}) > 1:
                wrong.add(some[0])
            elif everyone.ids[some[-1]] > since:
                sound.append(some)
        wrong.update(_parted(tx, everyone, version.rule, sound))
    return _hanging_together(everyone, near, wrong, since)


def _mixed(roots: Sequence[int]) -> list[list[int]]:
    """Return the places of each lead's records, of those that have several."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, root in enumerate(roots):
        places[root].append(place)
    return [some for some in places.values() if len(some) > 1]


def _united(roots: Sequence[int], same: Sequence[tuple[int, int]]) -> list[int]:
    """Return who leads to whom among the records of each lead that are surely one."""
    alike = list(range(len(roots)))
    for a, b in same:
        if roots[a] == roots[b]:
            _unite(alike, a, b)
    return alike


def _parted(
    tx: Tx, everyone: Everyone, rule: Rule, leads_of: Sequence[Sequence[int]]
) -> Iterator[int]:
    """Yield a place of each lead that the rule would make several of: by itself, in no order.

    Each pair may surely be one, and the whole not: that depended on who came first.
    """
    for start in range(0, len(leads_of), _AT_ONCE):
        some = leads_of[start : start + _AT_ONCE]
        ids = [everyone.ids[place] for places in some for place in places]
        said = {row.id: read_record(row) for row in testimonies_of(tx, records.c.id, ids)}
        for places in some:
            if not is_one([said[everyone.ids[place]] for place in places], rule):
                yield places[0]


def _hanging_together(
    everyone: Everyone, near: Sequence[tuple[int, int]], wrong: Iterable[int], since: int
) -> list[list[int]]:
    """Return the leads that hang together with one of which something is wrong."""
    roots, together = everyone.roots, list(range(len(everyone.ids)))
    first: dict[int, int] = {}
    for place, root in enumerate(roots):
        _unite(together, first.setdefault(root, place), place)
    for a, b in near:
        _unite(together, a, b)
    wanted = {_find(together, place) for place in wrong}
    groups: dict[int, dict[int, None]] = defaultdict(dict)
    newest: dict[int, int] = defaultdict(int)
    for place, root in enumerate(roots):
        if (group := _find(together, place)) in wanted:
            groups[group][root] = None
            newest[group] = max(newest[group], everyone.ids[place])
    return [list(found) for group, found in groups.items() if newest[group] > since]


def _find(parent: list[int], one: int) -> int:
    while parent[one] != one:
        parent[one] = one = parent[parent[one]]
    return one


def _unite(parent: list[int], a: int, b: int) -> None:
    a, b = _find(parent, a), _find(parent, b)
    parent[max(a, b)] = min(a, b)
