"""By a model: what joins two, what waits for a person, and what no score overrules."""

from dataclasses import replace

import pytest
from hypothesis import given
from test_people import ADA, DIFFERENT, NEVER_SAME, SAME, known, people, person

from leadloom.resolve.match import defaults, learn
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.matcher import Matcher
from leadloom.resolve.people import Person, Verdict
from leadloom.resolve.weighing import Weighing

RULE = Weighing(Matcher(defaults.people(), Census()))


@pytest.mark.parametrize("case", SAME)
def test_the_same_person_is_recognised(case: str) -> None:
    verdict = RULE.judge(*SAME[case])
    assert verdict.answer == "same", verdict
    assert verdict.reason


@pytest.mark.parametrize("case", NEVER_SAME)
def test_two_people_are_never_joined(case: str) -> None:
    assert RULE.judge(*NEVER_SAME[case]).answer != "same"


# Namesakes are asked about where their name is rare: that is the census's to say.
HARDLY_ALIKE = [case for case in DIFFERENT if not case.startswith("namesakes")]


@pytest.mark.parametrize("case", HARDLY_ALIKE)
def test_those_who_share_nothing_of_their_own_do_not_come_up_for_review(case: str) -> None:
    assert RULE.judge(*NEVER_SAME[case]).answer == "different"


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("father and son who share an address", "Jr"),
        ("the same address with other profiles", "LinkedIn profiles differ"),
        ("two mailboxes at two hosts of one domain", "two mailboxes at acme.co.uk"),
        ("a couple with one address", "'Peter Meyer' is not 'Anna Meyer'"),
        ("namesakes at two branches of one company", "in two cities"),
        ("the same name at one domain in two firms", "called differently"),
        ("a form of the same name at one firm", "only a form"),
    ],
)
def test_a_doubt_says_what_speaks_against(case: str, why: str) -> None:
    verdict = RULE.judge(*NEVER_SAME[case])
    assert verdict.answer == "unsure"
    assert why in verdict.reason


ONLY_NOW = {
    "a slip in the name, and the same mobile": (
        known("Katharina Wehrenpfennig", phone=["+4915112345678"]),
        known("Katarina Wehrenpfenning", phone=["+4915112345678"]),
    ),
    "a slip in the address, and the same firm": (
        known("Ada Lind", email=["ada.lind@acme.com"], company="Acme"),
        known("Ada Lind", email=["ada.lnid@acme.com"], company="Acme"),
    ),
    "another name since the wedding, and the same address": (
        known("Ada Lind", email=["sunny.ada77@gmail.com"], company="Acme"),
        known("Ada Voss", email=["sunny.ada77@gmail.com"], company="Acme"),
    ),
    "a familiar form of the name, the same firm and title": (
        known("Katherine Kowalczik", company="Hale", title="VP Operations", city="Cleveland"),
        known("Kate Kowalczik", company="Hale", title="VP Operations", city="Cleveland"),
    ),
}


@pytest.mark.parametrize("case", ONLY_NOW)
def test_what_no_key_shows_is_weighed(case: str) -> None:
    assert RULE.judge(*ONLY_NOW[case]).answer == "same", RULE.judge(*ONLY_NOW[case])


HOME = {"city": "Kassel", "postal_code": "34117"}


def test_one_postcode_is_one_place_whatever_it_is_called() -> None:
    said = {"company": "Hale", "title": "Buyer", "postal_code": "34117"}
    there = known("Ada Kowalczik", city="Kassel", **said)
    assert RULE.judge(there, known("Ada Kowalczik", city="Wesertor", **said)).answer == "same"
    elsewhere = known("Ada Kowalczik", city="Ulm", **said | {"postal_code": "89073"})
    assert "in two cities" in RULE.judge(there, elsewhere).reason


def test_part_of_a_name_in_one_street_is_enough_unless_it_is_an_employers() -> None:
    """The house number may be a slip; of a firm in the street there may be two of the name."""
    said = [{"street": f"{number} Sturt Avenue", **HOME} for number in (8, 50)]
    answers = []
    for firm in ({}, {"company": "Hale"}):
        one, other = ({**facts, **firm} for facts in said)
        verdict = judge_apart(known("Ada Kowalczik", **one), known("Kowalczik", **other))
        answers.append(verdict.answer)
    assert answers == ["same", "unsure"]


