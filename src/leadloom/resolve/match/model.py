"""The model: Fellegi and Sunter's weights, over stories of how two records came about.

A field has one table: how often each level is seen when two records have the same true value (the
errors of typing, the habits of writing), and how often when they do not. To have it by coincidence
is as likely as the value is common, which is what its band says.

A story says how two records came about, and how likely each field then has one true value: "same
person, new job" keeps the name and not the employer; "colleagues" share employer, line and place
and nothing else. The odds that two records are one are those of all stories of one against all of
two. So what hangs together counts once: when a company agrees, that its domain, switchboard and
city do too is no news to colleagues.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from leadloom.resolve.match.census import BITS_A_BAND, share_of
from leadloom.resolve.match.levels import BITS, UNBANDED, band_in, level_of

_LEAST = 2.0**-40
_NEVER = -1000.0
_TINY = 2.0**-1000

Told = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Field:
    """A field's levels (from 1), and the shares of pairs seen at each.

    `kept`: of pairs with one true value; `apart`: of pairs with two. `usual_band` is that of a
    shared value whose band is not known. `fixed` are the levels that are not learned.
    """

    name: str
    levels: tuple[str, ...]
    kept: tuple[float, ...]
    apart: tuple[float, ...]
    usual_band: int = 16
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Story:
    """How two records may have come about.

    `rate` is how many such pairs there are for each record; None when it is as frequent as the
    value of `anchor`: two are colleagues as often as their company is common. `shares` says how
    likely each field has one true value for both (0 for those left out). `crowding` says how many
    times more common a field's values are among such two than in the whole table: people of one
    region have the same few names. `weight` is the part of all pairs it can be about. It is only
    told where one of the fields it `needs` is known on both sides. Where the story it `follows` is
    learned to be rarer than usual, it is too: where no relatives live together, nobody does.
    """

    name: str
    is_same: bool
    rate: float | None
    shares: Mapping[str, float]
    anchor: str | None = None
    crowding: Mapping[str, float] = field(default_factory=dict)
    weight: float = 1.0
    needs: tuple[str, ...] = ()
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says: its level in words and the bits of evidence it adds (or takes)."""

    field: str
    level: str
    bits: float


OTHERWISE = "or they are"
"""The field of the reason that tells what two may be who are alike in so much."""


@dataclass(frozen=True, slots=True)
class Score:
    """How likely two records are one (0-1), the same as log2 odds, and why."""

    probability: float
    bits: float
    story: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(slots=True)
