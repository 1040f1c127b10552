"""What people type into the search box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.search.language import Term, read


def told(text: str) -> list[str]:
    """Return each term as a short text."""
    return [_told(term) for term in read(text)]


def _told(term: Term) -> str:
    sign = "-" if term.is_excluded else ""
    place = f"{term.key or term.field}:" if term.field else ""
    words = " ".join("/".join(word) for word in term.words)
    said = f'"{words}"' if term.is_exact else words
    return sign + place + (f"<{term.number.end}>" if term.number else said)


CASES = {
    "anna weber": ["anna", "weber"],
    "Müller": ["muller/mueller"],
    '"Acme GmbH" weber': ['"acme gmbh"', "weber"],
    "title:CTO": ["title:cto"],
    'title:"head of"': ['title:"head of"'],
    "country:Germany country:de": ["country:de", "country:de"],
    "-tag:customer -berlin": ["-tag:customer", "-berlin"],
    'city:"new york"': ['city:"new"', 'city:"york"'],
    "custom.Booth:12A": ["custom.booth:12a"],
    "status:raw": ["status:raw"],
    "ada@acme.com": ["email:ada acme com"],
    "acme-tools.de": ["acme tools de"],
    "+49 30 231 25001": ["<493023125001>"],
    "anna 030/23125001": ["<3023125001>", "anna"],
    "phone:030/23125001": ["phone:<3023125001>"],
    "https://www.acme.com/": ["acme com"],
    "nosuch:thing": ["nosuch thing"],
    "": [],
    '-- "" : :: - "': [],
    "100%": ["100"],
}


@pytest.mark.parametrize("text", CASES)
def test_a_text_is_read_into_terms(text: str) -> None:
    assert told(text) == CASES[text]


@given(st.text(max_size=60))
def test_no_text_is_refused(text: str) -> None:
    for term in read(text):
        assert term.words or term.number
