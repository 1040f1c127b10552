"""Many records made ready: every part is kept once, and each record as numbers of its parts."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Column:
    """One part of all records: the distinct `values`, and which one each record has."""

    values: list[Any] = field(default_factory=list)
    ids: "array[int]" = field(default_factory=lambda: array("i"))
    _numbers: dict[Hashable, int] = field(default_factory=dict)

    def add(self, value: Hashable) -> None:
        """Append a record's value."""
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self.values)
            self.values.append(value)
        self.ids.append(number)

    def close(self) -> None:
        """Forget what is needed only while values are added."""
        self._numbers.clear()


@dataclass(slots=True)
class Columns:
    """All records by part, and the keys they are found by."""

    parts: list[Column]
    keys: "array[int]" = field(default_factory=lambda: array("q"))
    owners: "array[int]" = field(default_factory=lambda: array("i"))

    def __len__(self) -> int:
        return len(self.parts[0].ids)

    def add(self, terms: Sequence[Hashable], keys: Iterable[int]) -> None:
        """Append a record that was made ready, with its keys."""
        number = len(self)
        for column, value in zip(self.parts, terms, strict=True):
            column.add(value)
        for key in keys:
            self.keys.append(key)
            self.owners.append(number)

    def terms(self, number: int) -> tuple[Any, ...]:
        """Return what `add` was given as the terms of a record."""
        return tuple(column.values[column.ids[number]] for column in self.parts)

    def ranks(self) -> Ints:
        """Return the place of each record in an order that only what they say decides.

        Records of which all keys are equal are told apart by the rest of what they say; what is
        alike in everything may change places.
        """
        sums = np.zeros(len(self), dtype=np.int64)
        owners = np.frombuffer(self.owners, dtype=np.int32)
        if len(owners):
            starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
            keys = np.frombuffer(self.keys, dtype=np.int64)
            sums[owners[starts]] = np.bitwise_xor.reduceat(keys, starts)
        order = np.argsort(sums, kind="stable")
        ends = np.flatnonzero(np.r_[sums[order][1:] != sums[order][:-1], True]) + 1
        begin = 0
        for end in ends.tolist():
            if end - begin > 1:
                tied = order[begin:end].tolist()
                order[begin:end] = sorted(tied, key=lambda one: repr(self.terms(one)))
            begin = end
        ranks = np.empty(len(self), dtype=np.int64)
        ranks[order] = np.arange(len(self))
        return ranks


def gather(
    records: Iterable[Any],
    terms_of: Callable[[Any], Sequence[Hashable]],
    keys_of: Callable[[Any], Iterable[int]],
    parts: int,
) -> Columns:
    """Make records ready, one after the other."""
    columns = Columns([Column() for _ in range(parts)])
    for record in records:
        terms = terms_of(record)
        columns.add(terms, keys_of(terms))
    for column in columns.parts:
        column.close()
    return columns
