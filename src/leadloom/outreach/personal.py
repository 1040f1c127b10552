"""What makes a letter personal: the angle it takes on a lead, and how its facts are explained."""

from collections.abc import Mapping
from typing import Any, Final

from leadloom.outreach.filters import given_name, in_sentence, role

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "show": ("event_name",),
    "role": ("title", "company"),
    "company": ("company",),
    "industry": ("industry",),
    "city": ("city",),
}
"""What must be known about a lead to write from an angle.

Notes are no angle on purpose: people write them for themselves, not for the lead to read.
"""

_PREFERRED: Final[Mapping[str, tuple[str, ...]]] = {
    "hook": ("show", "role", "company", "industry", "city"),
    "proof": ("industry", "role", "company", "show", "city"),
    "fomo": ("show", "company", "city", "industry", "role"),
}

_WHY: Final[Mapping[str, str]] = {
    "first_name": "greets by first name",
    "last_name": "greets by last name",
    "full_name": "names the person",
    "nickname": "greets by nickname",
    "company": "names the company",
    "title": "speaks to the person's role",
    "seniority": "speaks to the person's seniority",
    "department": "speaks to the person's department",
    "industry": "speaks to the industry",
    "city": "refers to the city",
    "state": "refers to the region",
    "country": "refers to the country",
    "tags": "refers to the tags",
    "notes": "quotes the notes",
    "domain": "refers to the company's website",
    "website": "refers to the website",
}

NAMES: Final = frozenset(
    {"first_name", "last_name", "middle_name", "full_name", "nickname", "name_prefix"}
)
"""Fields that only say what a person is called; any mail merge can do that."""


def angle(context: Mapping[str, Any], message_type: str, turn: int = 0) -> str:
    """The angle a letter takes: "show", "role", "company", "industry", "city", or "none".

    The best one for the message type comes first; later turns (the fourth variant is the second
    hook) take the next ones that the lead's facts are fit for.
    """
    fit = [name for name in _PREFERRED[message_type] if _is_fit(name, context)]
    return fit[turn % len(fit)] if fit else "none"


def why(field: str) -> str:
    """What using this field does for the reader, in words a person understands."""
    if field.startswith("custom."):
        return f"uses your own field {field.removeprefix('custom.')!r}"
    return _WHY.get(field, f"mentions the {field.replace('_', ' ')}")


def has_odd_name(name: str) -> bool:
    """Whether a first name looks wrong: digits, an address, an initial, a heading."""
    return not given_name(name)


def _is_fit(name: str, context: Mapping[str, Any]) -> bool:
    if not all(context.get(field) for field in NEEDS[name]):
        return False
    if name == "role":
        return bool(role(str(context["title"])))
    if name == "industry":
        return bool(in_sentence(str(context["industry"])))
    return True