def judge_apart(a: Person, b: Person) -> Verdict:
    """Judge two by a model that has learned that neighbours and relatives are rare."""
    model = defaults.people()
    rare = [replace(one, rate=one.rate and one.rate / 100) for one in model.stories[3:]]
    rare = [replace(one, weight=0.02) if one.anchor else one for one in rare]
    stories = (*model.stories[:3], *rare)
    return Weighing(Matcher(model.changed(stories=stories), Census())).judge(a, b)


def test_a_form_of_a_name_is_asked_about_until_labels_bear_the_odds_out() -> None:
    pair = NEVER_SAME["a form of the same name at one firm"]
    asked = RULE.judge(*pair)
    assert (asked.answer, 2 * asked.score > 0.95) == ("unsure", True), asked
    sure = Weighing(Matcher(RULE.matcher.model.changed(is_calibrated=True), Census()))
    assert sure.judge(*pair).answer == "same"


@pytest.mark.parametrize(
    ("other", "is_told_apart"),
    [("Bo Lind", False), ("Ada Voss", False), ("Bo Voss", True), ("Ada Lind Jr.", True)],
)
def test_where_names_get_lost_half_a_name_is_enough(other: str, is_told_apart: bool) -> None:
    rule = Weighing(Matcher(learn.with_lost_names(defaults.people(), 0.15), Census()))
    home = {"street": "8 Sturt Avenue", **HOME}
    found = rule.contradiction(known("Ada Lind Sr.", **home), known(other, **home))
    assert bool(found) is is_told_apart
    assert RULE.contradiction(known("Ada Lind Sr.", **home), known(other, **home))


def test_whose_name_only_an_address_tells_is_called_by_that() -> None:
    mailbox = {"phone": ["+4930231250"], "company": "Hale"}
    one = known("Anna Meyer", email=["info@hale.de"], **mailbox)
    other = person({"email": ["peter.meyer@hale.de"], **mailbox})
    assert RULE.contradiction(one, other) == "'peter.meyer@hale.de' is not 'Anna Meyer'"
    assert RULE.contradiction(other, one) == "'Anna Meyer' is not 'peter.meyer@hale.de'"


@pytest.mark.parametrize("company", ["Hale", "Lead Works"])
def test_an_address_without_a_name_is_whose_it_is(company: str) -> None:
    """A newsletter knows nothing else, and however large the firm is it is nobody else's."""
    records = 30_000
    big = {"company": {"hale": 600}, "site": {"hale.de": 600}}
    rule = Weighing(Matcher(defaults.people().with_records(records), Census(records, big)))
    named = known("Rachel Decker", email=["rdecker@hale.de"], company=company, domain="hale.de")
    alone = person({"email": ["rdecker@hale.de"], "domain": "hale.de"})
    assert rule.judge(named, alone).answer == "same"
    after = known("Bo Stern", email=["rachel.decker@hale.de"], company=company)
    assert rule.judge(after, person({"email": ["rachel.decker@hale.de"]})).answer == "unsure"


def test_those_who_have_two_profiles_are_hardly_worth_a_question() -> None:
    a, b = (known("Ada Kowalczik", company="Hale", linkedin_url=ADA + end) for end in "23")
    assert RULE.judge(a, b).answer == "different"


def test_two_profiles_are_a_question_only_where_something_is_nobody_elses() -> None:
    """However sure the rest is: namesakes of one firm share a name, an employer and a city."""
    like = {"company": "Hale", "city": "Kassel", "title": "Glazier", "phone": ["+495612345670"]}
    a, b = (known("Ada Kowalczik", linkedin_url=ADA + end, **like) for end in "23")
    assert RULE.matcher.verdict(a.whole, b.whole)[0] == "same"
    assert RULE.judge(a, b).answer == "different"
    own = {**like, "email": ["ada.kowalczik@hale.de"]}
    a, b = (known("Ada Kowalczik", linkedin_url=ADA + end, **own) for end in "23")
    assert RULE.judge(a, b).answer == "unsure"


