"""Everything against everything: from records to groups of those that are one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from leadloom.resolve.match import blocking, counting, defaults, firm, learn, matcher, person
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.cluster import Clustering, Edge, cluster
from leadloom.resolve.match.columns import Columns, Ints, gather
from leadloom.resolve.match.levels import UNKNOWN, level_of
from leadloom.resolve.match.matcher import Comparison
from leadloom.resolve.match.model import Model, bits_of
from leadloom.resolve.match.pairs import Candidates, Floats, bits, candidates, codes


@dataclass(frozen=True, slots=True)
class Kind:
    """What is matched, people or companies: how it is made ready, found, compared and counted."""

    terms_of: Callable[[Any], Sequence[Any]]
    keys_of: Callable[[Any], Iterable[int]]
    comparisons: tuple[Comparison, ...]
    census_of: Callable[[Columns], Census]
    model: Callable[[], Model]
    labels: tuple[str, ...]


PEOPLE = Kind(
    person.terms_of,
    blocking.keys_of,
    matcher.OF_PEOPLE,
    counting.of_people,
    defaults.people,
    ("profile", "private mail", "mobile"),
)
FIRMS = Kind(
    firm.terms_of,
    blocking.firm_keys_of,
    matcher.OF_FIRMS,
    counting.of_firms,
    defaults.firms,
    ("profile",),
)

# With fewer labelled pairs than this, all pairs that share a key are learned from.
_ENOUGH_LABELS = 300


_PROFILES = 3  # the part of both PersonTerms and FirmTerms
_SAME = 2  # the level of one profile
_ENOUGH_PAIRS = 100
_SURE = 6.0  # bits


@dataclass(slots=True)
class Table:
    """Records made ready, the pairs to look at, and how common values are."""

    kind: Kind
    columns: Columns
    pairs: Candidates
    census: Census


def table_of(kind: Kind, records: Iterable[Any]) -> Table:
    """Make records ready to be matched."""
    columns = gather(records, kind.terms_of, kind.keys_of, len(kind.comparisons))
    return Table(kind, columns, candidates(columns), kind.census_of(columns).common())


def learned(table: Table, start: Model | None = None) -> Model:
    """Return a model fitted to a table by the labels its records carry themselves."""
    model = (start or table.kind.model()).with_records(len(table.columns))
    pairs = table.pairs
    outcomes, which = codes(
        table.kind.comparisons, table.columns, pairs.low, pairs.high, table.census
    )
    counts = dict(zip(outcomes, np.bincount(which, minlength=len(outcomes)).tolist(), strict=True))
    carried = _carried(table, model, outcomes, which)
    if carried:
        model = learn.with_duplicates(model, carried.duplicates)
    labelled = learn.free_labels(model, counts, table.kind.labels)
    if sum(one.pairs for one in labelled) < _ENOUGH_LABELS:
        return learn.learn(model, [learn.Example(*one) for one in counts.items()], are_all=True)
    model = learn.learn(model, labelled)
    return _calibrated(model, counts, carried.bias) if carried else model


class Carried(NamedTuple):
    """What profiles show: duplicates a record has, and how much likelier one person's two records
    both carry one than any two do."""

    duplicates: float
    bias: float


def _carried(
    table: Table, model: Model, outcomes: Sequence[tuple[int, ...]], which: Ints
) -> Carried | None:
    """Return what profiles show; None when there are too few.

    Of pairs that share a profile only those are seen of which both carry it: how many that are is
    told by pairs that are one person for other reasons.
    """
    part = table.columns.parts[_PROFILES]
    carries = np.array(list(map(bool, part.values)))[np.frombuffer(part.ids, dtype=np.int32)]
    is_sure = (np.array([model.bits(_unlabelled(model, one)) for one in outcomes]) >= _SURE)[which]
    a, b = carries[table.pairs.low], carries[table.pairs.high]
    both, one = int((a & b & is_sure).sum()), int(((a ^ b) & is_sure).sum())
    place = _place(model)
    same = np.array([level_of(one[place]) == _SAME for one in outcomes])[which].sum()
    if both < _ENOUGH_PAIRS or same < _ENOUGH_PAIRS:
        return None
    share = 2 * both / (2 * both + one)
    return Carried(float(same / (carries.sum() * share)), float(share / carries.mean()))


def _calibrated(model: Model, counts: Mapping[tuple[int, ...], int], bias: float) -> Model:
    place = _place(model)
    labelled = [(codes, count) for codes, count in counts.items() if codes[place]]
    is_same = np.array([float(level_of(codes[place]) == _SAME) for codes, _ in labelled])
    weights = np.array([count for _, count in labelled], dtype=np.float64)
    odds = np.array([model.bits(_unlabelled(model, codes)) for codes, _ in labelled])
    return learn.calibrated(model, odds, is_same, weights / np.where(is_same > 0, bias, 1.0))


def _place(model: Model) -> int:
    return [of.name for of in model.fields].index("profile")


def _unlabelled(model: Model, one: tuple[int, ...]) -> tuple[int, ...]:
    place = _place(model)
    return (*one[:place], UNKNOWN, *one[place + 1 :])


def scored(table: Table, model: Model) -> Floats:
    """Return the log2 odds of a table's pairs."""
    return bits(model, table.kind.comparisons, table.columns, table.pairs, table.census)


def grouped(table: Table, model: Model, odds: Floats) -> Clustering:
    """Return the groups of a table's records that are one, and the pairs to ask about."""
    kept = np.flatnonzero(odds >= bits_of(model.unsure_at))
    low, high = table.pairs.low[kept].tolist(), table.pairs.high[kept].tolist()
    edges = map(Edge, low, high, odds[kept].tolist())

    def against(a: int, b: int) -> float:
        terms = table.columns.terms(a), table.columns.terms(b)
        return model.contradiction(matcher.codes_of(table.kind.comparisons, *terms, table.census))

    return cluster(edges, bits_of(model.same_at), bits_of(model.unsure_at), against)
