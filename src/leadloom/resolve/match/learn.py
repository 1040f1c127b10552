"""Learning a model from the table itself, and from what people said.

What two strangers share by chance is never learned here: it is counted (`counting`), and how many
pairs are one is an estimate of its own (`with_duplicates`). So nothing can drift: the rest is how
values are spoilt and kept, read off pairs whose outcome is known for another reason. Those are
pairs that both carry a LinkedIn profile, a private address or a mobile (equal: one person), and
pairs people judged. A label counts as evidence beside all other evidence and not as truth, so a
wrong one is outvoted by a pair that looks altogether different.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from leadloom.leads.match_key import hash_of
from leadloom.resolve.match.census import share_of
from leadloom.resolve.match.levels import band_in, level_of
from leadloom.resolve.match.model import Field, Model, Story
from leadloom.resolve.match.outcomes import Floats, Outcomes

_STRENGTH = 150.0  # pairs that the defaults weigh as much as, in each field
_MOST_ROUNDS = 200
_MOST_OUTCOMES = 60_000
_FEWEST_DUPLICATES, _MOST_DUPLICATES = 0.02, 3.0
_HABIT = 10.0  # records, or pairs, that how often a story is usually told weighs as much as
_LEAST_WEIGHT, _MOST_WEIGHT = 0.02, 2.0
_ANY = math.inf
_SIGHTINGS = 3.0
_MOST_FUZZY = 0.15  # levels that more pairs of two have are no likeness
_STIFFNESS = 10.0  # how much labels must bear out before odds are corrected
_SETTLED = 0.003  # of its rate; what a story changes by when there is no more to learn
# Of what people say and of what labels say so much is wrong.
_WRONG = 0.03
# Of labels, as the surest pairs have it, where there are enough of them; never less is assumed.
_LEAST_WRONG, _MOST_WRONG = 0.01, 0.1
_SUREST, _ENOUGH_SURE = 10.0, 300.0  # bits, pairs
# Of pairs so many are to be right; of what is woven more are, as rules hold some of the others back
# and groups imply further pairs. Nobody is woven who is less likely than the least.
_RIGHT = 0.985
_LEAST_SAME, _MOST_SAME = 0.91, 0.99
# From here on it is a question, where labels bear the odds out: two of three are right.
_UNSURE = 0.7


class Example(NamedTuple):
    """An outcome of comparing, how many pairs had it, and whether somebody said they are one."""

    codes: tuple[int, ...]
    pairs: float
    said: bool | None = None


@dataclass(slots=True)
class _Tally:
    """What a round of expectation adds up."""

    kept: dict[tuple[int, int], float]
    share: dict[tuple[int, int], float]
    seen: dict[tuple[int, int], float]
    story: dict[int, float]


def learn(
    model: Model,
    examples: Iterable[Example],
    *,
    strength: float = _STRENGTH,
    by_chance: Mapping[str, float] | None = None,
    known: Mapping[str, float] | None = None,
) -> Model:
    """Return the model fitted to examples, its own values weighing as much as `strength` pairs.

    `by_chance`: when the examples are all pairs that share a key, not only those with a label: how
    many of them each anchored story is expected to have. Then how many each has is learned too, but
    for those of which it is `known` how many times as often as usual they are told.
    """
    chosen = list(examples)
    if len(chosen) > _MOST_OUTCOMES:  # any of them, not the most frequent: slips are rare
        chosen.sort(key=lambda one: hash_of("example", str(one)))
        chosen = chosen[:_MOST_OUTCOMES]
    if not chosen:
        return model.changed(version=model.version + 1)
    start, heard = model, _Heard(chosen)
    for _ in range(_MOST_ROUNDS):
        before = model
        tally = _expect(model, heard)
        model = _maximise(start, model, tally, strength, is_labelled=by_chance is None)
        if by_chance is not None:
            model = _rated(start, model, tally, by_chance, known or {})
        if _is_settled(before, model):
            break
    return model.changed(version=start.version + 1)


def _is_settled(before: Model, after: Model) -> bool:
    return all(
        abs(old - new) <= _SETTLED * old
        for old, new in zip(_often(before), _often(after), strict=True)
    )


def _often(model: Model) -> list[float]:
    """Return how often each story is told: its rate, or its weight where it has none."""
    return [story.weight if story.rate is None else story.rate for story in model.stories]


def calibrated(model: Model, bits: Floats, is_same: Floats, weights: Floats) -> Model:
    """Return the model with its odds corrected by what labelled pairs turned out to be.

    `bits` are the odds of pairs without their label, `is_same` 1.0 or 0.0 as the label has it. Of
    all slopes and offsets the likeliest is taken, labels being wrong now and then.
    """
    best, found = math.inf, (model.slope, model.offset)
    wrong = _wrong(bits, is_same, weights)
    for slope in np.arange(0.5, 1.31, 0.05):
        for offset in np.arange(-5.0, 3.1, 0.25):
            likely = 1 / (1 + np.exp2(-np.clip(slope * bits + offset, -40, 40)))
            likely = wrong + (1 - 2 * wrong) * likely
            said = np.where(is_same > 0, likely, 1 - likely)
            loss = float(-(weights * np.log(said)).sum())
            loss += _STIFFNESS * (((slope - 1) / 0.25) ** 2 + (offset / 2) ** 2)
            if loss < best:
                best, found = loss, (float(slope), float(offset))
    return model.changed(slope=found[0], offset=found[1], is_calibrated=True)


def _wrong(bits: Floats, is_same: Floats, weights: Floats) -> float:
    """Return how often labels are wrong (0-1): so often two are called two who surely are one."""
    sure = bits >= _SUREST
    count = float(weights[sure].sum())
    if count < _ENOUGH_SURE:
        return _WRONG
    return min(_MOST_WRONG, max(_LEAST_WRONG, float((weights * (1 - is_same))[sure].sum()) / count))


def with_precision(model: Model, bits: Floats, pairs: Floats) -> Model:
    """Return a calibrated model that takes for one whom it may: what it weaves is nearly all right.

    `bits` are the odds of outcomes, `pairs` how many had each. A larger table has more namesakes,
    and another share of what lies just above a threshold is wrong.
    """
    order = np.argsort(-bits)
    likely = 1 / (1 + np.exp2(-np.clip(bits[order], -40, 40)))
    right = np.cumsum(likely * pairs[order]) / np.cumsum(pairs[order])
    good = int((right >= _RIGHT).sum())
    at = float(likely[good - 1]) if good else _MOST_SAME
    return model.changed(same_at=min(_MOST_SAME, max(_LEAST_SAME, at)), unsure_at=_UNSURE)


def with_chance(model: Model, outcomes: Outcomes, apart: Floats) -> Model:
    """Return the model with what two different people's values are like, as seen in random pairs.

    `apart` is how many pairs of each outcome are of two. A level's usual share weighs as much as
    `_SIGHTINGS` of it; what is shared exactly is counted (`census`) and not learned here.
    """
    fields = []
    for place, field in enumerate(model.fields):
        levels = outcomes.codes[:, place] >> 5
        seen = np.bincount(levels, weights=apart, minlength=len(field.levels) + 1)[1:]
        known = float(seen.sum())
        shares = [
            usual
            if name in field.fixed or not 0 < usual < _MOST_FUZZY
            else (float(count) + _SIGHTINGS) / (known + _SIGHTINGS / usual)
            for name, usual, count in zip(field.levels, field.apart, seen, strict=True)
        ]
        fields.append(replace(field, apart=tuple(shares)))
    return model.changed(fields=tuple(fields))


def with_duplicates(model: Model, each: float) -> Model:
    """Return the model for a table in which a record has so many others of the same person."""
    rate = min(_MOST_DUPLICATES, max(_FEWEST_DUPLICATES, each))
    usual = sum(story.rate or 0 for story in model.stories if story.is_same)
    stories = tuple(
        replace(story, rate=(story.rate or 0) * rate / usual) if story.is_same else story
        for story in model.stories
    )
    return model.changed(stories=stories)


def with_lost_names(model: Model, lost: float) -> Model:
    """Return the model for a table in which another name is no other person, as a rule.

    How often names get lost is learned, too; `lost` is how often given names seem to be.
    """
    fields = []
    for field in model.fields:
        if field.name in _LOST:
            field = replace(field, fixed=field.fixed - {"different"})
        if field.name == "given":
            start = zip(field.levels, field.kept, strict=True)
            kept = (lost if level == "different" else one for level, one in start)
            field = replace(field, kept=tuple(kept))
        fields.append(field)
    return model.changed(fields=tuple(fields))


class _Heard:
    """Examples as arrays: their outcomes, how many pairs had each, and what was said of them."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.outcomes = Outcomes([one.codes for one in examples])
        self.pairs: Floats = np.array([one.pairs for one in examples], dtype=np.float64)
        self.said = np.array([-1 if one.said is None else int(one.said) for one in examples])

    def parts(self, model: Model) -> Floats:
        """Return how many pairs of each example (rows) each story (columns) accounts for."""
        told = self.outcomes.told(model)
        is_same = np.array([story.is_same for story in model.stories])
        for said in (0, 1):
            told[np.ix_(self.said == said, is_same != bool(said))] += math.log2(_WRONG)
        likely = np.exp2(told - told.max(axis=1, keepdims=True))
        found: Floats = likely * (self.pairs / likely.sum(axis=1))[:, None]
        return found


