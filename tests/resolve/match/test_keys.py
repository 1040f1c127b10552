"""By which keys two find each other: forms of a name, and an initial at one employer."""

import pytest

from leadloom.resolve.match.blocking import keys_of
from leadloom.resolve.match.person import terms_of

ACME = {"company": "Acme Bearings GmbH"}
AT_ACME = {"domain": "acmebearings.de"}


def share(one: dict[str, str], other: dict[str, str]) -> bool:
    return not {*keys_of(terms_of(one))}.isdisjoint(keys_of(terms_of(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M. Reynolds", "Mary Reynolds"),
        ("J. Keller", "Jean Keller"),
        ("H. Keller", "Hanna Keller"),
        ("G. Galli", "Giulia Galli"),
        ("B. Smith", "Bob Smith"),
        ("R. Smith", "Bob Smith"),
        ("Robert Smith", "Bob Smith"),
        ("Robert S.", "Bob Smith"),
        ("Smith, B.", "Smith Bob"),
        ("Katherine Smith", "Catherine Smyth"),
    ],
)
def test_forms_of_one_name_meet_at_one_employer(one: str, other: str) -> None:
    assert share({"full_name": one, **ACME}, {"full_name": other, **AT_ACME})


@pytest.mark.parametrize("other", ["Anna Reynolds", "Jean Reynolds", "Hannah Reynolds"])
def test_mary_is_nobody_who_is_called_otherwise(other: str) -> None:
    """Short forms lead from Mary to Anna, over others: too many would be one name."""
    assert not share({"full_name": "Mary Reynolds"}, {"full_name": other})
    assert not share({"full_name": "Mary Reynolds", **ACME}, {"full_name": other, **ACME})


def test_two_initials_are_nobodys_name() -> None:
    assert not share({"full_name": "M. Reynolds", **ACME}, {"full_name": "M. Rossi", **ACME})
