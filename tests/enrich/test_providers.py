"""What each provider finds, how sure it is, and when it keeps silent."""

from typing import Any

import pytest

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.enrich.providers import (
    address_name,
    address_pattern,
    company_data,
    job_title,
    phone_country,
)
from leadloom.enrich.waterfall import PROVIDERS, ask


def found(provider: Provider, *colleagues: tuple[str, str, str], **values: Any) -> dict[str, Any]:
    company = values.pop("of_company", {})
    return {a.field: a.value for a in provider.find(Question(values, company, colleagues))}


def asked(*colleagues: tuple[str, str, str], **values: Any) -> dict[str, tuple[str, Answer]]:
    company = values.pop("of_company", {})
    return {a.field: (p.name, a) for p, a in ask(Question(values, company, colleagues))}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("jane.doe@acme.com", "Jane Doe"),
        ("jane_doe@acme.com", "Jane Doe"),
        ("jane.doe77@gmail.com", "Jane Doe"),
    ],
)
def test_a_name_is_read_from_an_address(address: str, name: str) -> None:
    first, last = name.split()
    facts = found(address_name.PROVIDER, email=[address])
    assert facts == {"full_name": name, "first_name": first, "last_name": last}


@pytest.mark.parametrize(
    "address",
    ["jdoe@acme.com", "j.doe@acme.com", "info@acme.com", "doe@acme.com", "a.b.c@acme.com"],
)
def test_no_name_is_made_up_from_an_address_without_two(address: str) -> None:
    assert found(address_name.PROVIDER, email=[address]) == {}


@pytest.mark.parametrize(
    ("title", "seniority", "department"),
    [
        ("CEO", "c-level", None),
        ("Chief Finance Officer", "c-level", "finance"),
        ("Geschäftsführer", "c-level", None),
        ("Co-Founder & CEO", "founder", None),
        ("VP Sales", "vp", "sales"),
        ("SVP Engineering", "vp", "engineering"),
        ("Directeur commercial", "director", "sales"),
        ("Director of Marketing", "director", "marketing"),
        ("Leiterin Einkauf", "head", "purchasing"),
        ("Responsable achats", "head", "purchasing"),
        ("Jefa de ventas", "head", "sales"),
        ("Sales Manager", "manager", "sales"),
        ("HR Manager", "manager", "people"),
        ("Senior Software Engineer", "senior", "engineering"),
        ("Werkstudent Vertrieb", "junior", "sales"),
        ("Direttore vendite", "director", "sales"),
        ("Customer Support", None, "support"),
        ("Lehrer", None, None),
        ("Nurse", None, None),
    ],
)
def test_a_title_tells_rank_and_department(
    title: str, seniority: str | None, department: str | None
) -> None:
    facts = found(job_title.PROVIDER, title=title)
    assert facts.get("seniority") == seniority
    assert facts.get("department") == department


def test_a_word_that_only_ends_like_a_rank_is_none() -> None:
    assert found(job_title.PROVIDER, title="Osteopath") == {}
    assert "seniority" not in found(job_title.PROVIDER, title="Misleading adviser")


@pytest.mark.parametrize(
    ("phone", "country"),
    [("+493023125000", "DE"), ("+33142685300", "FR"), ("+14165550123", "CA"), ("12345", None)],
)
def test_a_phone_number_tells_its_country(phone: str, country: str | None) -> None:
    assert found(phone_country.PROVIDER, phone=[phone]).get("country") == country


def test_a_companys_records_speak_for_its_people() -> None:
    firm = {"name": "Acme GmbH", "domain": "acme.com", "industry": "Steel", "city": "Bonn"}
    facts = found(company_data.PROVIDER, of_company=firm)
    assert facts == {"company": "Acme GmbH", "domain": "acme.com", "industry": "Steel"}


JANE = ("Jane", "Doe", "jane.doe@acme.com")
BOB = ("Bob", "Smith", "bob.smith@acme.com")
ADA: dict[str, Any] = {"first_name": "Ada", "last_name": "Lind", "domain": "acme.com"}


def test_two_colleagues_who_agree_suggest_an_address() -> None:
    facts = found(address_pattern.PROVIDER, JANE, BOB, **ADA)
    assert facts == {
        "email": ["ada.lind@acme.com"],
        "email_confidence": "pattern",
        "email_status": "unverified",
    }


