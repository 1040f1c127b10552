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
    """`parent` groups what is one; `doubtful` are edges a person should look at."""

    members: dict[int, list[int]] = field(default_factory=dict)
    root: dict[int, int] = field(default_factory=dict)
    doubtful: list[Edge] = field(default_factory=list)

    def root_of(self, record: int) -> int:
        """Return the record that stands for a record's group."""
        return self.root.get(record, record)

    def group(self, record: int) -> list[int]:
        """Return all records of a record's group."""
        return self.members.get(self.root_of(record), [record])


# So many pairs of two groups are looked at before they are joined.
_LOOKS = 24


def cluster(
    edges: Iterable[Edge],
    same_bits: float,
    unsure_bits: float,
    against: Callable[[int, int], float],
) -> Clustering:
    """Join records along edges, the strongest first.

    `against(a, b)` gives the bits by which two records contradict each other (0 or less). Two
    groups are joined when the edge would be strong enough although any two of them contradict each
    other as they do; if not, the edge is doubtful, as one between the thresholds is.
    """
    found = Clustering()
    strong = sorted((e for e in edges if e.bits >= unsure_bits), key=lambda e: (-e.bits, e.a, e.b))
    for edge in strong:
        a, b = found.root_of(edge.a), found.root_of(edge.b)
        if a == b:
            continue
        if edge.bits < same_bits:
            found.doubtful.append(edge)
            continue
        mine, theirs = found.members.get(a, [a]), found.members.get(b, [b])
        if (
            len(mine) + len(theirs) > 2
            and edge.bits + _worst(mine, theirs, edge, against) < same_bits
        ):
            found.doubtful.append(edge)
            continue
        _join(found, a, b, mine, theirs)
    between: dict[tuple[int, int], Edge] = {}
    for edge in found.doubtful:
        a, b = found.root_of(edge.a), found.root_of(edge.b)
        if a != b:
            between.setdefault((min(a, b), max(a, b)), edge)
    found.doubtful = sorted(between.values(), key=lambda edge: -edge.bits)
    return found


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
