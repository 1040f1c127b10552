"""The fold: who wins, what unites, what people take away, and what a system takes back."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.leads.fold import (
    FILL_EMPTY,
    NORMAL,
    PREFER_EXISTING,
    fold,
    fold_alone,
    winners,
)
from leadloom.leads.fold import (
    Testimony as Statement,
)
from leadloom.leads.lead import columns_of

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def said(
    record: int,
    *,
    trust: float = 0.8,
    ref: str | None = None,
    edit: bool = False,
    policy: int = NORMAL,
    day: int | None = None,
    **facts: Any,
) -> Statement:
    when = START + dt.timedelta(days=record if day is None else day)
    return Statement(record, 1, ref, edit, policy, trust, when, facts)


def test_a_persons_word_outranks_everything() -> None:
    stated = [said(1, edit=True, title="Chair"), said(2, trust=1.0, title="CEO")]
    assert fold(stated).values["title"] == "Chair"


def test_trust_and_confidence_outrank_age_and_age_decides_between_equals() -> None:
    older, newer = said(1, title="CEO"), said(2, title="CTO")
    assert fold([older, newer]).values["title"] == "CTO"
    doubted = said(3, title="CFO", **{"~": {"title": {"c": 0.5}}})
    assert fold([older, doubted]).values["title"] == "CEO"
    scraped = said(4, trust=0.6, title="COO")
    assert fold([older, scraped]).values["title"] == "CEO"


def test_verified_outranks_trust() -> None:
    verified = said(1, trust=0.3, linkedin_url="a", **{"~": {"linkedin_url": {"v": True}}})
    assert fold([verified, said(2, linkedin_url="b")]).values["linkedin_url"] == "a"


@pytest.mark.parametrize("policy", [PREFER_EXISTING, FILL_EMPTY])
def test_those_who_defer_win_only_where_nobody_else_speaks(policy: int) -> None:
    known, shy = said(1, title="CEO"), said(2, policy=policy, title="CTO", city="Bonn")
    assert fold([known, shy]).values == {"title": "CEO", "city": "Bonn"}
    later = said(3, policy=policy, city="Ulm")
    assert fold([known, shy, later]).values["city"] == "Bonn"


def test_lists_unite_best_first_less_what_people_removed() -> None:
    first, second = said(1, email=["a@x.de"]), said(2, email=["b@x.de", "a@x.de"])
    assert fold([first, second]).values["email"] == ["b@x.de", "a@x.de"]
    removed = said(3, edit=True, **{"-": {"email": ["b@x.de"]}})
    assert fold([first, second, removed]).values["email"] == ["a@x.de"]
    again = said(4, edit=True, email=["b@x.de"])
    assert fold([first, second, removed, again]).values["email"] == ["b@x.de", "a@x.de"]


def test_an_explicit_empty_is_a_fact() -> None:
    assert "title" not in fold([said(1, title="CEO"), said(2, edit=True, title=None)]).values


def test_a_newer_version_of_the_same_thing_replaces_what_it_said_before() -> None:
    old = said(1, ref="crm/7", email=["old@x.de"], city="Bonn")
    new = said(2, ref="crm/7", email=["new@x.de"])
    assert fold([old, new]).values == {"email": ["new@x.de"], "city": "Bonn"}


def test_a_name_comes_from_one_record_as_a_whole() -> None:
    long = said(1, full_name="Jane Q. Doe", first_name="Jane", middle_name="Q.", last_name="Doe")
    short = said(2, full_name="J. Doe", first_name="J.", last_name="Doe")
    values = fold([long, short]).values
    assert values == {"full_name": "J. Doe", "first_name": "J.", "last_name": "Doe"}


def test_what_is_said_of_an_address_goes_with_it() -> None:
    old = said(1, email=["a@x.de"], email_status="bounced")
    new = said(2, email=["b@x.de"])
    assert "email_status" not in fold([old, new]).values
    assert fold([old]).values["email_status"] == "bounced"


def test_an_address_is_a_guess_until_somebody_states_it() -> None:
    guess = said(1, trust=0.3, email=["a@x.de"], email_confidence="pattern")
    stated = said(2, email=["a@x.de"])
    assert fold([guess]).values["email_confidence"] == "pattern"
    assert "email_confidence" not in fold([guess, stated]).values
    doubted = said(3, email=["a@x.de"], email_confidence="guess")
    assert fold([guess, stated, doubted]).values["email_confidence"] == "guess"


def test_the_pipeline_goes_only_forward_unless_a_person_says_so() -> None:
    stated = [said(1, status="enriched"), said(2, status="scraped")]
    assert fold(stated).values["status"] == "enriched"
    assert fold([*stated, said(3, edit=True, status="raw")]).values["status"] == "raw"


def test_opting_out_stays_until_a_person_takes_it_back() -> None:
    stated = [said(1, do_not_contact=True), said(2, full_name="A B")]
    assert fold(stated).values["do_not_contact"]
    back = said(3, edit=True, do_not_contact=False)
    assert "do_not_contact" not in fold([*stated, back]).values
    assert fold([*stated, back, said(4, do_not_contact=True)]).values["do_not_contact"]


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "full_name": st.sampled_from(["Ada Lind", "A. Lind"]),
        "first_name": st.just("Ada"),
        "title": st.sampled_from(["CEO", None]),
        "email": st.lists(st.sampled_from(["a@x.de", "b@x.de"]), unique=True),
        "email_status": st.sampled_from(["verified", "bounced"]),
        "tags": st.lists(st.sampled_from(["a", "b"]), unique=True),
        "status": st.sampled_from(["raw", "scraped"]),
        "do_not_contact": st.booleans(),
        "custom.booth": st.just("7"),
        "~": st.just({"title": {"c": 0.5}}),
    },
)
TESTIMONIES = st.lists(
    st.tuples(
        FACTS,
        st.sampled_from([0.4, 0.8]),
        st.sampled_from([NORMAL, NORMAL, PREFER_EXISTING, FILL_EMPTY]),
        st.sampled_from([None, None, "crm/1"]),
        st.booleans(),
    ),
    max_size=5,
).map(
    lambda drawn: [
        said(n, trust=trust, policy=NORMAL if edit else policy, ref=ref, edit=edit, **facts)
        for n, (facts, trust, policy, ref, edit) in enumerate(drawn, 1)
    ]
)


@given(facts=FACTS)
def test_one_record_alone_folds_to_what_it_says(facts: dict[str, Any]) -> None:
    assert fold_alone(facts) == fold([said(1, **facts)]).values


@given(stated=TESTIMONIES, data=st.data())
def test_the_order_in_which_facts_are_read_does_not_matter(stated: Any, data: Any) -> None:
    shuffled = data.draw(st.permutations(stated))
    assert fold(shuffled).values == fold(stated).values


@given(stated=TESTIMONIES)
def test_the_winners_alone_fold_to_the_same(stated: Any) -> None:
    folded = fold(stated)
    kept = winners(folded)
    names = {
        name for name in folded.values if name not in ("first_name", "full_name", "email_status")
    }
    again = fold(kept).values
    assert {n: again.get(n) for n in names} == {n: folded.values[n] for n in names}


def test_a_paragraph_of_notes_is_said_once_however_it_is_cut() -> None:
    told = ["met", "met\n\ncalled back", "called back\n\nbought"]
    assert columns_of({"notes": told})["notes"] == "met\n\ncalled back\n\nbought"
    assert columns_of({"notes": "\n\n".join(told).split("\n\n")})["notes"] == (
        "met\n\ncalled back\n\nbought"
    )
