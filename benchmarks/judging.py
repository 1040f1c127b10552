"""How good groups are when it is known who is who."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Marks:
    """Precision and recall over the pairs that groups imply; the size of the largest group, and of
    the largest that holds more than one owner."""

    precision: float
    recall: float
    largest: int = 0
    mixed: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} (P {self.precision:.4f}, R {self.recall:.3f})"


def marks_of(roots: Sequence[int] | Any, owners: Sequence[int] | Any) -> Marks:
    """Mark the grouping that gives each record its `roots`, against its true `owners`."""
    groups, people = np.asarray(roots, dtype=np.int64), np.asarray(owners, dtype=np.int64)
    if not len(groups):
        return Marks(1.0, 1.0)
    of_group, sizes = np.unique(groups, return_inverse=True, return_counts=True)[1:]
    both = of_group * (int(people.max()) + 1) + people
    parts, alike = np.unique(both, return_counts=True)
    right, said = _pairs(alike), _pairs(sizes)
    true = _pairs(np.unique(people, return_counts=True)[1])
    owners_in = np.bincount(parts // (int(people.max()) + 1))
    mixed = int(sizes[owners_in > 1].max(initial=0))
    precision, recall = right / said if said else 1.0, right / true if true else 1.0
    return Marks(precision, recall, int(sizes.max()), mixed)


def pair_marks(said: Iterable[tuple[int, int]], true: set[tuple[int, int]]) -> Marks:
    """Mark pairs (lower first) against the true ones."""
    found = set(said)
    right = len(found & true)
    return Marks(right / len(found) if found else 1.0, right / len(true))


def inside(roots: Sequence[int] | Any) -> Iterator[tuple[int, int]]:
    """Yield the pairs that a grouping implies, lower first."""
    groups: dict[int, list[int]] = defaultdict(list)
    for one, root in enumerate(roots):
        groups[int(root)].append(one)
    for group in groups.values():
        yield from combinations(group, 2)


def chained(count: int, low: Any, high: Any) -> Any:
    """Return a root for each record when every edge joins: connected components."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    edges = coo_array((np.ones(len(low), dtype=bool), (low, high)), shape=(count, count))
    return connected_components(edges, directed=False)[1]


def answered(
    roots: Sequence[int] | Any, asked: Iterable[tuple[int, int]], owners: Sequence[int] | Any
) -> Any:
    """Return the roots after somebody answered all that was asked, rightly."""
    yes = [(int(roots[a]), int(roots[b])) for a, b in asked if owners[a] == owners[b]]
    top = chained(len(roots), [a for a, _ in yes], [b for _, b in yes])
    return top[np.asarray(roots)]


def confused(
    roots: Sequence[int] | Any,
    owners: Sequence[int] | Any,
    confusable: Iterable[tuple[int, int, str]],
) -> Mapping[str, tuple[int, int]]:
    """Return, for each kind of people easily confused, how many of how many pairs were joined."""
    of_owner: dict[int, set[int]] = defaultdict(set)
    for root, owner in zip(roots, owners, strict=True):
        of_owner[int(owner)].add(int(root))
    joined: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for a, b, kind in confusable:
        total[kind] += 1
        joined[kind] += bool(of_owner[a] & of_owner[b])
    return {kind: (joined[kind], total[kind]) for kind in total}


def _pairs(counts: Any) -> int:
    return int((counts * (counts - 1) // 2).sum())
