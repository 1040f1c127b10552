"""People grouped as `leadloom resolve` groups them, with everything in memory.

Who may be one by the model (`suspects`) hangs together; those that do are grouped by the rule that
weaves (`grouping`), which no score overrules.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import judging
import numpy as np

from leadloom.resolve.grouping import Node, grouped
from leadloom.resolve.match import bulk
from leadloom.resolve.match.matcher import Matcher
from leadloom.resolve.match.model import Model, bits_of
from leadloom.resolve.match.pairs import Candidates
from leadloom.resolve.people import Person
from leadloom.resolve.weighing import Weighing


class Resolved(NamedTuple):
    """A root for each record, and the pairs of records that are asked about."""

    roots: Any
    asked: list[tuple[int, int]]


def resolved(
    records: Sequence[dict[str, Any]],
    table: bulk.Table,
    model: Model,
    pairs: Candidates,
    odds: Any,
) -> Resolved:
    """Group the records of a table of people by a model, which gives the `pairs` these odds."""
    near = odds >= bits_of(model.unsure_at)
    low, high = pairs.low[near], pairs.high[near]
    rule = Weighing(Matcher(model, table.census))
    roots, asked = np.arange(len(records)), []
    nodes = _Nodes(records, table)
    for group in _together(judging.chained(len(records), low, high)):
        found = grouped([nodes.node(one) for one in group], rule, (), lambda mine, theirs: False)
        for place, one in enumerate(group):
            roots[one] = group[found.root(place)]
        asked += [(group[doubt.a], group[doubt.b]) for doubt in found.doubts]
    return Resolved(roots, asked)


class Lines(Sequence[dict[str, Any]]):
    """The records of a file, one a line, each read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._starts = [0]
        for line in self._file:
            self._starts.append(self._starts[-1] + len(line))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: Any) -> Any:
        self._file.seek(self._starts[number])
        return json.loads(self._file.readline())


class _Nodes:
    def __init__(self, records: Sequence[dict[str, Any]], table: bulk.Table) -> None:
        self._records, self._columns = records, table.columns
        self._keys = np.frombuffer(table.columns.keys, dtype=np.int64)
        owners = np.frombuffer(table.columns.owners, dtype=np.int32)
        self._starts = np.searchsorted(owners, np.arange(len(records) + 1))

    def node(self, number: int) -> Node:
        facts, person = self._records[number], Person()
        person.learn(facts, None)
        keys = self._keys[self._starts[number] : self._starts[number + 1]].tolist()
        return Node(person, keys, json.dumps(facts, sort_keys=True))


def _together(roots: Any) -> Iterator[list[int]]:
    """Yield the records that have a root in common with others."""
    order = np.argsort(roots, kind="stable")
    ends = np.flatnonzero(np.r_[roots[order][1:] != roots[order][:-1], True]) + 1
    begin = 0
    for end in ends.tolist():
        if end - begin > 1:
            yield order[begin:end].tolist()
        begin = end
