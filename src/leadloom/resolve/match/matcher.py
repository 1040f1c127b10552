"""Two that were made ready, compared and judged: the one scorer, for streams and in bulk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from leadloom.resolve.match import employers, firm, mails, names, phones, places, profiles, titles
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.model import Model, Score, probability_of

Answer = Literal["same", "unsure", "different"]
_Compared = tuple[tuple[Any, ...], tuple[Any, ...], tuple[int, ...]]
Comparison = Callable[[Any, Any, Census], tuple[int, ...]]

OF_PEOPLE: tuple[Comparison, ...] = (
    names.compare,
    mails.compare,
    phones.compare,
    profiles.compare,
    employers.compare,
    titles.compare,
    places.compare,
)
"""One comparison for each part of PersonTerms."""

OF_FIRMS: tuple[Comparison, ...] = (
    firm.compare_called,
    firm.compare_forms,
    phones.compare,
    profiles.compare,
    places.compare,
)
"""One comparison for each part of FirmTerms."""


def codes_of(
    comparisons: tuple[Comparison, ...], a: tuple[Any, ...], b: tuple[Any, ...], census: Census
) -> tuple[int, ...]:
    """Return the codes of all fields for two made ready (PersonTerms or FirmTerms)."""
    codes: tuple[int, ...] = ()
    for compare, mine, theirs in zip(comparisons, a, b, strict=True):
        codes += compare(mine, theirs, census)
    return codes


@dataclass(frozen=True, slots=True)
class Matcher:
    """What judges pairs: a model, the census it is used with, and the comparisons it is about."""

    model: Model
    census: Census
    comparisons: tuple[Comparison, ...] = OF_PEOPLE
    _last: list[_Compared] = field(
        default_factory=lambda: [((), (), ())], init=False, repr=False, compare=False
    )

    def codes(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[int, ...]:
        """Return the codes of all fields for two; a rule asks several times in a row."""
        one, other, codes = self._last[0]
        if a is not one or b is not other:
            codes = codes_of(self.comparisons, a, b, self.census)
            self._last[0] = (a, b, codes)
        return codes

    def bits(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> float:
        """Return the log2 odds that two are one."""
        return self.model.bits(self.codes(a, b))

    def verdict(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Answer, float]:
        """Return same, unsure or different, and how likely they are one (0-1)."""
        return answer_of(self.model, probability_of(self.bits(a, b)))

    def explain(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> Score:
        """Return the score of two with its reasons, field by field."""
        return self.model.explain(self.codes(a, b))


def answer_of(model: Model, probability: float) -> tuple[Answer, float]:
    """Return what a model's thresholds make of a probability."""
    if probability >= model.same_at:
        return "same", probability
    return "unsure" if probability >= model.unsure_at else "different", probability
