"""Everything against everything: from records to groups of those that are one person.

Pure. The pairs are judged by the rule that judges what comes in, the likeliest first; two groups
become one where that rule calls them the same as wholes. So one wrong pair joins nobody who
contradict each other, and the order of arrival plays no part.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from leadloom.resolve.match.blocking import CROWDED, paired_by
from leadloom.resolve.people import Person, Verdict, is_far_likelier, is_half_named, torn_by
from leadloom.resolve.weighing import Rule

Pair = tuple[int, int]

_RIVALS = 12  # so many others that a record fits are held against each other


@dataclass(frozen=True, slots=True)
class Node:
    """What is grouped: a record, with what it says, its keys, and what it is told apart by.

    `mark` depends on what the record says alone, so that nothing depends on when it came.
    """

    person: Person
    keys: Sequence[int]
    mark: str


class Uncertain(NamedTuple):
    """Two groups, each by one of its nodes, that may be one person."""

    a: int
    b: int
    verdict: Verdict


@dataclass(slots=True)
class Groups:
    """Which nodes are one, by their places; `why` holds what joined two, in the order it did.

    `people` and `members` are of the groups, by the nodes that stand for them.
    """

    parent: list[int]
    people: dict[int, Person]
    members: dict[int, list[int]]
    why: list[Uncertain] = field(default_factory=list)
    doubts: list[Uncertain] = field(default_factory=list)

    def root(self, node: int) -> int:
        """Return the node that stands for a node's group."""
        while self.parent[node] != node:
            self.parent[node] = node = self.parent[self.parent[node]]
        return node

    def join(self, a: int, b: int) -> None:
        """Make two groups one."""
        one, other = sorted((self.root(a), self.root(b)))
        if one != other:
            self.parent[other] = one
            self.people[one].absorb(self.people.pop(other))
            self.members[one] += self.members.pop(other)


def grouped(
    nodes: Sequence[Node],
    rule: Rule,
    joined: Iterable[Pair],
    is_kept_apart: Callable[[list[int], list[int]], bool],
) -> Groups:
    """Group nodes; `joined` are one whatever they say, and `is_kept_apart` (of two groups) two."""
    found = Groups(list(range(len(nodes))), {}, {place: [place] for place in range(len(nodes))})
    for place, node in enumerate(nodes):
        found.people[place] = Person()
        found.people[place].absorb(node.person)
    for a, b in joined:
        found.join(a, b)
    judged = [(rule.judge(nodes[a].person, nodes[b].person), a, b) for a, b in _pairs(nodes)]
    likely = [one for one in judged if one[0].answer != "different"]
    likely.sort(key=lambda one: (-one[0].score, *sorted((nodes[one[1]].mark, nodes[one[2]].mark))))
    doubts: list[tuple[Verdict, int, int]] = []
    torn = _torn(likely, nodes, rule)
    for verdict, a, b in likely:
        verdict = torn.get((a, b), verdict)
        one, other = found.root(a), found.root(b)
        if one == other or is_kept_apart(found.members[one], found.members[other]):
            continue
        whole = verdict
        if _is_more(found, one, a) or _is_more(found, other, b):
            whole = rule.judge(found.people[one], found.people[other])
        if verdict.answer == "same" == whole.answer:
            found.join(a, b)
            found.why.append(Uncertain(a, b, verdict))
        elif whole.answer != "different":
            doubts.append((whole if whole.answer == "unsure" else verdict, a, b))
    found.doubts = list(_between(found, doubts, is_kept_apart))
    return found


def _torn(
    likely: Sequence[tuple[Verdict, int, int]], nodes: Sequence[Node], rule: Rule
) -> dict[Pair, Verdict]:
    """Return, as doubts, the pairs by which a record would as well belong to somebody else.

    Half a name may fit two of one family or firm: it goes to neither.
    """
    near: dict[int, list[tuple[Verdict, Pair]]] = defaultdict(list)
    for verdict, a, b in likely:  # the likeliest first
        if verdict.answer == "same":
            near[a].append((verdict, (a, b)))
            near[b].append((verdict, (a, b)))
    torn: dict[Pair, Verdict] = {}
    for node, found in near.items():
        if len(found) < 2 or not is_half_named(nodes[node].person):
            continue
        rivals = [
            (verdict, pair, nodes[sum(pair) - node].person) for verdict, pair in found[:_RIVALS]
        ]
        for (mine, pair, one), (theirs, another, other) in combinations(rivals, 2):
            if not is_far_likelier(mine, theirs) and rule.are_called_apart(one, other):
                torn[pair], torn[another] = torn_by(mine, other), torn_by(theirs, one)
    return torn


def _is_more(found: Groups, root: int, node: int) -> bool:
    return len(found.people[root].told) > 1 or root != node


def _between(
    found: Groups,
    doubts: Iterable[tuple[Verdict, int, int]],
    is_kept_apart: Callable[[list[int], list[int]], bool],
) -> Iterator[Uncertain]:
    """Yield the strongest doubt about each two groups that stayed two."""
    seen: set[Pair] = set()
    for verdict, a, b in doubts:
        one, other = sorted((found.root(a), found.root(b)))
        if one == other or (one, other) in seen:
            continue
        seen.add((one, other))
        if not is_kept_apart(found.members[one], found.members[other]):
            score = verdict.score if verdict.answer == "unsure" else verdict.score / 2
            yield Uncertain(a, b, Verdict("unsure", score, verdict.reason, verdict.details))


def _pairs(nodes: Sequence[Node]) -> list[Pair]:
    """Return the pairs that share a key; of a crowd each with one of it only.

    Of those who hang together there are few: here even a name alone may be shared by many.
    """
    holders: dict[int, list[int]] = defaultdict(list)
    for place, node in enumerate(nodes):
        for key in dict.fromkeys(map(paired_by, node.keys)):
            holders[key].append(place)
    found: dict[Pair, None] = {}
    for some in holders.values():
        if len(some) > CROWDED:
            some.sort(key=lambda place: nodes[place].mark)
            found.update(dict.fromkeys((min(some[0], b), max(some[0], b)) for b in some[1:]))
        else:
            found.update(dict.fromkeys((a, b) for n, a in enumerate(some) for b in some[n + 1 :]))
    return list(found)
