"""How good groups are when it is known who is who."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """Precision and recall over the pairs that groups imply, and the size of the largest group."""

    precision: float
    recall: float
    largest: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} (P {self.precision:.4f}, R {self.recall:.3f})"


def marks_of(roots: Sequence[int], owners: Sequence[int]) -> Marks:
    """Mark the grouping that gives each record its `roots`, against its true `owners`."""
    groups: dict[int, Counter[int]] = defaultdict(Counter)
    for root, owner in zip(roots, owners, strict=True):
        groups[root][owner] += 1
    right = sum(_pairs(n) for group in groups.values() for n in group.values())
    said = sum(_pairs(group.total()) for group in groups.values())
    true = sum(map(_pairs, Counter(owners).values()))
    largest = max((group.total() for group in groups.values()), default=0)
    return Marks(right / said if said else 1.0, right / true if true else 1.0, largest)


def pair_marks(said: Iterable[tuple[int, int]], true: set[tuple[int, int]]) -> Marks:
    """Mark pairs (lower first) against the true ones."""
    found = set(said)
    right = len(found & true)
    return Marks(right / len(found) if found else 1.0, right / len(true))


def chained(count: int, edges: Iterable[tuple[int, int]]) -> list[int]:
    """Return a root for each record when every edge joins: connected components."""
    parent = list(range(count))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for a, b in edges:
        parent[root(a)] = root(b)
    return [root(one) for one in range(count)]


def answered(
    roots: Sequence[int], asked: Iterable[tuple[int, int]], owners: Sequence[int]
) -> list[int]:
    """Return the roots after somebody answered all that was asked, rightly."""
    yes = [(roots[a], roots[b]) for a, b in asked if owners[a] == owners[b]]
    top = chained(len(roots), yes)
    return [top[root] for root in roots]


def confused(
    roots: Sequence[int], owners: Sequence[int], confusable: Iterable[tuple[int, int, str]]
) -> Mapping[str, tuple[int, int]]:
    """Return, for each kind of people easily confused, how many of how many pairs were joined."""
    of_root: dict[int, set[int]] = defaultdict(set)
    for root, owner in zip(roots, owners, strict=True):
        of_root[root].add(owner)
    together = {
        (a, b) for group in of_root.values() if len(group) > 1 for a in group for b in group
    }
    joined: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for a, b, kind in confusable:
        total[kind] += 1
        joined[kind] += (a, b) in together
    return {kind: (joined[kind], total[kind]) for kind in total}


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
