"""Of those who share an employer no larger part has a number than have it in all."""

import pytest

from leadloom.resolve.match import defaults
from leadloom.resolve.match.levels import code
from leadloom.resolve.match.model import Model
from leadloom.resolve.match.outcomes import Outcomes

MODEL = defaults.people().with_records(1_000_000)
PLACES = {field.name: place for place, field in enumerate(MODEL.fields)}
COMMON, RARE = 10, 20


def pair(**shared: int) -> tuple[int, ...]:
    """The codes of two who are called alike and share more, each thing as rare as its band says."""
    codes = [0] * len(MODEL.fields)
    for name, band in {"given": 7, "surname": 8, **shared}.items():
        levels = MODEL.fields[PLACES[name]].levels
        codes[PLACES[name]] = code(levels.index("exact") + 1, band)
    return tuple(codes)


def plain() -> Model:
    """The same model without stories of those who share something."""
    return MODEL.changed(stories=tuple(one for one in MODEL.stories if not one.anchor))


def gain(model: Model, line: int) -> float:
    """What the line adds to the odds of two of one large company, in bits."""
    return model.bits(pair(company=COMMON, line=line)) - model.bits(pair(company=COMMON))


def test_a_number_of_two_in_a_large_company_is_no_switchboard() -> None:
    assert gain(MODEL, COMMON) < 3
    assert gain(MODEL, RARE) > gain(MODEL, COMMON) + 3


def test_a_number_of_all_in_a_small_company_may_be_one() -> None:
    small = MODEL.bits(pair(company=RARE, line=RARE)) - MODEL.bits(pair(company=RARE))
    assert small == pytest.approx(gain(MODEL, COMMON), abs=2)


def test_no_bound_makes_anybody_likelier_to_be_two() -> None:
    for line in (4, COMMON, RARE, 24):
        assert plain().bits(pair(company=COMMON, line=line)) >= MODEL.bits(
            pair(company=COMMON, line=line)
        )


def test_many_at_once_are_bounded_like_each() -> None:
    pairs = [pair(company=a, line=b) for a in (4, COMMON, RARE) for b in (4, COMMON, RARE, 24)]
    assert Outcomes(pairs).bits(MODEL).tolist() == [MODEL.bits(one) for one in pairs]
