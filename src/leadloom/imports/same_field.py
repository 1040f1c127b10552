"""Several columns that seem to hold one thing: which of them do not.

A board lists who looks after a lead under "Person", beside the lead's own "Name"; a search has two
kinds of LinkedIn addresses, of which one leads nobody anywhere without an account.
"""

import re
from collections.abc import Mapping, Sequence

from leadloom.imports import sniff

_FEWEST = 3  # values that say so
_REPEATED = 0.5  # of the values of a column are different, at most: it is about somebody else
_DIFFERENT = 0.8  # at least: it is about who the row is about
_NO_PROFILE = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:sales|talent)/", re.I)
_NAMES = ("full_name", "name?")


def without_weaker(
    fields: Mapping[str, str | None], values: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return the columns that are not what their headers say, each with the reason.

    `fields` says what each column seems to be, `values` its sample.
    """
    return _staff(fields, values) | _no_profiles(fields, values)


def _staff(fields: Mapping[str, str | None], values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Names of which a few stand in all rows, where another column has one for each."""
    named = [column for column, field in fields.items() if field in _NAMES]
    if not any(_variety(values[column]) >= _DIFFERENT for column in named):
        return {}
    return {
        column: "the same few names; another column has one for each row"
        for column in named
        if len(values[column]) >= _FEWEST and _variety(values[column]) <= _REPEATED
    }


def _variety(values: Sequence[str]) -> float:
    """The part of the values that are different ones, 0 to 1."""
    return len(set(values)) / len(values) if values else 0.0


def _no_profiles(
    fields: Mapping[str, str | None], values: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Addresses inside LinkedIn's own tools, where another column has those of the profiles."""
    links = [column for column, field in fields.items() if field == "linkedin_url"]
    inside = [one for one in links if sniff.mostly(values[one], _is_inside)]
    if len(inside) == len(links):
        return {}
    return dict.fromkeys(inside, "addresses inside LinkedIn; another column has the profiles")


def _is_inside(text: str) -> bool:
    return bool(_NO_PROFILE.match(text.strip()))