@pytest.mark.parametrize(
    ("name", "mail", "answer"),
    [
        ("Ottilie Kowalczik", "severin.kowalczik@hale.de", "same"),
        ("Severin Brandt", "severin.kowalczik@hale.de", "same"),
        ("Ottilie Kowalczik", "kowalczik@hale.de", "unsure"),  # may be the family's
        ("Ottilie Kowalczik", "s.kowalczik@hale.de", "unsure"),
        ("Ottilie Kowalczik", "severin.kowalczik@gmail.com", "unsure"),  # or her husband's
        ("Ottilie Brandt", "severin.kowalczik@hale.de", "different"),  # a successor
    ],
)
def test_half_a_name_is_enough_at_a_mailbox_that_tells_the_whole(
    name: str, mail: str, answer: str
) -> None:
    a, b = (known(one, company="Hale", email=[mail]) for one in ("Severin Kowalczik", name))
    assert RULE.judge(a, b).answer == answer


def test_half_a_name_is_enough_for_one_profile() -> None:
    a, b = (known(one, linkedin_url=ADA) for one in ("Ada Kowalczik", "Ottilie Kowalczik"))
    assert RULE.judge(a, b).answer == "same"
    assert RULE.judge(a, known("Ottilie Brandt", linkedin_url=ADA)).answer != "same"


def test_a_misread_mailbox_is_no_second_one() -> None:
    for read in ("danie1.takashima", "daniel.takashirna"):
        one, other = (
            known("Daniel Takashima", company="Hale", email=[f"{local}@hale.de"])
            for local in ("daniel.takashima", read)
        )
        assert RULE.judge(one, other).answer == "same", read


def test_mailboxes_that_only_a_number_tells_apart_are_two_peoples() -> None:
    def user(end: str, **more: object) -> Person:
        mail = f"dtakashima{end}@hale.de"
        return known("Daniel Takashima", company="Hale", email=[mail], **more)

    assert RULE.judge(user(""), user("2")).answer == "different"
    assert RULE.judge(user("1"), user("2")).answer == "different"
    mobile = {"phone": ["+4915112345678"]}
    assert RULE.judge(user("", **mobile), user("2", **mobile)).answer == "unsure"


def test_each_field_says_what_it_adds() -> None:
    details = RULE.judge(*ONLY_NOW["a slip in the name, and the same mobile"]).details
    assert any(one.startswith("mobile: exact (+") for one in details)


def test_an_id_of_the_same_system_decides_whatever_is_said() -> None:
    then = person({"full_name": "Ada Lind", "linkedin_url": ADA}, ref=("provider:crm", "7"))
    now = person({"full_name": "Bo Voss", "linkedin_url": ADA + "2"}, ref=("provider:crm", "7"))
    assert RULE.judge(then, now).score == 1.0


def test_other_records_of_a_lead_speak_against_a_likeness_to_one() -> None:
    first = {"full_name": "Ada Lind", "email": ["ada@acme.com"], "linkedin_url": ADA}
    lead = person(first, {"full_name": "Ada Lind", "email": ["ada@acme.com"], "company": "Acme"})
    newcomer = known("Ada Lind", company="Acme", linkedin_url=ADA + "2")
    assert RULE.judge(newcomer, lead).answer != "same"


def test_whom_a_person_made_one_is_known_by_either() -> None:
    both = person(
        {"full_name": "Ada Lind", "email": ["ada@acme.com"]},
        {"full_name": "Bo Stern", "email": ["bo@nord.de"]},
    )
    assert RULE.judge(known("Bo Stern", email=["bo@nord.de"]), both).answer == "same"
    assert RULE.judge(known("Ada Lind", email=["ada@acme.com"]), both).answer == "same"


@given(people, people)
def test_it_does_not_matter_who_is_compared_with_whom(a: Person, b: Person) -> None:
    one, other = RULE.judge(a, b), RULE.judge(b, a)
    assert (one.answer, one.score) == (other.answer, other.score)


@given(people, people)
def test_different_profiles_are_never_one_person(a: Person, b: Person) -> None:
    a.profiles, b.profiles = {ADA}, {ADA + "2"}
    assert RULE.judge(a, b).answer != "same"


@pytest.mark.parametrize("case", SAME)
def test_it_is_not_told_that_an_order_is_straight(case: str) -> None:
    told = RULE.judge(*SAME[case]).details
    assert not [reason for reason in told if reason.startswith("order: straight")]
