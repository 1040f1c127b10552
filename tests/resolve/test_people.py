"""Who is the same person: what joins two records, and what must never join them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.resolve.people import Person, judge


def person(*facts: dict[str, Any], ref: tuple[str, str] | None = None) -> Person:
    known = Person()
    for one in facts:
        known.learn(one, ref)
    return known


def known(name: str | None = None, **facts: Any) -> Person:
    return person({"full_name": name, **facts})


ADA = "https://www.linkedin.com/in/ada"

SAME = {
    "the same address, and a familiar form of the name": (
        known("Robert Smith", email=["bob@acme.com"]),
        known("Bob Smith", email=["bob@acme.com"]),
    ),
    "the same address, and no name on one side": (
        known("Ada Lind", email=["ada@acme.com"]),
        known(email=["ada@acme.com"]),
    ),
    "the same address among several": (
        known("Ada Lind", email=["ada@home.net", "ada@acme.com"]),
        known("Ada Lind", email=["a@b.org", "ada@acme.com"]),
    ),
    "the same address and names the other way round": (
        known("Lind Ada", email=["ada@acme.com"]),
        known("Ada Lind", email=["ada@acme.com"]),
    ),
    "the same profile, with a new address at a new firm": (
        known("Ada Lind", linkedin_url=ADA, email=["ada@acme.com"]),
        known("Ada Lind", linkedin_url=ADA, email=["lind@nord.de"]),
    ),
    "the same profile, with two mailboxes at one domain": (
        known("Ada Lind", linkedin_url=ADA, email=["ada@acme.com"]),
        known("Ada Lind", linkedin_url=ADA, email=["lind@acme.com"]),
    ),
    "the same name and company, legal form aside": (
        known("Ada Lind", company="Acme GmbH"),
        known("LIND, Ada", company="ACME"),
    ),
    "the same name, spelled with and without umlauts, and company": (
        known("Jürgen Müller", company="Acme"),
        known("Juergen Mueller", company="Acme"),
    ),
    "the same name and company domain": (
        known("Ada Lind", domain="acme.com"),
        known("Ada Lind", domain="acme.com"),
    ),
    "the same name and company, with a free address beside the one at work": (
        known("Ada Lind", company="Acme", email=["ada@acme.com"]),
        known("Ada Lind", company="Acme", email=["ada.lind@gmail.com"]),
    ),
    "the same phone and an initial that fits": (
        known("Ada Lind", phone=["+493023125000"]),
        known("A. Lind", phone=["+493023125000"]),
    ),
    "the same phone, and nothing else on one side": (
        known("Ada Lind", phone=["+493023125000"]),
        known(phone=["+493023125000"]),
    ),
    "the same name at a shared address": (
        known("Ada Lind", email=["info@acme.com"]),
        known("Ada Lind", email=["info@acme.com"]),
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_person_is_recognised(case: str) -> None:
    verdict = judge(*SAME[case])
    assert verdict.answer == "same", verdict
    assert verdict.score >= 0.8
    assert verdict.reason


NEVER_SAME = {
    "father and son at one firm": (
        known("John Smith Sr.", company="Smith & Sons"),
        known("John Smith Jr.", company="Smith & Sons"),
    ),
    "father and son who share an address": (
        known("John Smith Sr.", email=["john@smith.com"]),
        known("John Smith Jr.", email=["john@smith.com"]),
    ),
    "the second and the third of a name on one phone": (
        known("John Smith II", phone=["+13125550123"]),
        known("John Smith III", phone=["+13125550123"]),
    ),
    "namesakes in two firms": (
        known("Anna Meyer", company="Acme GmbH", email=["anna@acme.com"], domain="acme.com"),
        known("Anna Meyer", company="Nord AG", email=["anna@nord.de"], domain="nord.de"),
    ),
    "namesakes in two firms of which no domain is known": (
        known("Anna Meyer", company="Acme GmbH"),
        known("Anna Meyer", company="Nord AG"),
    ),
    "namesakes with free addresses": (
        known("Anna Meyer", email=["anna.meyer@gmail.com"]),
        known("Anna Meyer", email=["meyer.anna@gmail.com"]),
    ),
    "the same initials at one firm": (
        known("Anna Meyer", company="Acme", email=["am@acme.com"]),
        known("Anton Maier", company="Acme", email=["am2@acme.com"]),
    ),
    "the same last name and initial at one firm": (
        known("Anna Meyer", company="Acme", domain="acme.com"),
        known("Anton Meyer", company="Acme", domain="acme.com"),
    ),
    "colleagues with the shared address of the firm": (
        known("Anna Meyer", email=["info@acme.com"], company="Acme"),
        known("Bob Smith", email=["info@acme.com"], company="Acme"),
    ),
    "a person and nobody in particular at a shared address": (
        known("Anna Meyer", email=["info@acme.com"]),
        known(email=["info@acme.com"]),
    ),
    "colleagues behind one switchboard": (
        known("Anna Meyer", phone=["+493023125000"], company="Acme"),
        known("Bob Smith", phone=["+493023125000"], company="Acme"),
    ),
    "a couple with one address": (
        known("Anna Meyer", email=["meyer@home.net"]),
        known("Peter Meyer", email=["meyer@home.net"]),
    ),
    "the same name and firm with other profiles": (
        known("Anna Meyer", company="Acme", linkedin_url="https://www.linkedin.com/in/anna1"),
        known("Anna Meyer", company="Acme", linkedin_url="https://www.linkedin.com/in/anna2"),
    ),
    "the same address with other profiles": (
        known("Anna Meyer", email=["anna@acme.com"], linkedin_url="https://www.linkedin.com/in/a1"),
        known("Anna Meyer", email=["anna@acme.com"], linkedin_url="https://www.linkedin.com/in/a2"),
    ),
    "the same name and firm with two mailboxes at its domain": (
        known("Anna Meyer", company="Acme", email=["anna.meyer@acme.com"]),
        known("Anna Meyer", company="Acme", email=["anna.meyer2@acme.com"]),
    ),
    "two mailboxes at two hosts of one domain": (
        known("Anna Meyer", company="Acme", email=["anna@mail.acme.co.uk"]),
        known("Anna Meyer", company="Acme", email=["meyer@acme.co.uk"]),
    ),
    "the same name at one domain in two firms": (
        known("Anna Meyer", company="Acme", domain="holding.com"),
        known("Anna Meyer", company="Nord", domain="holding.com"),
    ),
    "namesakes at two branches of one company": (
        known("Michael Schmidt", company="Sparkasse", city="Ulm"),
        known("Michael Schmidt", company="Sparkasse", city="Bonn"),
    ),
    "namesakes with mailboxes at two firms in two cities": (
        known("Hans Meier", company="Meier", city="Ulm", email=["hans.meier@alpha.de"]),
        known("Hans Meier", company="Meier", city="Kiel", email=["hans@beta.de"]),
    ),
    "namesakes at two savings banks": (
        known("Michael Schmidt", company="Sparkasse Ulm"),
        known("Michael Schmidt", company="Sparkasse Bonn"),
    ),
    "a couple whose first names begin alike": (
        known("Jan Jansen", email=["jansen@jansen.nl"]),
        known("Janine Jansen", email=["jansen@jansen.nl"]),
    ),
    "two of one firm of whom only the first name is known": (
        known("Anna", company="Acme"),
        known("Anna", company="Acme"),
    ),
    "two at a shared address of whom only the first name is known": (
        known("Anna", email=["info@acme.com"]),
        known("Anna", email=["info@acme.com"]),
    ),
    "a form of the same name at one firm": (
        known("Bob Smith", company="Acme"),
        known("Robert Smith", company="Acme"),
    ),
    "a name the other way round at one firm": (
        known("Wei Zhang", company="Acme"),
        known("Zhang Wei", company="Acme"),
    ),
    "nothing but a name": (known("Anna Meyer"), known("Anna Meyer")),
    "the same phone, and no name on a side that says more": (
        known("Anna Meyer", phone=["+493023125000"]),
        known(phone=["+493023125000"], email=["b@acme.com"]),
    ),
    "the same profile and a name that is another's": (
        known("Anna Meyer", linkedin_url=ADA),
        known("Bob Smith", linkedin_url=ADA),
    ),
    "the same number in two files": (
        person({"full_name": "Anna Meyer"}, ref=("source:1", "7")),
        person({"full_name": "Anna Meyer"}, ref=("source:2", "7")),
    ),
    "the same id in one file, and a name that is another's": (
        person({"full_name": "Anna Meyer"}, ref=("source:1", "7")),
        person({"full_name": "Bob Smith"}, ref=("source:1", "7")),
    ),
}


@pytest.mark.parametrize("case", NEVER_SAME)
def test_two_people_are_never_joined(case: str) -> None:
    assert judge(*NEVER_SAME[case]).answer != "same"


DIFFERENT = (
    "namesakes in two firms",
    "namesakes in two firms of which no domain is known",
    "namesakes with free addresses",
    "the same initials at one firm",
    "the same last name and initial at one firm",
    "colleagues with the shared address of the firm",
)


@pytest.mark.parametrize("case", DIFFERENT)
def test_those_who_share_nothing_of_their_own_do_not_come_up_for_review(case: str) -> None:
    assert judge(*NEVER_SAME[case]).answer == "different"


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("father and son who share an address", "Jr"),
        ("the same address with other profiles", "LinkedIn profiles differ"),
        ("the same name and firm with two mailboxes at its domain", "two mailboxes at acme.com"),
        ("two mailboxes at two hosts of one domain", "two mailboxes at acme.co.uk"),
        ("a couple with one address", "'Peter Meyer' is not 'Anna Meyer'"),
        ("nothing but a name", "same name"),
        ("namesakes at two branches of one company", "in two cities"),
        ("namesakes with mailboxes at two firms in two cities", "alpha.de and beta.de"),
        ("a couple whose first names begin alike", "'Janine Jansen' is not 'Jan Jansen'"),
        ("two of one firm of whom only the first name is known", "one part is known"),
        ("a form of the same name at one firm", "a form of the same name"),
        ("a name the other way round at one firm", "a form of the same name"),
    ],
)
def test_a_doubt_says_what_speaks_against(case: str, why: str) -> None:
    verdict = judge(*NEVER_SAME[case])
    assert verdict.answer == "unsure"
    assert why in verdict.reason
    assert 0 < verdict.score < 0.8


def test_the_same_record_of_the_same_system_is_one_person_whatever_it_says_now() -> None:
    then = person({"full_name": "Ada Lind", "linkedin_url": ADA}, ref=("provider:crm", "7"))
    now = person({"full_name": "Bo Voss", "linkedin_url": ADA + "2"}, ref=("provider:crm", "7"))
    assert judge(then, now).answer == "same"


def test_who_marries_stays_the_same_record_of_the_same_file() -> None:
    then = person({"full_name": "Ada Lind", "company": "Acme"}, ref=("source:1", "7"))
    now = person({"full_name": "Ada Voss", "company": "Acme"}, ref=("source:1", "7"))
    assert judge(then, now).answer == "same"
    moved = person({"full_name": "Ada Voss", "company": "Nord"}, ref=("source:1", "7"))
    assert judge(then, moved).answer == "unsure"


def test_a_contradiction_is_told_alike_whatever_was_learned_first() -> None:
    lind, ada = {"full_name": "Ada Lind"}, {"full_name": "Ada"}
    other = known("Bo Voss", email=["a@acme.com"])
    both = [
        person({**one, "email": ["a@acme.com"]}, two) for one, two in ((lind, ada), (ada, lind))
    ]
    assert judge(both[0], other) == judge(both[1], other)
    assert "'Ada Lind'" in judge(both[0], other).reason


def test_ids_of_two_systems_say_nothing_about_each_other() -> None:
    one = person({"full_name": "Ada Lind"}, ref=("provider:crm", "7"))
    other = person({"full_name": "Bo Voss"}, ref=("provider:shop", "7"))
    assert judge(one, other).answer == "different"


def test_what_is_learned_of_a_person_later_joins_them_too() -> None:
    lead = person(
        {"full_name": "Ada Lind", "email": ["ada@acme.com"]},
        {"full_name": "Ada Lind", "email": ["ada@acme.com"], "phone": ["+493023125000"]},
    )
    newcomer = known("Ada Lind", phone=["+493023125000"])
    assert judge(newcomer, lead).answer == "same"


def test_any_of_several_names_may_fit() -> None:
    married = person(
        {"full_name": "Ada Lind", "email": ["ada@acme.com"]},
        {"full_name": "Ada Voss", "email": ["ada@acme.com"]},
    )
    assert judge(known("Ada Voss", email=["ada@acme.com"]), married).answer == "same"


def test_who_holds_no_end_of_addresses_is_learned_no_further() -> None:
    crowd = person({"email": [f"a{n}@x.org" for n in range(100)]}, {"email": ["late@x.org"]})
    assert "late@x.org" not in crowd.emails


people = st.builds(
    known,
    st.sampled_from([None, "Anna Meyer", "A. Meyer", "Bob Smith Jr.", "Bob Smith Sr."]),
    email=st.lists(
        st.sampled_from(["anna@acme.com", "am@acme.com", "info@acme.com", "a@gmail.com"]),
        max_size=2,
    ),
    phone=st.lists(st.sampled_from(["+493023125000", "+493023125001"]), max_size=1),
    company=st.sampled_from([None, "Acme", "Nord AG"]),
    domain=st.sampled_from([None, "acme.com"]),
    linkedin_url=st.sampled_from([None, ADA, ADA + "2"]),
)


@given(people, people)
def test_it_does_not_matter_who_is_compared_with_whom(a: Person, b: Person) -> None:
    one, other = judge(a, b), judge(b, a)
    assert (one.answer, one.score) == (other.answer, other.score)


@given(people, people)
def test_different_profiles_are_never_one_person(a: Person, b: Person) -> None:
    a.profiles, b.profiles = {ADA}, {ADA + "2"}
    assert judge(a, b).answer != "same"
