import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloom.errors import UsageError
from leadloom.outreach.builtin import DEFAULT, built_in_templates
from leadloom.outreach.parts import MESSAGE_TYPES, Part, check, choose
from leadloom.outreach.quality import BODY_WORDS, SUBJECT_CHARACTERS
from leadloom.outreach.render import Draft, FactUsed, Skipped, compose, missing
from leadloom.outreach.variables import MADE, required_variables, unknown

JANE = {
    "first_name": "Jane",
    "last_name": "Doe",
    "email": "jane@initech.example",
    "title": "Head of Sales",
    "company": "Initech GmbH",
    "city": "Berlin",
    "industry": "Machinery",
    "country": "DE",
    "custom": {"Booth No.": "A-17"},
}


def part(text, type="body", message_type=None, version=1):
    return Part("t", type, message_type, text, version)


def draft(body, context=JANE, *, variant=0, facts=None, subject="S", more=()):
    return compose([part(subject, "subject"), part(body), *more], context, variant, facts or {})


def fields(draft):
    return [fact["field"] for fact in draft.personalization["facts"]]


def test_each_variant_takes_the_parts_of_its_message_type_else_the_generic_ones():
    parts = [
        part("generic", "subject"),
        part("proof", "subject", "proof"),
        part("old"),
        part("new", version=2),
    ]
    drafts = [compose(parts, JANE, variant, {}) for variant in range(4)]
    assert [d.message_type for d in drafts] == ["hook", "proof", "fomo", "hook"]
    assert [d.subject for d in drafts] == ["generic", "proof", "generic", "generic"]
    assert {d.body for d in drafts} == {"new"}
    assert drafts[1].personalization["template"] == {
        "name": "t",
        "parts": {"subject": 1, "body": 2},
    }


def test_personalization_tells_where_each_printed_fact_is_from():
    facts = {
        "first_name": FactUsed("Jane", "cards.csv", datetime(2026, 1, 2, tzinfo=UTC), 0.9),
        "company": FactUsed("Initech GmbH", "LinkedIn", "2026-01-01"),
        "custom.Booth No.": FactUsed("A-17", "cards.csv"),
        "city": FactUsed("Berlin", "cards.csv"),
    }
    made = draft("Hi {{ firstName }}, booth {{ custom.boothNo }} {{ sender_name }}", facts=facts,
                 context=JANE | {"senderName": "Sam"})  # fmt: skip
    assert made.personalization["facts"] == [
        {
            "field": "first_name",
            "value": "Jane",
            "source": "cards.csv",
            "observed_at": "2026-01-02T00:00:00+00:00",
            "confidence": 0.9,
            "why": "greets by first name",
        },
        {
            "field": "custom.Booth No.",
            "value": "A-17",
            "source": "cards.csv",
            "observed_at": None,
            "confidence": None,
            "why": "uses your own field 'Booth No.'",
        },
    ]
    assert made.personalization["context"] == {"sender_name": "Sam"}
    assert json.loads(json.dumps(made.personalization)) == made.personalization


def test_facts_of_an_icebreaker_count_only_when_the_letter_prints_it():
    icebreaker = part("Nice place, {{ city }}.", "icebreaker")
    printed = draft("{{ icebreaker }} Bye.", more=[icebreaker])
    assert (printed.body, fields(printed)) == ("Nice place, Berlin. Bye.", ["city"])
    unused = draft("Bye.", more=[icebreaker])
    assert fields(unused) == []
    assert "icebreaker" not in unused.personalization["template"]["parts"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"email": None}, "no e-mail"),
        ({"do_not_contact": True}, "not to be contacted"),
        ({"email_status": "bounced"}, "bounced"),
        ({"email_status": "invalid"}, "invalid"),
    ],
)
def test_who_cannot_be_written_to_is_skipped_with_a_reason(change, reason):
    skipped = draft("Hi", JANE | change)
    assert isinstance(skipped, Skipped)
    assert reason in skipped.reason


def test_an_empty_letter_is_skipped():
    assert isinstance(draft("{% if nickname %}Hi{% endif %}"), Skipped)


def test_a_template_without_a_subject_is_wrong_use():
    with pytest.raises(UsageError, match="'t' has no subject for hook"):
        compose([part("Hi")], JANE, 0, {})


def test_errors_name_the_template_and_part():
    with pytest.raises(UsageError, match=r"Template 't' \(body, fomo\), line 2"):
        check([part("a\n{{ b", message_type="fomo")])


def test_values_cannot_lay_out_a_letter():
    made = draft(
        "Hi {{ first_name }}!",
        JANE | {"first_name": "Jane\r\nBcc: x\x00@\u202ey.z"},
        subject="a\nb",
    )
    assert made.body == "Hi Jane Bcc: x@y.z!"
    assert made.subject == "a b"


def test_huge_cells_are_bounded():
    made = draft("{{ notes }}{{ tags }}", JANE | {"notes": "x" * 10**7, "tags": ["t"] * 10**5})
    assert len(made.body) < 2_000