def _expect(model: Model, heard: _Heard) -> _Tally:
    tally = _Tally(defaultdict(float), defaultdict(float), defaultdict(float), defaultdict(float))
    parts = heard.parts(model)
    tally.story.update(enumerate(parts.sum(axis=0).tolist()))
    for number, story in enumerate(model.stories):
        if not story.is_same:
            continue
        for place, (codes, which) in enumerate(heard.outcomes.fields):
            seen = np.bincount(which, weights=parts[:, number], minlength=len(codes)).tolist()
            for code, part in zip(codes.tolist(), seen, strict=True):
                if code:
                    kept = part * _kept(model.fields[place], story, code)
                    tally.kept[place, level_of(code) - 1] += kept
                    tally.share[number, place] += kept
                    tally.seen[number, place] += part
    return tally


def _kept(field: Field, story: Story, code: int) -> float:
    """Return how likely the two values are one true value, given the story."""
    level, band = level_of(code) - 1, band_in(code)
    share = share_of(field.usual_band if band is None else band)
    one_value = story.shares.get(field.name, 0.0)
    mine = one_value * field.kept[level]
    theirs = (1 - one_value) * (share * field.kept[level] + (1 - share) * field.apart[level])
    return mine / (mine + theirs) if mine + theirs else 0.0


