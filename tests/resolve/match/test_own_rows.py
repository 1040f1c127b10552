"""Who is there many times makes neither a name common nor a table unlike others."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from leadloom.resolve.match import bulk, counting
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.columns import gather
from leadloom.resolve.match.levels import band_in
from leadloom.resolve.match.names import compare
from leadloom.resolve.match.person import terms_of

GIVEN = ("Uwe", "Heike", "Paolo", "Chiara", "Mehmet", "Elif", "Piotr", "Agnieszka")
SURNAMES = ("Krauthuber", "Bianchi", "Esposito", "Yildirim", "Korkmaz", "Zawadzki", "Dudek")


def people(count: int) -> list[dict[str, Any]]:
    chance = random.Random(5)
    return [
        {"full_name": f"{chance.choice(GIVEN)} {chance.choice(SURNAMES)}"} for _ in range(count)
    ]


def census_of(rows: list[dict[str, Any]]) -> Census:
    return counting.of_people(gather(rows, terms_of, lambda terms: (), 7)).common()


def bits(name: str, census: Census) -> int:
    """How rare the table says a whole name is, in bits."""
    terms = terms_of({"full_name": name})
    return sum(band_in(one) or 0 for one in compare(terms.names, terms.names, census)[:2])


def test_rows_of_one_person_make_no_name_common() -> None:
    rows = people(20_000)
    often = [*rows, *[{"full_name": "Greta Quisling"}] * 40]
    assert bits("Greta Quisling", census_of(often)) >= bits("Greta Quisling", census_of(rows)) - 1
    others = [{"full_name": f"{name} Quisling"} for name in ("Odd", "Liv")] * 20
    assert bits("Greta Quisling", census_of([*often, *others])) < bits(
        "Greta Quisling", census_of(often)
    )


def test_a_census_has_nobodys_whole_name() -> None:
    names = census_of([*people(2_000), *[{"full_name": "Greta Quisling"}] * 9]).counts["name"]
    assert names
    assert all(name.lstrip("-").isdecimal() for name in names)


def thrice() -> Iterator[dict[str, Any]]:
    """Three rows each of people with a mobile, and no profile."""
    chance = random.Random(2)
    for number in range(600):
        name = "".join(chance.choice("bcdfgklmnprst") + chance.choice("aeiou") for _ in range(4))
        for _ in range(3):
            yield {"full_name": f"Anna {name.title()}", "phone": [f"+49171{number:07d}"]}


def test_without_profiles_duplicates_are_counted_too() -> None:
    """Three rows are three pairs: one for each row."""
    model = bulk.learned(bulk.table_of(bulk.PEOPLE, thrice()))
    found = sum(story.rate or 0 for story in model.stories if story.is_same)
    assert found == pytest.approx(1.0, rel=0.1)
