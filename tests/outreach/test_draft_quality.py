import pytest

from leadloom.outreach.quality import Quality, assess
from leadloom.outreach.spam import spam_phrases

BODY = (
    "Hi Jane, I would like to ask one question about how your team at Initech plans its trade "
    "shows. Would ten minutes next week be fine?"
)
FACTS = {"first_name": "Jane", "company": "Initech"}


def codes(subject="A question", body=BODY, facts=FACTS, **more):
    return {reason.code for reason in assess(subject, body, facts=facts, **more).reasons}


def test_a_plain_personal_letter_has_nothing_to_mend():
    assert assess("A question", BODY, facts=FACTS) == Quality(100, ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subject": ""}, "no_subject"),
        ({"subject": "x" * 61}, "long_subject"),
        ({"body": BODY + " word" * 180}, "long_body"),
        ({"body": "Hi Jane."}, "short_body"),
        ({"body": BODY + " Act now, risk-free."}, "spam"),
        ({"body": BODY + " Jetzt bestellen."}, "spam"),
        ({"body": BODY + " AMAZING things."}, "capitals"),
        ({"body": BODY + "!!"}, "exclamation"),
        ({"body": BODY + " https://a.b www.c.d http://e.f"}, "links"),
        ({"body": BODY + " {{ firstName }}"}, "leftover"),
        ({"body": BODY + " [First Name]"}, "leftover"),
        ({"body": BODY + " {% if x"}, "leftover"),
        ({"facts": {}}, "impersonal"),
        ({"facts": {"first_name": "Jane"}}, "only_name"),
        ({"facts": FACTS | {"first_name": "j4ne"}}, "odd_name"),
        ({"facts": FACTS | {"full_name": "jane@x.com"}}, "odd_name"),
        ({"missing": ["city"]}, "missing"),
    ],
)
def test_each_fault_is_found_alone(change, code):
    assert codes(**change) == {code}


def test_the_points_of_the_reasons_explain_the_score():
    quality = assess("", "Hi there", facts={}, missing=["city"])
    assert quality.score == 100 - sum(reason.points for reason in quality.reasons)
    assert [str(reason) for reason in quality.reasons] == [
        "city is missing (-20)",
        "the subject is empty (-30)",
        "the body is only 2 words long (-15)",
        "uses no fact about the person (-25)",
    ]


def test_the_score_never_falls_below_zero():
    assert assess("", "Hi", facts={}, missing=list("abcdefgh")).score == 0


def test_the_words_of_a_lead_are_not_held_against_the_letter():
    assert codes(body=BODY + " WINNER! CASH! HURRY", filled=["WINNER! CASH! HURRY"]) == set()


@pytest.mark.parametrize(
    "text", ["Feel free to call.", "Are you free on Tuesday?", "Sind Sie frei?", "cashflow"]
)
def test_ordinary_words_are_not_spam(text):
    assert spam_phrases(text) == []


def test_spam_is_found_across_line_breaks_and_case():
    assert spam_phrases("ACT\nNOW, while it is Risk-Free. Act now") == ["act now", "risk-free"]
