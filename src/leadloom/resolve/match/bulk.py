"""Everything against everything: records made ready, and the odds of those that share a key."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from leadloom.resolve.match import blocking, counting, defaults, firm, learn, matcher, person
from leadloom.resolve.match.census import Census, share_of
from leadloom.resolve.match.columns import Columns, gather
from leadloom.resolve.match.households import at_home
from leadloom.resolve.match.levels import band_in
from leadloom.resolve.match.matcher import Comparison
from leadloom.resolve.match.model import Model, bits_of
from leadloom.resolve.match.outcomes import Floats, Outcomes
from leadloom.resolve.match.pairs import (
    Candidates,
    Whole,
    candidates,
    compared,
    grouped_by,
    met_again,
)
from leadloom.undisturbed import undisturbed


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


_HARDLY_ANY = 0.1  # of those alike in surname and address only: two people
_RELATIVES, _SONS = "relatives", "father and son of one name"
_PROFILES = 3  # the part of both PersonTerms and FirmTerms
_SAME = 2  # the level of one profile
_ENOUGH_PAIRS = 100
_SURE = 6.0  # bits
_RANDOM_PAIRS = 50_000
_MOST_ROUNDS = 20
_SETTLED = 0.01  # of the duplicates; what they change by when there are no more to find


@dataclass(slots=True)
class Table:
    """Records made ready, the pairs to look at, and how common values are."""

    kind: Kind
    columns: Columns
    pairs: Candidates
    census: Census
    _compared: "tuple[Outcomes, Whole] | None" = None
    _by: Census | None = None

    def compared(self) -> tuple[Outcomes, Whole]:
        """Return the distinct outcomes of comparing the pairs, and which of them each pair has."""
        if self._compared is None or self._by != self.census:
            self._by = self.census
            with undisturbed():
                outcomes, which = compared(
                    self.kind.comparisons, self.columns, self.pairs, self.census
                )
                self._compared = Outcomes(outcomes), which
        return self._compared


def table_of(kind: Kind, records: Iterable[Any]) -> Table:
    """Make records ready to be matched."""
    with undisturbed():
        columns = gather(records, kind.terms_of, kind.keys_of, len(kind.comparisons))
        return Table(kind, columns, candidates(columns), kind.census_of(columns).common())


def learned(table: Table, start: Model | None = None) -> Model:
    """Return a model fitted to a table by the labels its records carry themselves."""
    model = (start or table.kind.model()).with_records(len(table.columns))
    outcomes, which = table.compared()
    seen = np.bincount(which, minlength=len(outcomes)).astype(np.float64)
    if not len(outcomes):
        return model
    model = learn.with_chance(model, *_at_random(table, model))
    carried = _carried(table, model)
    if carried:
        model = learn.with_duplicates(model, carried.duplicates)
    places = [place for place, of in enumerate(model.fields) if of.name in table.kind.labels]
    labelled = (outcomes.codes[:, places] > 0).any(axis=1)
    if seen[labelled].sum() < _ENOUGH_LABELS:
        model, known = _with_families(table, model)
        examples = _examples(outcomes, seen, np.ones(len(outcomes), dtype=bool))
        return learn.learn(model, examples, by_chance=_by_chance(table, model), known=known)
    model = learn.learn(model, _examples(outcomes, seen, labelled))
    if not carried:
        return _with_duplicates(model, outcomes, seen)
    return _calibrated(model, outcomes, seen, carried.bias)


def _with_duplicates(model: Model, outcomes: Outcomes, seen: Floats) -> Model:
    """Return the model for as many duplicates as there are likely to be, where none shows them."""
    each = 0.0
    for _ in range(_MOST_ROUNDS):
        before, likely = each, 1 / (1 + np.exp2(-np.clip(outcomes.bits(model), -40, 40)))
        each = float((likely * seen).sum()) / max(model.records, 1)
        if abs(each - before) < _SETTLED * each:
            break
        model = learn.with_duplicates(model, each)
    return model


def _with_families(table: Table, model: Model) -> tuple[Model, dict[str, float]]:
    """Return the model for a table with families in it, or without when it shows that.

    And by story, how often it is told for certain, as a multiple of the usual.
    """
    if table.kind is not PEOPLE:
        return model, {}
    outcomes, which = table.compared()
    odds = outcomes.bits(model)[which]
    found = at_home(model, table.pairs, outcomes, which, odds, len(table.columns))
    if found.two > _HARDLY_ANY:
        return model, {}
    usual = next(story.rate for story in model.stories if story.name == _RELATIVES)
    times = found.relatives / (usual or 1.0)
    return learn.with_lost_names(model, found.lost), dict.fromkeys((_RELATIVES, _SONS), times)


def _examples(outcomes: Outcomes, seen: Floats, chosen: Any) -> list[learn.Example]:
    codes, pairs = outcomes.codes[chosen].tolist(), seen[chosen].tolist()
    return [learn.Example(tuple(one), count) for one, count in zip(codes, pairs, strict=True)]


def _at_random(table: Table, model: Model) -> tuple[Outcomes, Floats]:
    """Return what random pairs look like, and how many of each outcome are of two.

    Which pairs is decided by what the records say, not by the order they came in.
    """
    count = len(table.columns)
    numbers = np.argsort(table.columns.ranks())
    chosen = np.random.default_rng(count).integers(0, count, (2, _RANDOM_PAIRS))
    chosen = np.sort(numbers[chosen[:, chosen[0] != chosen[1]]], axis=0)
    outcomes, which = compared(
        table.kind.comparisons, table.columns, Candidates(chosen[0], chosen[1], 0), table.census
    )
    found = Outcomes(outcomes)
    likely = 1 / (1 + np.exp2(-np.clip(found.bits(model), -40, 40)))
    return found, np.bincount(which, minlength=len(found)) * (1 - likely)


def _by_chance(table: Table, model: Model) -> dict[str, float]:
    """Return, for each story, how many pairs share the value of its anchor by coincidence."""
    expected: dict[str, float] = {}
    place = 0
    for compare, column in zip(table.kind.comparisons, table.columns.parts, strict=True):
        seen = np.bincount(np.frombuffer(column.ids, dtype=np.int32), minlength=len(column.values))
        answers = [compare(value, value, table.census) for value in column.values]
        for number in range(len(answers[0])):
            name = model.fields[place].name
            place += 1
            anchored = [story.name for story in model.stories if story.anchor == name]
            if anchored:
                codes = [one[number] for one in answers]
                shares = np.array([share_of(band_in(one) or 0) if one else 0.0 for one in codes])
                pairs = float(seen[shares > 0].sum()) / 2 * float(np.dot(seen, shares))
                expected |= dict.fromkeys(anchored, pairs)
    return expected


class Carried(NamedTuple):
    """What profiles show: duplicates a record has, and how much likelier one person's two records
    both carry one than any two do."""

    duplicates: float
    bias: float


def _carried(table: Table, model: Model) -> Carried | None:
    """Return what profiles show; None when there are too few.

    Of pairs that share a profile only those are seen of which both carry it: how many that are is
    told by pairs that are one person for other reasons.
    """
    outcomes, which = table.compared()
    place = _place(model)
    part = table.columns.parts[_PROFILES]
    carries = np.array(list(map(bool, part.values)))[np.frombuffer(part.ids, dtype=np.int32)]
    is_sure = (outcomes.without(place).bits(model) >= _SURE)[which]
    a, b = carries[table.pairs.low], carries[table.pairs.high]
    both, one = int((a & b & is_sure).sum()), int(((a ^ b) & is_sure).sum())
    same = ((outcomes.codes[:, place] >> 5) == _SAME)[which].sum()
    if both < _ENOUGH_PAIRS or same < _ENOUGH_PAIRS:
        return None
    share = 2 * both / (2 * both + one)
    return Carried(float(same / (carries.sum() * share)), float(share / carries.mean()))


def _calibrated(model: Model, outcomes: Outcomes, seen: Floats, bias: float) -> Model:
    place = _place(model)
    chosen = outcomes.codes[:, place] > 0
    is_same = ((outcomes.codes[chosen, place] >> 5) == _SAME).astype(np.float64)
    odds = outcomes.without(place).bits(model)[chosen]
    weights = seen[chosen] / np.where(is_same > 0, bias, 1.0)
    model = learn.calibrated(model, odds, is_same, weights)
    return learn.with_precision(model, outcomes.bits(model), seen)


def _place(model: Model) -> int:
    return [of.name for of in model.fields].index("profile")


def scored(table: Table, model: Model) -> Floats:
    """Return the log2 odds of a table's pairs."""
    outcomes, which = table.compared()
    return outcomes.bits(model)[which]


def met(table: Table, model: Model) -> tuple[Candidates, Floats]:
    """Return all pairs to look at, with their log2 odds: also those who meet in a crowd of rows
    that is none of people, once who surely is one counts as one."""
    odds, pairs = scored(table, model), table.pairs
    is_sure = odds >= bits_of(model.same_at)
    groups = grouped_by(len(table.columns), pairs.low[is_sure], pairs.high[is_sure])
    more = Table(table.kind, table.columns, met_again(table.columns, pairs, groups), table.census)
    low, high = (np.r_[pairs[side], more.pairs[side]] for side in (0, 1))
    return Candidates(low, high, pairs.crowded), np.r_[odds, scored(more, model)]
