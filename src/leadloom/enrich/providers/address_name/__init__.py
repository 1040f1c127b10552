"""A name written in an address: jane.doe@... is probably Jane Doe."""

import re

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.values.email import is_role

_TWO_WORDS = re.compile(r"([a-z]{2,})[._]([a-z]{2,})\d{0,4}")


def _find(question: Question) -> list[Answer]:
    address = question.values["email"][0]
    match = _TWO_WORDS.fullmatch(address.partition("@")[0])
    if match is None or is_role(address):
        return []
    first, last = match[1].capitalize(), match[2].capitalize()
    found = (("full_name", f"{first} {last}"), ("first_name", first), ("last_name", last))
    return [Answer(field, value, 0.6, f"e-mail {address}") for field, value in found]


PROVIDER = Provider(
    "address",
    ("full_name", "first_name", "last_name"),
    ("email",),
    _find,
    about="the name that an address is made of",
    example={"email": ["jane.doe@example.com"]},
)
