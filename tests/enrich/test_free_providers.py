"""Time zones, industries, traits and guesses: what is found, how sure, and what is left alone."""

from typing import Any

import pytest

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.enrich.providers import address_guess, address_pattern, text_rules, time_zone
from leadloom.enrich.waterfall import PROVIDERS

JANE = ("Jane", "Doe", "jane.doe@acme.com")
ADA: dict[str, Any] = {"first_name": "Ada", "last_name": "Lind", "domain": "acme.com"}


def found(provider: Provider, *colleagues: Any, **values: Any) -> dict[str, Answer]:
    company = values.pop("of_company", {})
    return {a.field: a for a in provider.find(Question(values, company, colleagues))}


@pytest.mark.parametrize(
    ("values", "zone"),
    [
        ({"country": "DE"}, "Europe/Berlin"),
        ({"country": "IN", "city": "Pune"}, "Asia/Kolkata"),
        ({"country": "US", "state": "CA"}, "America/Los_Angeles"),
        ({"country": "US", "state": "texas"}, "America/Chicago"),
        ({"country": "US", "city": "Denver"}, "America/Denver"),
        ({"country": "US", "city": "New York", "state": "NY"}, "America/New_York"),
        ({"country": "AU", "state": "Western Australia"}, "Australia/Perth"),
        ({"country": "CA", "state": "Québec"}, "America/Toronto"),
        ({"country": "US", "phone": ["+12125550123"]}, "America/New_York"),
        ({"country": "US"}, None),
        ({"country": "RU", "city": "Nowhere"}, None),
        ({"country": "XX"}, None),
        ({"country": "US", "phone": ["nonsense"]}, None),
    ],
)
def test_the_time_where_somebody_works(values: dict[str, Any], zone: str | None) -> None:
    answer = found(time_zone.PROVIDER, **values).get("custom.time_zone")
    assert (answer.value if answer else None) == zone


@pytest.mark.parametrize(
    ("company", "industry"),
    [
        ("Acme Maschinenbau GmbH", "Mechanical engineering"),
        ("Stahlbau Nord", "Metal and steel"),
        ("Brauerei Zum Löwen", "Food and drink"),
        ("Müller Spedition & Logistik", "Logistics"),
        ("Sunny Solar Energy", "Energy"),
        ("Pump & Valve Consulting", "Consulting"),
        ("Acme", None),
        ("Software & Steel", None),
        ("Bank of the Bauhaus", "Financial services"),
    ],
)
def test_the_industry_that_a_name_speaks_of(company: str, industry: str | None) -> None:
    answer = found(text_rules.PROVIDER, company=company).get("industry")
    assert (answer.value if answer else None) == industry
    assert answer is None or (answer.confidence < 0.7 and "words " in answer.evidence)


def test_more_words_make_a_rule_surer_and_a_description_counts() -> None:
    one = found(text_rules.PROVIDER, company="Acme Logistik")["industry"]
    firm = {"description": "Spedition and warehousing: freight of all kinds."}
    more = found(text_rules.PROVIDER, company="Acme Logistik", of_company=firm)["industry"]
    assert one.value == more.value == "Logistics"
    assert one.confidence < more.confidence <= 0.6


def test_traits_say_how_sure_they_are_and_by_which_words() -> None:
    values = {"title": "Founder & Chief Data Analyst", "notes": ["loves analytics"]}
    answer = found(text_rules.PROVIDER, **values)["custom.traits"]
    assert answer.value == "entrepreneurial 0.4; analytical 0.6"
    assert answer.evidence == "words analyst, analytics, data, founder"
    assert found(text_rules.PROVIDER, title="Manager") == {}


def test_a_pattern_is_the_surer_the_more_show_it() -> None:
    sure = [address_pattern.confidence(count, count) for count in (2, 3, 10, 200)]
    assert sure == sorted(sure)
    assert 0.5 < sure[0] < sure[-1] < 0.8
    assert address_pattern.confidence(3, 4) < address_pattern.confidence(3, 3)


def test_a_guess_is_called_one_and_never_as_sure_as_a_pattern() -> None:
    by_one = found(address_guess.PROVIDER, JANE, **ADA)
    by_none = found(address_guess.PROVIDER, **ADA)
    for guess in (by_one, by_none):
        assert guess["email"].value == ["ada.lind@acme.com"]
        assert guess["email_confidence"].value == "guess"
        assert guess["email_status"].value == "unverified"
    assert by_none["email"].confidence < by_one["email"].confidence < 0.4
    assert "1 of 1" in by_one["email"].evidence
    assert found(address_guess.PROVIDER, JANE, **{**ADA, "last_name": "Петров"}) == {}
    assert found(address_guess.PROVIDER, **{**ADA, "domain": None}) == {}
    assert address_guess.PROVIDER not in PROVIDERS  # only for who asks for it
