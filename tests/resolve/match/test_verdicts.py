"""Pairs that are one person although they look different, and pairs that are not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.resolve.match import defaults, firm, person
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import code
from leadloom.resolve.match.matcher import OF_FIRMS, OF_PEOPLE, Matcher
from leadloom.resolve.match.model import OTHERWISE

PEOPLE = Matcher(defaults.people().with_records(50_000), Census(), OF_PEOPLE)
FIRMS = Matcher(defaults.firms().with_records(50_000), Census(), OF_FIRMS)

ACME = {"company": "Acme Bearings GmbH", "domain": "acme-bearings.de", "city": "Kassel"}


def answer(a: dict[str, Any], b: dict[str, Any]) -> str:
    return PEOPLE.verdict(person.terms_of(a), person.terms_of(b))[0]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Robert Hanslmaier", "Bob Hanslmaier"),
        ("Robert Hanslmaier", "Hanslmaier, Robert"),
        ("Robert Hanslmaier", "Hanslmaier Robert"),
        ("Robert Hanslmaier", "R. Hanslmaier"),
        ("Robert Hanslmaier", "Robert Hanslmaeir"),
        ("Jürgen Kößler", "Juergen Koessler"),
        ("Jürgen Kößler", "Jurgen Kossler"),
        ("José García López", "Jose Garcia"),
        ("Сергей Иванов", "Sergey Ivanov"),
        ("Dr. Anna-Lena Voss", "Annalena Voß"),
    ],
)
def test_forms_of_one_name_in_one_company_are_one_person(a: str, b: str) -> None:
    # In a table of 50,000 of which none of these names is common.
    matcher = Matcher(defaults.people().with_records(50_000), Census(50_000), OF_PEOPLE)
    terms = (person.terms_of({"full_name": name, **ACME}) for name in (a, b))
    assert matcher.verdict(*terms)[0] != "different"


def test_a_maiden_name_with_the_same_mailbox_is_asked_or_joined() -> None:
    mail = {"email": ["anna.voss@acme-bearings.de"]}
    before = {"full_name": "Anna Voss", **ACME, **mail}
    assert answer(before, {"full_name": "Anna Brinkmann", **ACME, **mail}) != "different"


def test_a_new_job_with_the_same_profile_is_one_person() -> None:
    profile = {"linkedin_url": "https://www.linkedin.com/in/annavoss7"}
    there = {"full_name": "Anna Voss", "company": "Zeta Labs", "domain": "zeta.io"}
    assert answer({"full_name": "Anna Voss", **ACME, **profile}, there | profile) == "same"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # Father and son.
        (
            {"full_name": "John Hanslmaier Sr.", **ACME},
            {"full_name": "John Hanslmaier Jr.", **ACME},
        ),
        # Siblings in one firm, behind one switchboard.
        (
            {"full_name": "Anna Hanslmaier", **ACME, "phone": ["+495611234500"]},
            {"full_name": "Peter Hanslmaier", **ACME, "phone": ["+495611234500"]},
        ),
        # Colleagues behind one switchboard and info@.
        (
            {"full_name": "Mary Jones", **ACME, "email": ["info@acme-bearings.de"]},
            {"full_name": "Peter Klein", **ACME, "email": ["info@acme-bearings.de"]},
        ),
        # One name in two firms.
        (
            {"full_name": "John Smith", **ACME, "email": ["smith@acme-bearings.de"]},
            {"full_name": "John Smith", "company": "Zeta", "email": ["john.smith@zeta.io"]},
        ),
        # The same initials in one company.
        (
            {"full_name": "Julia Smith", **ACME, "email": ["j.smith@acme-bearings.de"]},
            {"full_name": "Jonas Smith", **ACME, "email": ["j.smith2@acme-bearings.de"]},
        ),
        # A successor who was given the old address and desk.
        (
            {"full_name": "Mary Jones", **ACME, "email": ["mary.jones@acme-bearings.de"]},
            {"full_name": "Peter Klein", **ACME, "email": ["mary.jones@acme-bearings.de"]},
        ),
        # Namesakes in one city.
        (
            {"full_name": "Anna Weber", "city": "Kassel"},
            {"full_name": "Anna Weber", "city": "Kassel"},
        ),
    ],
)
def test_two_people_are_not_joined(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert answer(a, b) != "same"


def test_two_profiles_are_never_joined_by_name_and_company() -> None:
    a = {"full_name": "Anna Voss", **ACME, "linkedin_url": "https://www.linkedin.com/in/voss1"}
    b = {"full_name": "Anna Voss", **ACME, "linkedin_url": "https://www.linkedin.com/in/voss2"}
    assert answer(a, b) != "same"


def test_what_hangs_together_counts_once() -> None:
    """To share the site, line and city of a shared employer says next to nothing more."""
    a, b = {"full_name": "Mary Jones"}, {"full_name": "Peter Klein"}
    less = {"company": "Acme Bearings GmbH"}
    more = ACME | {"phone": ["+495611234500"], "street": "1 Gate", "postal_code": "34117"}
    for records in (1_000, 50_000):
        matcher = Matcher(defaults.people().with_records(records), Census(records), OF_PEOPLE)
        few, many = (
            matcher.bits(person.terms_of(a | shared), person.terms_of(b | shared))
            for shared in (less, more)
        )
        assert many - few < 4


def test_a_domain_and_what_it_is_called_after_count_once() -> None:
    """That dalepath.com fits "Dalepath Legal" says no more than that it fits dalepath.co.uk."""
    whole = {"name": "Dalepath Legal Ltd", "domain": "dalepath.co.uk"}
    other = firm.terms_of({"domain": "dalepath.com"})
    named, unnamed = (firm.terms_of(facts) for facts in (whole, {"domain": "dalepath.co.uk"}))
    assert FIRMS.bits(named, other) == FIRMS.bits(unnamed, other)


def test_a_name_with_one_word_turned_and_one_wrong_keeps_the_other() -> None:
    home = {"street": "8 Collingridge Street", "city": "Ardeer", "postal_code": "2756"}
    turned = {"first_name": "Hanslmaier", "last_name": "Nicolas", **home}
    wrong, other = {"first_name": "Nicolas", "last_name": "Loveloxk", **home}, "Bertram"
    assert PEOPLE.bits(person.terms_of(turned), person.terms_of(wrong)) > PEOPLE.bits(
        person.terms_of(turned), person.terms_of(wrong | {"first_name": other})
    )


@pytest.mark.parametrize(
    ("street", "level"),
    [
        ("8 Sturt Avenue", "exact"),
        ("8 Sturt Avneue", "alike"),
        ("50 Sturt Avenue", "one street"),
        ("8 Genoa Place", "one number"),
        ("12 Genoa Place", "different"),
    ],
)
def test_streets(street: str, level: str) -> None:
    a, b = ({"full_name": "Anna Voss", "street": one} for one in ("8 Sturt Avenue", street))
    found = PEOPLE.explain(person.terms_of(a), person.terms_of(b))
    assert {reason.field: reason.level for reason in found.reasons}["street"] == level


def test_a_number_alone_is_no_street() -> None:
    one = person.terms_of({"full_name": "Anna Voss", "street": "19"})
    (found,) = (one for one in PEOPLE.explain(one, one).reasons if one.field == "street")
    assert found.level == "one number"


def test_a_street_without_its_name_is_not_known_to_be_another() -> None:
    one, other = (person.terms_of({"full_name": "Anna Voss", "street": s}) for s in ("17", "9 Elm"))
    assert "street" not in {reason.field for reason in PEOPLE.explain(one, other).reasons}


@pytest.mark.parametrize(
    ("state", "level"),
    [("nsw", "same"), ("vic", "different"), ("nxw", None), ("nws", None), ("qld", "different")],
)
def test_a_slip_in_a_state_says_nothing(state: str, level: str | None) -> None:
    census = Census(100)
    census.count("region", ["nsw"] * 60 + ["vic"] * 35)
    matcher = Matcher(PEOPLE.model, census.common(), OF_PEOPLE)
    one, other = (person.terms_of({"full_name": "Anna Voss", "state": s}) for s in ("NSW", state))
    told = {reason.field: reason.level for reason in matcher.explain(one, other).reasons}
    assert told.get("region") == level


def test_a_code_that_is_another_states_is_no_slip() -> None:
    census = Census(100)
    census.count("region", ["ca"] * 60)
    matcher = Matcher(PEOPLE.model, census.common(), OF_PEOPLE)
    one, other = (person.terms_of({"full_name": "Anna Voss", "state": s}) for s in ("CA", "GA"))
    told = {reason.field: reason.level for reason in matcher.explain(one, other).reasons}
    assert told["region"] == "different"


def test_a_bigger_table_asks_for_more() -> None:
    a, b = ({"full_name": "Anna Weber", "city": "Kassel"}, {"full_name": "Anna Weber"} | ACME)
    terms = person.terms_of(a), person.terms_of(b)
    small, big = (
        Matcher(defaults.people().with_records(size), Census(), OF_PEOPLE).bits(*terms)
        for size in (10_000, 1_000_000)
    )
    assert big < small


def test_a_common_name_says_less_than_a_rare_one() -> None:
    census = Census(100_000, {"surname": {"smith": 2_000}, "given": {"anna": 900}})
    matcher = Matcher(defaults.people().with_records(100_000), census, OF_PEOPLE)
    rare, common = (
        matcher.bits(*(person.terms_of({"full_name": f"Anna {name}", **ACME}) for _ in range(2)))
        for name in ("Hanslmaier", "Smith")
    )
    assert rare > common + 0.5


def test_what_differs_is_no_reason_for_two_being_one() -> None:
    """A father and his son share a home, and their firm: another firm speaks against that."""
    home = {"full_name": "Anna Hanslmaier", "street": "8 Sturt Avenue"}
    terms = (person.terms_of(home | {"domain": site}) for site in ("kessler.com", "nordwind.de"))
    score = PEOPLE.explain(*terms)
    assert score.story == "one person in a new job against father and son of one name"
    bits = {one.field: round(one.bits, 1) for one in score.reasons}
    assert bits["site"] == 0
    assert min(bits["given"], bits["surname"], bits["street"]) > 5
    (taken_off,) = (one for one in score.reasons if one.field == OTHERWISE)
    assert taken_off.level == "father and son of one name"
    assert taken_off.bits < -1


AGREEING = ("exact", "same", "agrees", "mistyped", "near", "familiar", "contained")
DIFFERING = ("different", "abroad", "another at one domain")


@given(st.data())
def test_a_reason_for_is_an_agreement_and_one_against_a_difference(data: st.DataObject) -> None:
    matcher = data.draw(st.sampled_from((PEOPLE, FIRMS)))
    codes = [
        data.draw(st.sampled_from((0, *(code(n + 1, 12) for n in range(len(of.levels))))))
        for of in matcher.model.fields
    ]
    for one in matcher.model.explain(tuple(codes)).reasons:
        assert not (one.bits < 0 and one.level in AGREEING), one
        assert not (one.bits > 0 and (one.level in DIFFERING or one.field == OTHERWISE)), one


def test_a_score_explains_itself() -> None:
    a = {"full_name": "Robert Hanslmaier", **ACME}
    score = PEOPLE.explain(person.terms_of(a), person.terms_of(a | {"full_name": "Bob Hanslmaier"}))
    found = {reason.field: reason.level for reason in score.reasons}
    assert found["given"] == "familiar"
    assert found["surname"] == found["company"] == "exact"
    assert "colleagues" in score.story or "relatives" in score.story


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (
            {"name": "Alderquist Logistics GmbH & Co. KG", "domain": "alderquist.de"},
            {"name": "ALDERQUIST LOGISTICS", "domain": "alderquist.de"},
            "same",
        ),
        (
            {"name": "Alderquist Logistics", "domain": "alderquist.de", "city": "Kassel"},
            {"name": "Alderquist Logistics", "domain": "alderquist-log.pl", "city": "Opole"},
            "not same",
        ),
        (
            {"name": "Alderquist Logistics", "phone": ["+495611234500"], "city": "Kassel"},
            {"name": "Brinkmere Dental", "phone": ["+495611234500"], "city": "Kassel"},
            "not same",
        ),
    ],
)
def test_companies(a: dict[str, Any], b: dict[str, Any], expected: str) -> None:
    found = FIRMS.verdict(firm.terms_of(a), firm.terms_of(b))[0]
    assert (found == "same") == (expected == "same")