def _maximise(
    start: Model, model: Model, tally: _Tally, strength: float, *, is_labelled: bool
) -> Model:
    fields = tuple(
        _fitted(field, place, tally, strength) for place, field in enumerate(start.fields)
    )
    same = sum(part for number, part in tally.story.items() if model.stories[number].is_same)
    rates = sum(one.rate or 0 for one in start.stories if one.is_same)
    stories = []
    for number, story in enumerate(start.stories):
        if not story.is_same:
            # Labels show what pairs alone do not: how often two are called alike.
            if is_labelled and story.rate is not None and _is_against_names(story):
                often = _blend(tally.story[number], same, story.rate / rates, strength)
                story = replace(story, rate=rates * often)
            stories.append(story)
            continue
        shares = {
            name: _blend(
                tally.share[number, place], tally.seen[number, place], story.shares[name], strength
            )
            for place, name in enumerate(field.name for field in start.fields)
            if name in story.shares and name not in _IDENTITY
        }
        usual = (story.rate or 0) / rates
        rate = rates * _blend(tally.story[number], same, usual, strength)
        stories.append(replace(story, shares={**story.shares, **shares}, rate=rate))
    return model.changed(fields=fields, stories=tuple(stories))


def _rated(
    start: Model,
    model: Model,
    tally: _Tally,
    by_chance: Mapping[str, float],
    known: Mapping[str, float],
) -> Model:
    """Return the model with as many pairs of each story as were seen, within bounds."""
    records = max(model.records, 1)
    times: dict[str, float] = {}
    for number, usual in enumerate(start.stories):
        seen = tally.story[number]
        if usual.name in known or _is_against_names(usual):
            times[usual.name] = known.get(usual.name, 1.0)
        elif usual.rate is not None:
            rate = (seen + _HABIT * usual.rate) / (records + _HABIT)
            times[usual.name] = rate / usual.rate
        elif usual.name in by_chance:
            often = (seen + _HABIT) / (by_chance[usual.name] + _HABIT)
            times[usual.name] = min(_MOST_WEIGHT, max(_LEAST_WEIGHT, often))
    return model.changed(
        stories=tuple(
            _told_so_often(
                story, usual, min(times.get(usual.name, 1.0), times.get(usual.follows, _ANY))
            )
            for story, usual in zip(model.stories, start.stories, strict=True)
        )
    )


def _is_against_names(story: Story) -> bool:
    """Whether it is told of one person under two names, or of two under one.

    From pairs alone nobody can learn how often: both look like what is commoner by far.
    """
    share = max(story.shares.get(name, 0.0) for name in _NAMES)
    return story.is_same != (share > 0.5)


def _told_so_often(story: Story, usual: Story, times: float) -> Story:
    if usual.rate is None:
        return replace(story, weight=usual.weight * times)
    return replace(story, rate=usual.rate * times)


_LOST = ("given", "surname")
# What people and companies are called by.
_NAMES = ("given", "name")
# How a name is written may be learned; that a person keeps it is what a person is. Nor is learned
# from labels how far they can be trusted: namesakes of two profiles became one who had changed it.
_LABELS = ("profile", "private mail", "mobile")
_IDENTITY = frozenset(("given", "surname", "order", "generation", *_LABELS))


def _fitted(field: Field, place: int, tally: _Tally, strength: float) -> Field:
    """Return a field whose levels are kept as often as was seen."""
    free = [level for level, name in enumerate(field.levels) if name not in field.fixed]
    total = sum(tally.kept[place, level] for level in free)
    usual = sum(field.kept[level] for level in free)
    kept = list(field.kept)
    for level in free:
        seen = tally.kept[place, level]
        kept[level] = usual * _blend(seen, total, field.kept[level] / usual, strength)
    return replace(field, kept=tuple(kept))


def _blend(part: float, whole: float, usual: float, strength: float) -> float:
    return min(0.9999, max(1e-5, (part + strength * usual) / (whole + strength)))