class Model:
    """Fields and stories; `records` is how many records there are to be confused with.

    `strong` names the fields in which one person contradicts nobody: what keeps groups apart.
    `slope` and `offset` turn the bits of the stories into those that labelled pairs bear out, once
    there were such pairs (`is_calibrated`).
    """

    fields: tuple[Field, ...]
    stories: tuple[Story, ...]
    strong: tuple[str, ...] = ()
    records: int = 0
    same_at: float = 0.95
    unsure_at: float = 0.75
    version: int = 0
    slope: float = 1.0
    offset: float = 0.0
    is_calibrated: bool = False
    _tables: "list[_Likelihoods]" = field(default_factory=list)
    _bounds: "list[Bound]" = field(default_factory=list)
    _same: Any = None
    _never: Any = None
    _bits: dict[tuple[int, ...], float] = field(default_factory=dict)

    @property
    def loses_names(self) -> bool:
        """Whether the table showed that another given name is no other person (`households`)."""
        return any(one.name == "given" and "different" not in one.fixed for one in self.fields)

    def bits(self, codes: tuple[int, ...]) -> float:
        """Return the log2 odds that two records are one, from the codes of their fields."""
        found = self._bits.get(codes)
        if found is None:
            if len(self._bits) > 50_000:
                self._bits.clear()
            found = self._bits[codes] = self._weigh(codes)
        return found

    def probability(self, codes: tuple[int, ...]) -> float:
        """Return how likely two records are one (0-1)."""
        return probability_of(self.bits(codes))

    def told(self, codes: tuple[int, ...]) -> Told:
        """Return log2 of how likely each story is to give these codes, its rate included."""
        if not self._tables:
            self._prepare()
        told = self.rates(tuple(map(bool, codes)))
        for table, one in zip(self._tables, codes, strict=True):
            told = told + table[one]
        for bound in self._bounds:
            value, anchor = codes[bound.place], codes[bound.anchor]
            if value and anchor and (less := bound.one(value, anchor)) is not None:
                told = told + less
        return told

    def bounds(self) -> "list[Bound]":
        """Return what is common to those who share an anchor, and how common it can be at most."""
        if not self._tables:
            self._prepare()
        return self._bounds

    def rates(self, known: tuple[bool, ...]) -> Told:
        """Return log2 of how often each story is told when these fields are known."""
        if not self._tables:
            self._prepare()
        found: Told = self._never[known]
        return found

    def field_bits(self, place: int, one: int) -> Told:
        """Return log2 of how likely each story is to give one field a code."""
        if not self._tables:
            self._prepare()
        return self._tables[place][one]

    def explain(self, codes: tuple[int, ...]) -> Score:
        """Return the score with its reasons: each field against chance, and what that leaves out.

        So what is alike reads as a reason for, and what differs as one against. What colleagues or
        relatives have in common, too, is taken off by the reason OTHERWISE.
        """
        told, bits = self.told(codes).tolist(), self.bits(codes)
        same, other = (
            max(
                (i for i, s in enumerate(self.stories) if s.is_same == is_same),
                key=told.__getitem__,
            )
            for is_same in (True, False)
        )
        by_chance = float(self.rates(tuple(map(bool, codes)))[self._strangers()])
        reasons = []
        for of, table, one in zip(self.fields, self._tables, codes, strict=True):
            if one:
                chance = math.log2(max(likelihood(of, _STRANGERS, one), _LEAST))
                by_chance += chance
                worth = float(table[one][same]) - chance
                reasons.append(Reason(of.name, of.levels[level_of(one) - 1], worth))
        if other != self._strangers() and told[other] > by_chance:
            reasons.append(Reason(OTHERWISE, self.stories[other].name, by_chance - told[other]))
        reasons.sort(key=lambda reason: -abs(reason.bits))
        story = " against ".join(self.stories[one].name for one in (same, other))
        return Score(probability_of(bits), bits, story, tuple(reasons))

    def _strangers(self) -> int:
        plain = (not s.is_same and s.rate is None and s.anchor is None for s in self.stories)
        return next(place for place, is_it in enumerate(plain) if is_it)

    def with_records(self, records: int) -> "Model":
        """Return the same model for another number of records: the prior follows it."""
        return self.changed(records=records)

    def changed(self, **changes: Any) -> "Model":
        """Return the same model with other fields, stories or settings."""
        own = {name: getattr(self, name) for name in SETTINGS}
        return Model(**{"fields": self.fields, "stories": self.stories, **own, **changes})

    def contradiction(self, codes: tuple[int, ...]) -> float:
        """Return the bits by which the strong fields speak against two being one (0 or less)."""
        against = 0.0
        for place, one in enumerate(codes):
            of = self.fields[place]
            if one and of.name in self.strong:
                kept, apart = (pair[level_of(one) - 1] for pair in (of.kept, of.apart))
                against += min(0.0, math.log2(max(kept, _LEAST) / max(apart, kept)))
        return against

    def _weigh(self, codes: tuple[int, ...]) -> float:
        told = self.told(codes)
        likely = np.exp2(told - told.max())
        same = float(likely[self._same].sum())
        bits = math.log2(same or _TINY) - math.log2(float(likely[~self._same].sum()) or _TINY)
        return float(rounded(self.slope * bits + self.offset))

    def _prepare(self) -> None:
        self._same = np.array([story.is_same for story in self.stories])
        self._never = _Never(self)
        self._tables = [_Likelihoods(one, self.stories) for one in self.fields]
        places = {of.name: place for place, of in enumerate(self.fields)}
        self._bounds = [
            Bound(self, number, places[name], places[story.anchor])
            for number, story in enumerate(self.stories)
            if story.anchor
            for name, share in story.shares.items()
            if share and name in places and name != story.anchor
        ]