def test_gaps_left_by_missing_values_close_and_are_reported():
    made = draft("Hi {{ nickname }} ,\n\n{{ department }}\n\n\nBye {{ state }} now")
    assert made.body == "Hi,\n\nBye now"
    reported = [reason.text for reason in made.quality_reasons if reason.code == "missing"]
    assert reported == ["department is missing", "nickname is missing", "state is missing"]
    assert missing([part("s", "subject"), part("{{ nickname }}{{ city }}")], JANE) == ["nickname"]


def test_a_country_is_named_and_its_code_kept():
    assert draft("{{ country }} {{ country_code }}").body == "Germany DE"
    assert draft("{{ country }}", JANE | {"country": "Wonderland"}).body == "Wonderland"


def test_the_fingerprint_changes_with_text_facts_versions_and_only_then():
    first = draft("Hi {{ first_name }}{% if city %}.{% endif %}")
    assert draft("Hi {{ first_name }}{% if city %}.{% endif %}", JANE | {"state": "x"}) == first
    others = [
        draft("Hi {{ first_name }}{% if city %}.{% endif %}", JANE | {"city": None}),
        draft("Hi {{ first_name }}{% if city %}.{% endif %}", JANE | {"first_name": "Eve"}),
        draft("Hi {{ first_name }}{% if city %}.{% endif %}", variant=1),
        compose(
            [part("S", "subject"), part("Hi {{ first_name }}{% if city %}.{% endif %}", version=2)],
            JANE, 0, {},
        ),
    ]  # fmt: skip
    assert len({made.fingerprint for made in [first, *others]}) == 5


@pytest.mark.parametrize("name", built_in_templates())
def test_built_in_templates_need_nothing_they_do_not_guard(name):
    parts = built_in_templates()[name].parts
    for each in parts:
        assert unknown(each.text) == frozenset(), each.label
        assert required_variables(each.text) <= MADE, each.label
    assert missing(parts, {"email": "x@y.z"}) == []
    assert all(choose(parts, kind).keys() >= {"icebreaker", "hot_button"} for kind in MESSAGE_TYPES)


def test_the_built_in_templates_are_the_promised_ones():
    assert set(built_in_templates()) == {"intro", "intro-de", "trade-show"}
    assert DEFAULT in built_in_templates()


@pytest.mark.parametrize("name", built_in_templates())
@pytest.mark.parametrize("variant", range(3))
def test_built_in_drafts_are_good_when_facts_are_known(name, variant):
    context = JANE | {"event_name": "Hannover Messe 2026", "sender_name": "Sam"}
    made = compose(built_in_templates()[name].parts, context, variant, {})
    assert made.quality == 100, made.quality_reasons
    assert {"first_name", "company"} <= set(fields(made))
    assert made.body.endswith("\nSam")


OPTIONAL = {
    "first_name": st.sampled_from([None, "Jane", "J4NE@"]),
    "last_name": st.sampled_from([None, "Doe"]),
    "title": st.sampled_from([None, "CEO | Dad", "I help founders win $$$ !!!"]),
    "company": st.sampled_from([None, "Initech GmbH", "Norddeutsche Landmaschinen & Service AG"]),
    "city": st.sampled_from([None, "Berlin"]),
    "industry": st.sampled_from([None, "Other", "IT Services"]),
    "event_name": st.sampled_from([None, "Hannover Messe 2026"]),
    "event_location": st.sampled_from([None, "Hannover"]),
    "sender_name": st.sampled_from([None, "Sam Smith"]),
    "sender_title": st.sampled_from([None, "Founder"]),
    "sender_company": st.sampled_from([None, "Umbrella"]),
    "sender_pitch": st.sampled_from([None, "We repair presses within a day."]),
    "sender_proof": st.sampled_from([None, "Last year we repaired forty of them."]),
    "signature": st.sampled_from([None, "Sam\nUmbrella"]),
}


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(built_in_templates())),
    st.integers(0, 8),
    st.fixed_dictionaries(OPTIONAL),
)
def test_built_in_letters_read_whole_whatever_is_missing(name, variant, facts):
    made = compose(built_in_templates()[name].parts, facts | {"email": "x@y.z"}, variant, {})
    assert isinstance(made, Draft)
    assert len(made.subject) <= SUBJECT_CHARACTERS
    assert BODY_WORDS[0] <= len(made.body.split()) <= BODY_WORDS[1]
    for broken in ("None", "  ", " ,", " .", "\n\n\n", "()", "{", "$$$", "J4NE", "Dad", "Other"):
        assert broken not in made.subject + "\n" + made.body
    assert all(line == line.strip() for line in made.body.splitlines())
    assert not made.body.endswith(",")
    assert {reason.code for reason in made.quality_reasons} <= {"impersonal", "only_name"}
    assert made == compose(
        built_in_templates()[name].parts, facts | {"email": "x@y.z"}, variant, {}
    )


def test_a_second_hook_takes_another_angle():
    parts = built_in_templates()["intro"].parts
    drafts = [compose(parts, JANE, variant, {}) for variant in (0, 3, 6, 9)]
    assert [d.personalization["angle"] for d in drafts] == ["role", "company", "industry", "city"]
    assert len({d.body for d in drafts}) == 4
