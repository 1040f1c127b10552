import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.values import (
    NOTHING,
    choice,
    consent,
    date,
    email_status,
    flag,
    number,
    number_range,
    received,
    tags,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234", 1234),
        ("1,234", 1234),
        ("12 500", 12500),
        ("12'500", 12500),
        ("1.234.567", 1234567),
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("12,5", 12.5),
        ("0.875", 0.875),
        ("87.0", 87),
        ("-3", -3),
        ("5k", 5000),
        ("2.5M", 2_500_000),
        ("1,5 Mio.", 1_500_000),
        ("3 Mrd", 3_000_000_000),
        ("~50", 50),
        ("ca. 50 Mitarbeiter", 50),
        ("$1,000", 1000),
        ("85%", 85),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert number.clean(text) == (value, None)


@pytest.mark.parametrize("text", ["many", "11-50", "10+", "1.2.3", "12,34,5", "9" * 25, "1e400"])
def test_what_is_no_number_is_flagged(text: str) -> None:
    assert number.clean(text).problem
    assert number.clean(text).value == text


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_whole_numbers_stay_what_they_are(whole: int) -> None:
    assert number.clean(str(whole)).value == whole
    assert number.clean(f"{whole:,}").value == whole


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("11-50", "11-50"),
        ("51 to 200", "51-200"),
        ("51–200 employees", "51-200"),
        ("1.001 bis 5.000", "1001-5000"),
        ("1K-5K", "1000-5000"),
        ("10,000+", "10000+"),
        ("> 500", "500+"),
        ("more than 500", "500+"),
        ("<10", "1-9"),
        ("up to 10", "1-10"),
        ("50", "50-50"),
        ("Nov-50", "11-50"),
        ("10-Jan", "1-10"),
        ("01-Okt", "1-10"),
        ("2024-01-10 00:00:00", "1-10"),
    ],
)
def test_ranges_become_one_spelling(text: str, value: str) -> None:
    assert number_range.clean(text) == (value, None)
    assert number_range.clean(value) == (value, None)


@pytest.mark.parametrize("text", ["small", "50-11", "-", "a-b", "1-2-3"])
def test_what_is_no_range_is_no_range(text: str) -> None:
    assert number_range.clean(text) == NOTHING or number_range.clean(text).problem


def test_tags_are_split_and_not_repeated() -> None:
    assert tags.clean("#VIP, Expo 2024; vip | new\nlead ::: x, ,-").value == [
        "VIP",
        "Expo 2024",
        "new",
        "lead",
        "x",
    ]
    assert tags.clean(" , ") == NOTHING


@pytest.mark.parametrize("text", ["yes", "Ja", "OUI", "sí", "1", "x", "✓", "TRUE", "1.0"])
def test_yes_in_many_languages(text: str) -> None:
    assert flag.clean(text).value is True


@pytest.mark.parametrize("text", ["no", "Nein", "non", "não", "0", "FALSE"])
def test_no_in_many_languages(text: str) -> None:
    assert flag.clean(text).value is False


def test_neither_yes_nor_no_is_flagged() -> None:
    assert flag.clean("perhaps").problem
    assert flag.clean("") == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-12",
        "2024-03-12T10:20:30Z",
        "2024-03-12 10:20:30.123 +01:00",
        "2024/3/12",
        "20240312",
        "12.03.2024",
        "12.3.24",
        "12. März 2024",
        "12 Mar 2024",
        "Mar 12, 2024",
        "March 12th, 2024",
        "12 mars 2024",
        "12 de marzo de 2024",
        "12 marzo 2024",
        "12 de março de 2024",
        "Tuesday, March 12, 2024",
        "45363",
        "45363.75",
    ],
)
def test_dates_in_many_forms(text: str) -> None:
    assert date.clean(text) == ("2024-03-12", None)


def test_day_and_month_are_never_guessed() -> None:
    assert date.clean("03/25/2024").value == "2024-03-25"
    assert date.clean("25/03/2024").value == "2024-03-25"
    assert date.clean("03/03/2024").value == "2024-03-03"
    assert "either way" in (date.clean("03/04/2024").problem or "")


@pytest.mark.parametrize(
    "text", ["soon", "2024", "31.02.2024", "2024-13-01", "99/99/9999", "1" * 100]
)
def test_what_is_no_date_is_flagged(text: str) -> None:
    assert date.clean(text).problem


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)))
def test_every_day_is_read_in_its_unmistakable_forms(day: datetime.date) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y"):
        assert date.clean(day.strftime(form)).value == day.isoformat()


def test_choices_are_matched_in_any_spelling() -> None:
    assert choice.clean(" IN-PROGRESS ", ("new", "in progress")).value == "in progress"
    assert choice.clean("old", ("new",)).problem == "not one of new"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Valid", "verified"),
        ("deliverable", "verified"),
        ("true", "verified"),
        ("no", "unverified"),
        ("Extrapolated", "unverified"),
        ("catch-all", "risky"),
        ("Accept All", "risky"),
        ("undeliverable", "invalid"),
        ("Hard Bounce", "bounced"),
    ],
)
def test_what_verifiers_say(text: str, status: str) -> None:
    assert email_status.clean(text) == (status, None)


def test_what_verifiers_do_not_say() -> None:
    assert email_status.clean("blue").problem
    assert email_status.clean("Unavailable") == NOTHING


@pytest.mark.parametrize(
    ("text", "asked", "agreed"),
    [
        ("yes", True, True),
        ("yes", False, False),
        ("no", True, False),
        ("no", False, True),
        ("Unsubscribed", True, False),
        ("unsubscribed", False, False),
        ("subscribed", False, True),
        ("2024-03-12", False, False),
        ("2024-03-12", True, True),
    ],
)
def test_consent_is_read_from_either_side(text: str, asked: bool, agreed: bool) -> None:
    assert consent.clean(text, asked).value is agreed


def test_unclear_consent_is_flagged() -> None:
    assert consent.clean("maybe", True).problem
    assert consent.clean("", True) == NOTHING


def test_values_of_workbooks_are_written_as_people_do() -> None:
    assert received.as_text(4930901820.0) == "4930901820"
    assert received.as_text(1.5) == "1.5"
    assert received.as_text(True) == "true"
    assert received.as_text(float("nan")) == ""
    assert received.as_text(["a", None, 1]) == "a, 1"
    assert received.as_text({"a": 1}) == '{"a": 1}'
    assert received.as_text(10**5000) == ""


@given(st.text(max_size=40))
def test_plain_cleaning_never_raises(text: str) -> None:
    for clean in (number.clean, number_range.clean, tags.clean, flag.clean, date.clean):
        clean(text)
    email_status.clean(text)


def test_hostile_lengths_take_no_time() -> None:
    started = time.process_time()
    for unit in ("1", "1,", "1 ", "-", "a ", "<", " @ ", "1-", "(", "/"):
        text = unit * (10_000 // len(unit))
        for clean in (number.clean, number_range.clean, tags.clean, flag.clean, date.clean):
            clean(text)
    assert time.process_time() - started < 5