class Bound:
    """How common a value can be at most among those who share the anchor of a story.

    Of those who share a value `a` no larger part has a value `v` than it is in all: P(v|a) is at
    most P(v)/P(a). So a number that two of five hundred colleagues have is no switchboard, whatever
    part of colleagues share one. What was not seen may be there all the same: up to three times, 95
    times in 100 (the rule of three).
    """

    def __init__(self, model: "Model", story: int, place: int, anchor: int) -> None:
        self.story, self.place, self.anchor = story, place, anchor
        self._stories = len(model.stories)
        self._least = 3 / max(model.records, FEWEST)
        self._of, self._by = model.fields[place], model.fields[anchor]
        self._share = model.stories[story].shares[self._of.name]
        self._crowding = model.stories[story].crowding.get(self._of.name, 1.0)
        self._known: dict[tuple[int, int], Told | None] = {}

    def one(self, code: int, anchor: int) -> Told | None:
        """Return the bits by which each story is less likely for it; None where it makes none."""
        key = code, anchor
        if key not in self._known:
            told = np.zeros(self._stories)
            told[self.story] = less = self.less(np.array([code]), np.array([anchor]))[0, 0]
            self._known[key] = told if less else None
        return self._known[key]

    def less(self, codes: Codes, anchors: Codes) -> Told:
        """Return the bits (0 or less) for each code of the field (rows), by those of the anchor."""
        levels, bands = codes >> BITS, codes & UNBANDED
        kept, apart = (np.array((1.0, *some))[levels] for some in (self._of.kept, self._of.apart))
        among_all = _shares(bands)[:, None]
        most = np.maximum(among_all, self._least) / _shares(anchors & UNBANDED)
        chance = np.minimum(0.5, among_all * self._crowding) if self._crowding > 1 else among_all
        two = chance * kept[:, None] + (1 - chance) * apart[:, None]
        usual, bounded = (
            np.log2(np.maximum(part * kept[:, None] + (1 - part) * two, _LEAST))
            for part in (self._share, np.minimum(self._share, most))
        )
        is_told = (bands != UNBANDED)[:, None] & (codes > 0)[:, None]
        is_told = is_told & (anchors > 0) & ((anchors & UNBANDED) != UNBANDED)
        return np.where(is_told, np.minimum(bounded - usual, 0.0), 0.0)


def _shares(bands: Codes) -> Told:
    shares: Told = np.exp2(-float(BITS_A_BAND) * bands)
    return shares


class _Likelihoods(dict[int, Told]):
    """How likely each story is to give one field a code, in bits; worked out when asked for."""

    def __init__(self, of: Field, stories: Sequence[Story]) -> None:
        super().__init__()
        self._of, self._stories = of, stories

    def __missing__(self, one: int) -> Told:
        shares = [
            likelihood(self._of, story, one) if one or story.anchor == self._of.name else 1.0
            for story in self._stories
        ]
        found = self[one] = np.log2(np.maximum(shares, _LEAST))
        return found


class _Never(dict[tuple[bool, ...], Told]):
    """The rates of the stories in bits, by which fields are known: some need one to be told."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self._model = model

    def __missing__(self, known: tuple[bool, ...]) -> Told:
        names = {of.name for of, one in zip(self._model.fields, known, strict=True) if one}
        records = max(self._model.records, FEWEST)
        rates = [
            math.log2(story.weight * (1.0 if story.rate is None else 2 * story.rate / records))
            + (0.0 if not story.needs or names & {*story.needs} else _NEVER)
            for story in self._model.stories
        ]
        found = self[known] = np.array(rates)
        return found


_LEARNED = ("version", "slope", "offset", "is_calibrated")
SETTINGS = ("strong", "records", "same_at", "unsure_at", *_LEARNED)

FEWEST = 1000
"""A smaller table is treated as one of so many records: it will grow."""


def likelihood(of: Field, story: Story, one: int) -> float:
    """Return how likely a story is to give a field this code, one side being as it is."""
    if not one:  # a story whose anchor is not known is not told
        return 0.0
    level, band = level_of(one) - 1, band_in(one)
    kept, apart = of.kept[level], of.apart[level]
    share = share_of(of.usual_band if band is None else band)
    share = min(0.5, share * story.crowding.get(of.name, 1.0)) if story.crowding else share
    if story.anchor == of.name:
        return share * kept
    one_value = story.shares.get(of.name, 0.0)
    return one_value * kept + (1 - one_value) * (share * kept + (1 - share) * apart)


_STRANGERS = Story("strangers", False, None, {})


def rounded(bits: Any) -> Any:
    """Return bits to the millionth: however many are weighed at once, they come out the same."""
    return np.rint(bits * 1e6) / 1e6


def probability_of(bits: float) -> float:
    """Return log2 odds as a probability."""
    return 1 / (1 + 2.0**-bits) if bits > -1000 else 0.0


def bits_of(probability: float) -> float:
    """Return a probability as log2 odds."""
    return math.log2(probability / (1 - probability))


def table(model: Model) -> list[list[Any]]:
    """Return the model as rows of a table a person can read: field, level, kept, apart, bits."""
    rows: list[list[Any]] = []
    for one in model.fields:
        for index, level in enumerate(one.levels):
            kept, apart = one.kept[index], one.apart[index]
            bits = math.log2(max(kept, _LEAST) / max(apart, _LEAST))
            rows.append([one.name, level, kept, apart, bits])
    return rows
