"""Everything against everything: the pairs that share a key, and their scores.

The comparisons and the scorer are those of a single pair, asked once for each distinct pair of
values and each distinct outcome; numpy only carries the answers back to the pairs.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leadloom.resolve.match.blocking import CROWDED, LIGHT, LITTLE, room_at_once
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.columns import Column, Columns, Ints
from leadloom.resolve.match.matcher import Comparison

Whole = npt.NDArray[np.int32]

_AT_ONCE = 400_000  # pairs scored in one go: bounds the memory


class Candidates(NamedTuple):
    """Pairs that share a key (`low` < `high`), and how many keys were set aside as crowded."""

    low: Ints
    high: Ints
    crowded: int


def candidates(columns: Columns) -> Candidates:
    """Return the pairs of records that share a key which is not crowded."""
    keys = np.frombuffer(columns.keys, dtype=np.int64)
    owners = np.frombuffer(columns.owners, dtype=np.int32)
    keys = np.where(keys & LIGHT, keys, keys & ~LITTLE)
    order = np.argsort(keys, kind="stable")
    keys, owners = keys[order], owners[order].astype(np.int64)
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.array([], int)
    sizes = np.diff(np.r_[starts, len(keys)])
    rooms = np.array([room_at_once(key) for key in keys[starts[sizes > 1]].tolist()])
    is_crowded = np.zeros(len(starts), dtype=bool)
    is_crowded[sizes > 1] = sizes[sizes > 1] > rooms
    count = len(columns)
    found: list[Ints] = [np.empty(0, dtype=np.int64)]
    for some in _by_size(starts[~is_crowded], sizes[~is_crowded]):
        first, size = some
        block = owners[first[:, None] + np.arange(size)]
        a, b = np.triu_indices(size, 1)
        left, right = block[:, a].ravel(), block[:, b].ravel()
        pairs = np.minimum(left, right) * count + np.maximum(left, right)
        found.append(np.unique(pairs))
    packed = np.unique(np.concatenate(found))
    return Candidates(packed // max(count, 1), packed % max(count, 1), int(is_crowded.sum()))


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
    for size in range(2, CROWDED + 1):
        first = starts[sizes == size]
        at_once = max(1, 8_000_000 // (size * size))
        for place in range(0, len(first), at_once):
            yield first[place : place + at_once], size


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, _AT_ONCE):
        yield slice(start, min(count, start + _AT_ONCE))