@pytest.mark.parametrize(
    "colleagues",
    [
        [],
        [JANE],
        [JANE, ("Bob", "Smith", "bsmith@acme.com")],
        [JANE, ("Bob", "Smith", "bob.smith@other.com")],
        [JANE, ("Bob", "Smith", "bob.smith@notacme.com")],
        [JANE, BOB, ("Cleo", "Voss", "cvoss@acme.com")],
        [("Jane", "Doe", "x1@acme.com"), ("Bob", "Smith", "x2@acme.com")],
    ],
)
def test_fewer_than_two_or_those_who_disagree_suggest_none(colleagues: list[Any]) -> None:
    assert found(address_pattern.PROVIDER, *colleagues, **ADA) == {}


def test_an_address_that_a_colleague_has_is_not_suggested() -> None:
    namesake = ("Ada", "Lind", "ada.lind@acme.com")
    assert found(address_pattern.PROVIDER, JANE, BOB, namesake, **ADA) == {}


def test_the_more_agree_the_surer_is_a_suggestion_and_never_very_sure() -> None:
    odd = ("Cleo", "Voss", "cvoss@acme.com")
    third = ("Dan", "Berg", "dan.berg@acme.com")
    all_agree = asked(JANE, BOB, third, **ADA)["email"][1]
    most_agree = asked(JANE, BOB, third, odd, **ADA)["email"][1]
    assert 0 < most_agree.confidence < all_agree.confidence < 0.8
    assert "3 of 4" in most_agree.evidence


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("jane@acme.com", "bob@acme.com", "ada@acme.com"),
        ("jdoe@acme.com", "bsmith@acme.com", "alind@acme.com"),
        ("j.doe@acme.com", "b.smith@acme.com", "a.lind@acme.com"),
        ("janedoe@acme.com", "bobsmith@acme.com", "adalind@acme.com"),
        ("doe@acme.com", "smith@acme.com", "lind@acme.com"),
        ("jane_doe@acme.com", "bob_smith@acme.com", "ada_lind@acme.com"),
        ("doe.jane@acme.com", "smith.bob@acme.com", "lind.ada@acme.com"),
        ("janed@acme.com", "bobs@acme.com", "adal@acme.com"),
    ],
)
def test_every_way_of_writing_addresses_is_recognised(one: str, other: str, expected: str) -> None:
    colleagues = ("Jane", "Doe", one), ("Bob", "Smith", other)
    assert found(address_pattern.PROVIDER, *colleagues, **ADA)["email"] == [expected]


def test_a_name_that_no_address_can_hold_gets_none() -> None:
    assert found(address_pattern.PROVIDER, JANE, BOB, **{**ADA, "last_name": "Петров"}) == {}


def test_accents_are_written_as_addresses_have_them() -> None:
    facts = found(address_pattern.PROVIDER, JANE, BOB, **{**ADA, "first_name": "Zoé"})
    assert facts["email"] == ["zoe.lind@acme.com"]


def test_what_is_known_is_not_asked_for() -> None:
    facts = asked(
        JANE,
        BOB,
        **ADA,
        full_name="Ada Lind",
        email=["ada@home.net"],
        phone=["+493023125000"],
        country="AT",
        title="CEO",
        seniority="owner",
        of_company={"name": "Acme", "domain": "acme.de"},
        company="ACME",
    )
    assert "email" not in facts
    assert "country" not in facts
    assert "seniority" not in facts
    assert "company" not in facts
    assert "domain" not in facts


def test_what_one_provider_finds_the_next_may_use() -> None:
    facts = asked(JANE, BOB, first_name="Ada", last_name="Lind", of_company={"domain": "acme.com"})
    assert facts["domain"][0] == "company records"
    assert facts["email"][1].value == ["ada.lind@acme.com"]


def test_without_what_it_needs_a_provider_is_not_asked() -> None:
    assert asked() == {}
    assert asked(JANE, BOB, domain="acme.com", last_name="Lind") == {}


def test_every_answer_says_how_sure_it_is_and_why() -> None:
    facts = asked(
        JANE,
        BOB,
        **ADA,
        title="Sales Manager",
        phone=["+493023125000"],
        of_company={"name": "Acme", "industry": "Steel"},
    )
    assert {name for name, _ in facts.values()} == {p.name for p in PROVIDERS} - {"address"}
    for _, answer in facts.values():
        assert 0 < answer.confidence <= 1
        assert answer.evidence
