"""Clusters, not chains: edges become groups only where the groups as a whole agree."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Edge(NamedTuple):
    """Two records and the log2 odds that they are one."""

    a: int
    b: int
    bits: float


@dataclass(slots=True)
class Clustering:
    """`members` of groups, each by its `root`; `joined` are the edges that joined two, in the order
    they did; `doubtful` are edges a person should look at."""

    members: dict[int, list[int]] = field(default_factory=dict)
    root: dict[int, int] = field(default_factory=dict)
    joined: list[Edge] = field(default_factory=list)
    doubtful: list[Edge] = field(default_factory=list)

    def root_of(self, record: int) -> int:
        """Return the record that stands for a record's group."""
        return self.root.get(record, record)

    def group(self, record: int) -> list[int]:
        """Return all records of a record's group."""
        return self.members.get(self.root_of(record), [record])

    def renumbered(self, numbers: Sequence[int]) -> "Clustering":
        """Return the same clusters when record n is called `numbers[n]`."""

        def named(edge: Edge) -> Edge:
            a, b = sorted((numbers[edge.a], numbers[edge.b]))
            return Edge(a, b, edge.bits)

        return Clustering(
            {numbers[one]: sorted(numbers[n] for n in of) for one, of in self.members.items()},
            {numbers[record]: numbers[root] for record, root in self.root.items()},
            list(map(named, self.joined)),
            list(map(named, self.doubtful)),
        )


# So many pairs of two groups are looked at before they are joined.
_LOOKS = 24


def cluster(
    edges: Iterable[Edge],
    same_bits: float,
    unsure_bits: float,
    against: Callable[[int, int], float],
    asked: Iterable[Edge] = (),
    are_apart: Callable[[Sequence[int], Sequence[int]], bool] = lambda mine, theirs: False,
) -> Clustering:
    """Join records along edges, the strongest first.

    `against(a, b)` gives the bits by which two records contradict each other (0 or less). Two
    groups are joined when the edge would be strong enough although any two of them contradict each
    other as they do; if not, the edge is doubtful, as one between the thresholds is. What is
    `asked` joins nobody, however strong, and groups that `are_apart` are not joined.
    """
    found = Clustering()
    strong = sorted((e for e in edges if e.bits >= unsure_bits), key=lambda e: (-e.bits, e.a, e.b))
    torn = _torn(strong, same_bits, against)
    for edge in strong:
        a, b = found.root_of(edge.a), found.root_of(edge.b)
        mine, theirs = found.members.get(a, [a]), found.members.get(b, [b])
        if a == b:
            continue
        if edge.bits < same_bits or edge in torn or are_apart(mine, theirs):
            found.doubtful.append(edge)
            continue
        if (
            len(mine) + len(theirs) > 2
            and edge.bits + _worst(mine, theirs, edge, against) < same_bits
        ):
            found.doubtful.append(edge)
            continue
        _join(found, a, b, mine, theirs)
        found.joined.append(edge)
    found.doubtful += asked
    found.doubtful = _questions(found, are_apart)
    return found


def _torn(
    edges: Sequence[Edge], same_bits: float, against: Callable[[int, int], float]
) -> set[Edge]:
    """Return the edges by which a record would as well belong to another, who contradicts this one.

    An edge is sure only if it beats every such rival by as much as it takes to be sure at all.
    """
    near: dict[int, list[Edge]] = {}
    for edge in edges:
        near.setdefault(edge.a, []).append(edge)
        near.setdefault(edge.b, []).append(edge)
    joined = {(edge.a, edge.b) for edge in edges}
    torn: set[Edge] = set()
    for record, mine in near.items():
        if len(mine) < 2 or mine[0].bits < same_bits or mine[0].bits - mine[1].bits >= same_bits:
            continue
        for place, one in enumerate(mine[:_RIVALS]):  # the strongest are first
            for other in mine[place + 1 : _RIVALS]:
                if one.bits - other.bits >= same_bits or one.bits < same_bits:
                    break
                a, b = (edge.a + edge.b - record for edge in (one, other))
                pair = (min(a, b), max(a, b))
                if pair not in joined and against(a, b) <= -same_bits:
                    torn |= {one, other}
    return torn


_RIVALS = 12  # so many edges of a record are held against each other


def _questions(
    found: Clustering, are_apart: Callable[[Sequence[int], Sequence[int]], bool]
) -> list[Edge]:
    """Return the doubtful edges worth asking about, the likeliest first.

    What two answers of "same" would settle is not asked as a third question: of three groups that
    may all be one, two pairs are asked about. (After a "different" the third is still there.)
    """
    asked: list[Edge] = []
    top: dict[int, int] = {}

    def top_of(one: int) -> int:
        while (above := top.get(one, one)) != one:
            top[one] = top.get(above, above)
            one = above
        return one

    for edge in sorted(found.doubtful, key=lambda edge: (-edge.bits, edge.a, edge.b)):
        a, b = top_of(found.root_of(edge.a)), top_of(found.root_of(edge.b))
        if a == b:
            continue
        asked.append(edge)
        if not are_apart(found.group(edge.a), found.group(edge.b)):
            top[a] = b
    return asked


def _worst(
    mine: Sequence[int], theirs: Sequence[int], edge: Edge, against: Callable[[int, int], float]
) -> float:
    """Return by how many bits those of two groups contradict each other who do so most."""
    worst, looked = 0.0, 0
    for one in mine:
        for other in theirs:
            if (one, other) in ((edge.a, edge.b), (edge.b, edge.a)):
                continue
            worst, looked = min(worst, against(one, other)), looked + 1
            if looked >= _LOOKS:
                return worst
    return worst


def _join(found: Clustering, a: int, b: int, mine: list[int], theirs: list[int]) -> None:
    low, high = min(a, b), max(a, b)
    together = sorted(mine + theirs)
    found.members.pop(high, None)
    found.members[low] = together
    for record in together:
        found.root[record] = low
