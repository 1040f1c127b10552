"""Words as they are stored and asked for, in every script."""

import pytest

from leadloom.search.numbers import find_numbers, keys_of
from leadloom.search.words import LONGEST, spellings, words_asked, words_of

STORED = {
    "Anna-Lena MÜLLER": "anna lena muller",
    "O'Brien": "obrien brien",
    "D’Angelo Groß": "dangelo gross angelo",
    "C.T.O. of A.G.": "cto of ag",
    "anna.mueller@acme-gmbh.de": "anna mueller acme gmbh de",
    "H&M": "h m",
    "Łukasz Øre": "lukasz ore",
    "Юрий Гагарин": "юрии гагарин",
    "王小明": "王小 小明 明",
    "田中 Taro": "田中 中 taro",
    "김철수": "김철 철수 수",
    "สมชาย": "สม มช ชา าย ย",
    "अमित शाह": "अमित शाह",
    "محمد": "محمد",
    "  ": "",
    "100% Sure_Thing": "100 sure thing",
}
ASKED = {"王小明": "王小 小明", "王": "王", "O'Brien": "obrien", "김철수": "김철 철수"}


@pytest.mark.parametrize("text", STORED)
def test_a_stored_text_is_cut_into_words(text: str) -> None:
    assert " ".join(words_of(text)) == STORED[text]


@pytest.mark.parametrize("text", ASKED)
def test_an_unspaced_word_that_is_asked_for_is_pairs_only(text: str) -> None:
    assert " ".join(words_asked(text)) == ASKED[text]


def test_a_word_without_end_is_cut() -> None:
    assert [len(word) for word in words_of("x" * 1_000)] == [LONGEST]
    assert [len(word) for word in words_of("é" * 1_000)] == [LONGEST]


def test_an_umlaut_is_looked_for_in_its_spellings() -> None:
    assert set(spellings("Müller")) == {"muller", "mueller"}
    assert set(spellings("mueller")) == {"muller", "mueller"}
    assert set(spellings("weber")) == {"weber"}


def test_a_number_is_found_by_its_digits_from_both_ends() -> None:
    assert keys_of("+493023125001") == ["+493023125001", "-10052132"]
    assert keys_of("+493023125001;ext=17") == ["+493023125001", "-10052132"]
    assert keys_of("110") == []


@pytest.mark.parametrize(
    ("text", "whole", "end"),
    [
        ("+49 30 23125001", "493023125001", "493023125001"),
        ("0049 (0)30/231-250 01", "493023125001", "493023125001"),
        ("+49 (0) 30 23125001", "493023125001", "493023125001"),
        ("(030) 2312.5001", None, "3023125001"),
        ("0170 12", None, "17012"),
        ("23125001", None, "23125001"),
    ],
)
def test_a_number_is_read_in_any_notation(text: str, whole: str | None, end: str) -> None:
    [number], rest = find_numbers(text)
    assert (number.whole, number.end, rest.strip()) == (whole, end, "")


@pytest.mark.parametrize("text", ["2026", "room 12", "80331", "a1234567b", "anna 3", "(069)"])
def test_not_all_digits_are_a_phone_number(text: str) -> None:
    assert find_numbers(text) == ([], text)
