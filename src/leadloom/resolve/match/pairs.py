"""Everything against everything: the pairs that share a key, and their scores.

The comparisons and the scorer are those of a single pair, asked once for each distinct pair of
values and each distinct outcome; numpy only carries the answers back to the pairs.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leadloom.resolve.match.blocking import LIGHT, LITTLE, room_at_once
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.columns import Column, Columns, Ints
from leadloom.resolve.match.matcher import Comparison

Whole = npt.NDArray[np.int32]

_AT_ONCE = 400_000  # pairs scored in one go: bounds the memory
# Of one who is there several times so many rows are looked at, on an average.
_MOST_ROWS = 3


class Candidates(NamedTuple):
    """Pairs that share a key (`low` < `high`), and how many keys were set aside as crowded."""

    low: Ints
    high: Ints
    crowded: int


def candidates(columns: Columns) -> Candidates:
    """Return the pairs of records that share a key which is not crowded."""
    blocks = _blocks(columns)
    is_crowded = blocks.sizes > blocks.rooms
    packed = _paired(blocks, ~is_crowded, len(columns))
    count = max(len(columns), 1)
    return Candidates(packed // count, packed % count, int(is_crowded.sum()))


def met_again(columns: Columns, met: Candidates, groups: Ints) -> Candidates:
    """Return the pairs of two groups that share a key which only many records of few crowd.

    `groups` has a number for each record. As when rows come in, a crowd is one of people: who is
    there six times crowds no key alone. The pairs that `met` are left out.
    """
    blocks = _blocks(columns)
    is_crowded = blocks.sizes > blocks.rooms
    is_crowded &= blocks.sizes <= _MOST_ROWS * blocks.rooms
    count = max(len(columns), 1)
    number = np.repeat(np.arange(len(blocks.starts)), blocks.sizes)
    inside = is_crowded[number]
    distinct = np.unique(number[inside] * count + groups[blocks.owners[inside]]) // count
    told_apart = np.bincount(distinct, minlength=len(blocks.starts))
    packed = _paired(blocks, is_crowded & (told_apart > 1) & (told_apart <= blocks.rooms), count)
    packed = packed[groups[packed // count] != groups[packed % count]]
    packed = np.setdiff1d(packed, met.low * count + met.high, assume_unique=True)
    return Candidates(packed // count, packed % count, met.crowded)


def grouped_by(records: int, low: Ints, high: Ints) -> Ints:
    """Return for each record the lowest that hangs together with it by pairs."""
    groups, before = np.arange(records), np.empty(0, dtype=np.int64)
    while not np.array_equal(groups, before):
        before = groups.copy()
        least = np.minimum(groups[low], groups[high])
        np.minimum.at(groups, low, least)
        np.minimum.at(groups, high, least)
        groups = groups[groups]
    return groups


class _Blocks(NamedTuple):
    """Records by key: each key's holders are `owners` from its start on, and how many may be."""

    owners: Ints
    starts: Ints
    sizes: Ints
    rooms: Ints


def _blocks(columns: Columns) -> _Blocks:
    keys = np.frombuffer(columns.keys, dtype=np.int64)
    owners = np.frombuffer(columns.owners, dtype=np.int32)
    keys = np.where(keys & LIGHT, keys, keys & ~LITTLE)
    order = np.argsort(keys, kind="stable")
    keys, holders = keys[order], owners[order].astype(np.int64)
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.array([], int)
    sizes = np.diff(np.r_[starts, len(keys)])
    rooms = np.ones(len(starts), dtype=np.int64)
    rooms[sizes > 1] = [room_at_once(key) for key in keys[starts[sizes > 1]].tolist()]
    return _Blocks(holders, starts, sizes, rooms)


def _paired(blocks: _Blocks, chosen: npt.NDArray[np.bool_], count: int) -> Ints:
    """Return the pairs of those who share a chosen key, each as one number (low * count + high)."""
    found: list[Ints] = [np.empty(0, dtype=np.int64)]
    for first, size in _by_size(blocks.starts[chosen], blocks.sizes[chosen]):
        block = blocks.owners[first[:, None] + np.arange(size)]
        a, b = np.triu_indices(size, 1)
        left, right = block[:, a].ravel(), block[:, b].ravel()
        pairs = np.minimum(left, right) * count + np.maximum(left, right)
        found.append(np.unique(pairs))
    return np.unique(np.concatenate(found))


def compared(
    comparisons: tuple[Comparison, ...], columns: Columns, pairs: Candidates, census: Census
) -> tuple[list[tuple[int, ...]], Whole]:
    """Return the distinct outcomes of comparing pairs, in order, and which each pair has."""
    numbers: dict[tuple[int, ...], int] = {}
    found = np.empty(len(pairs.low), dtype=np.int32)
    for part in _parts(len(pairs.low)):
        outcomes, which = _codes(comparisons, columns, pairs.low[part], pairs.high[part], census)
        renumbered = [numbers.setdefault(one, len(numbers)) for one in outcomes]
        found[part] = np.array(renumbered, dtype=np.int32)[which]
    outcomes = sorted(numbers)
    places = np.empty(len(outcomes), dtype=np.int32)
    places[[numbers[one] for one in outcomes]] = np.arange(len(outcomes), dtype=np.int32)
    return outcomes, places[found]


def _codes(
    comparisons: tuple[Comparison, ...], columns: Columns, low: Ints, high: Ints, census: Census
) -> tuple[list[tuple[int, ...]], Ints]:
    outcomes: list[tuple[int, ...]] = [()]
    found = np.zeros(len(low), dtype=np.int64)
    for compare, column in zip(comparisons, columns.parts, strict=True):
        answers, which = _compared(compare, column, low, high, census)
        both = found * len(answers) + which
        distinct, found = np.unique(both, return_inverse=True)
        outcomes = [
            outcomes[one // len(answers)] + answers[one % len(answers)] for one in distinct.tolist()
        ]
    return outcomes, found


def _compared(
    compare: Comparison, column: Column, low: Ints, high: Ints, census: Census
) -> tuple[list[tuple[int, ...]], Ints]:
    ids = np.frombuffer(column.ids, dtype=np.int32).astype(np.int64)
    a, b = ids[low], ids[high]
    count = len(column.values)
    values = column.values
    is_known = np.array([value != () for value in values])
    numbers = {} if is_known.all() else {compare((), (), census): 0}
    both = np.flatnonzero(is_known[a] & is_known[b])
    a, b = a[both], b[both]
    distinct, which = np.unique(np.minimum(a, b) * count + np.maximum(a, b), return_inverse=True)
    answers = np.empty(len(distinct), dtype=np.int64)
    firsts, seconds = (distinct // count).tolist(), (distinct % count).tolist()
    for place, (one, other) in enumerate(zip(firsts, seconds, strict=True)):
        answer = compare(values[one], values[other], census)
        answers[place] = numbers.setdefault(answer, len(numbers))
    found = np.zeros(len(low), dtype=np.int64)
    found[both] = answers[which]
    return list(numbers), found


def _by_size(starts: Ints, sizes: Ints) -> Iterator[tuple[Ints, int]]:
    for size in np.unique(sizes[sizes > 1]).tolist():
        first = starts[sizes == size]
        at_once = max(1, 8_000_000 // (size * size))
        for place in range(0, len(first), at_once):
            yield first[place : place + at_once], size


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, _AT_ONCE):
        yield slice(start, min(count, start + _AT_ONCE))
