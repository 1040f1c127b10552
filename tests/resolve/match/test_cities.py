"""One city by whatever language names it."""

import pytest

from leadloom.resolve.match import cities
from leadloom.resolve.match.cities import own_name
from leadloom.resolve.match.person import city_of
from leadloom.resolve.match.words import words_of
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


@pytest.mark.parametrize(
    "same",
    [
        ("München", "Muenchen", "MUNICH", "Monaco di Baviera"),
        ("Köln", "Koeln", "Cologne"),
        ("Wien", "Vienna", "Vienne"),
        ("Genève", "Genf", "Geneva"),
        ("Den Haag", "The Hague", "'s-Gravenhage", "’s-Gravenhage"),
        ("Київ", "Kyiv", "Kiev"),
        ("Москва", "Moscow"),
        ("Αθήνα", "Athens"),
        ("東京", "Tokyo", "Tokio"),
        ("Sankt Gallen", "St. Gallen", "St.Gallen"),
        ("New York", "NYC", "New York City"),
        ("Frankfurt", "Frankfurt am Main", "Frankfurt a. M.", "Frankfurt/Main"),
        ("Lëtzebuerg", "Luxembourg"),
    ],
)
def test_a_city_has_one_name_in_every_language(same: tuple[str, ...]) -> None:
    assert len({own_name(name) for name in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Monaco", "München"), ("Frankfurt (Oder)", "Frankfurt am Main"), ("St", "Saint Louis")],
)
def test_cities_of_like_names_stay_two(one: str, other: str) -> None:
    assert own_name(one) != own_name(other)


def test_no_city_is_no_city() -> None:
    assert own_name("") == own_name("-") == city_of({}) == ""


def test_each_name_is_written_as_it_is_looked_up_and_leads_to_one_city() -> None:
    lines = [line.partition(":") for line in cities._CALLED.strip().splitlines()]
    folded = [
        " ".join(words_of(alias)) for own, _, rest in lines for alias in (own, *rest.split(","))
    ]
    assert [name for name in folded if folded.count(name) > 1] == []
    assert [own for own, _, _ in lines if own_name(own) != own] == []


def test_two_lists_in_two_languages_name_one_person_and_one_company(lite: Database) -> None:
    ws = Workspace(session=Session(lite))
    person = {"full_name": "Anna Hartinger", "company": "Brenner Feinmechanik GmbH"}
    first = ws.leads.add({**person, "city": "München", "country": "DE"})
    again = ws.leads.add({**person, "city": "Munich", "country": "Germany"})
    assert again.lead.id == first.lead.id
    assert len(ws.companies.find().items) == 1
