"""Names the wrong way round, with a slip or a part that is another one."""

import pytest

from leadloom.resolve.match import names
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import level_of
from leadloom.resolve.match.names import Name

COMMON = {"given": {"kasey": 40, "anna": 50}, "surname": {"green": 60, "richmond": 30}}


def levels(a: tuple[str, str], b: tuple[str, str]) -> dict[str, str]:
    one, other = (Name((given,), (surname,)) for given, surname in (a, b))
    codes = names.compare((one,), (other,), Census(1_000, COMMON))
    tables = (names.GIVEN, names.SURNAME, names.ORDER)
    return {
        field: table[level_of(code) - 1]
        for field, table, code in zip(names.FIELDS, tables, codes, strict=False)
        if code
    }


@pytest.mark.parametrize(
    ("a", "b", "given", "surname"),
    [
        (("green", "kasey"), ("kasy", "loehr"), "near", "different"),
        (("richmond", "sarsha"), ("emiily", "richjond"), "different", "near"),
        (("challenor", "nathqn"), ("natahn", "challmenor"), "alike", "near"),
    ],
)
def test_one_word_is_enough_to_see_that_a_name_is_turned(
    a: tuple[str, str], b: tuple[str, str], given: str, surname: str
) -> None:
    for one, other in ((a, b), (b, a)):
        found = levels(one, other)
        assert found == {"given": given, "surname": surname, "order": "swapped"}


def test_names_that_share_nothing_are_not_turned() -> None:
    assert levels(("green", "kasey"), ("georg", "kohl"))["order"] == "straight"


def test_two_given_names_alone_tell_no_surname() -> None:
    for whole in (Name(("jean", "marc"), ("gailhandin",)), Name(("jean",), ("gailhandin",))):
        codes = names.compare((Name(("jean", "marc"), ()),), (whole,), Census(1_000, COMMON))
        assert names.GIVEN[level_of(codes[0]) - 1] == "exact"
        assert not codes[1]


def test_of_two_surnames_the_first_may_stand_among_the_given_names() -> None:
    one, other = Name(("ana", "garcia"), ("lopez",)), Name(("ana",), ("garcia",))
    codes = names.compare((one,), (other,), Census(1_000, COMMON))
    assert names.SURNAME[level_of(codes[1]) - 1] == "part"
