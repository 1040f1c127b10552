"""The names people give to groups, templates and campaigns."""

import re
import uuid
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError

_LONGEST: Final = 255
# Control characters and halves of characters: not every database keeps them.
_UNKEPT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def checked_name(name: str, noun: str) -> str:
    """Return `name` with single blanks. Raises UsageError when nobody could read or type it."""
    tidy = " ".join(name.split())
    if not tidy:
        raise UsageError(f"A {noun} needs a name.")
    if len(tidy) > _LONGEST:
        raise UsageError(f"The name of a {noun} has at most {_LONGEST} characters.")
    return checked_text(tidy, f"The name {tidy!r}")


def checked_text(text: str, what: str) -> str:
    """Return `text` as it is. Raises UsageError when a database could not keep it."""
    if _UNKEPT.search(text):
        raise UsageError(f"{what} has characters that cannot be shown: leave them out.")
    return text


def named(table: sa.Table, ref: str) -> sa.ColumnElement[bool]:
    """The condition for the row with this name or id; a name is taken with single blanks."""
    by_name: sa.ColumnElement[bool] = table.c.name == " ".join(ref.split())
    try:
        return sa.or_(by_name, table.c.uuid == uuid.UUID(ref))
    except ValueError:
        return by_name


def not_found(noun: str, name: str, known: Iterable[str]) -> NotFoundError:
    """The error for a name that nothing has, with the nearest that something has."""
    near = get_close_matches(name, list(known), 1)
    hint = f"did you mean {near[0]!r}?" if near else f"see `leadloom {noun}s list`."
    return NotFoundError(f"There is no {noun} {name!r}: {hint}")
