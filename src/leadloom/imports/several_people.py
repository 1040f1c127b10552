"""Rows that list several people: "Contact 1 Name", "Contact 1 Email", "Contact 2 Name", ...

A row is a record of one person, its first. What it says of the others must not become theirs: with
somebody else's address a lead would be written to, and woven with, somebody else.
"""

import re
from collections.abc import Mapping

from leadloom.imports.headers import key

# What names a person, and what may: of the first in a row the header is often just "Name".
_NAMED_BY = {name: name for name in ("full_name", "first_name", "last_name")} | {
    "name?": "full_name"
}
_NAMES = frozenset(_NAMED_BY.values())
_BEFORE = re.compile(r"(.*?) ?(\d{1,2}) (.+)")  # contact 2 email, contact2 email
_BEHIND = re.compile(r"(.+?) ?(\d{1,2})")  # email 2, email2


def about_others(fields: Mapping[str, str | None]) -> set[str]:
    """Return the columns about people after the first; `fields` says what each column is.

    Several e-mail addresses are one person's. What tells people apart is that their names are
    numbered, too.
    """
    groups: dict[tuple[str, int], set[str]] = {}
    for column in fields:
        groups.setdefault(_whose(column), set()).add(column)
        if found := _BEHIND.fullmatch(key(column)):  # "Email 2", of whom "Email 2 Full Name" tells
            groups.setdefault((f"of {found[1]}", int(found[2])), set()).add(column)
    others: set[str] = set()
    for (subject, number), columns in groups.items():
        named = {fields[column] for column in columns} & _NAMES
        before = [groups[one] for one in groups if one[0] in (subject, "") and one[1] < number]
        if any(_NAMED_BY.get(fields[column] or "") in named for some in before for column in some):
            others |= columns | groups.get((f"of {subject}", number), set())
    return others


def _whose(column: str) -> tuple[str, int]:
    """Return the subject and the number of a column: ("contact", 2), or ("", 0) without."""
    words = key(column)
    if found := _BEFORE.fullmatch(words):
        return found[1], int(found[2])
    if found := _BEHIND.fullmatch(words):
        return "", int(found[2])
    return "", 0
