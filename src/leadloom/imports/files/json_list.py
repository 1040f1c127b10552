"""Which list inside a JSON object holds the rows, as in {"data": {"contacts": [...]}}."""

import re
from collections.abc import Iterator
from typing import Any

from leadloom.errors import InputError
from leadloom.imports.files.json_text import JsonText
from leadloom.imports.headers import field_of
from leadloom.imports.sniff import is_email

DEEPEST_LIST = 4
FEW_OTHER_VALUES = 4
LIST_NAMES = re.compile(
    r"items|data|results?|records|contacts|people|persons|leads|rows|values?|elements|entries|users|"
    r"companies|organi[sz]ations|response|list|objects|profiles|members|connections|prospects|"
    r"customers|accounts|businesses|places|hits|docs|documents|dataset",
    re.IGNORECASE,
)
PERSON_KEYS = re.compile(
    r"e[-_ ]?mail.*|(first|last|full|given|family|sur)[-_ ]?name|phone.*|mobile.*|linked[-_ ]?in.*",
    re.IGNORECASE,
)


def list_within(document: Any) -> tuple[str, list[Any]] | None:
    """The path and items of the list that holds the rows; None if the object is itself a row.

    The path is "" where the object's own values are the rows, by some key of theirs.

    An object with an e-mail, a name or a phone of its own is a row, whatever lists it has.
    """
    if not isinstance(document, dict) or any(
        PERSON_KEYS.fullmatch(key) and isinstance(value, str) and value
        for key, value in document.items()
    ):
        return None
    if _are_rows_by_key(document):
        return "", _with_keys(document)
    others = sum(not isinstance(value, dict | list) for value in document.values())
    found = [
        (path, items)
        for path, items in _lists(document, ())
        if _is_usual(path[-1]) or (items and others < FEW_OTHER_VALUES)
    ]
    if not found:
        return None
    path, items = max(found, key=lambda each: (_is_usual(each[0][-1]), len(each[1])))
    return ".".join(path), items


def _are_rows_by_key(document: dict[str, Any]) -> bool:
    """Whether values are objects about people with mostly the same keys, as {id: {...}, id: ...}.

    An object of parts ({"person": {...}, "company": {...}}) has names for them.
    """
    values = list(document.values())
    if len(values) < 2 or not all(isinstance(each, dict) and each for each in values):
        return False
    if any(field_of(key) and not any(map(str.isdigit, key)) for key in document):
        return False
    shared, all_keys = set(values[0]), set(values[0])
    for each in values[1:]:
        shared &= set(each)
        all_keys |= set(each)
    is_known = all(map(is_email, document)) or any(map(PERSON_KEYS.fullmatch, shared))
    return is_known and len(shared) * 2 > len(all_keys)


def _with_keys(document: dict[str, dict[str, Any]]) -> list[Any]:
    """Rows by a key of theirs, each with that key where it does not say it itself."""
    name = "email" if all(map(is_email, document)) else "key"
    rows = document.items()
    return [row if key in map(str, row.values()) else {name: key, **row} for key, row in rows]


def _lists(
    item: dict[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    for key, value in item.items():
        if isinstance(value, dict) and len(path) < DEEPEST_LIST:
            yield from _lists(value, (*path, key))
        elif isinstance(value, list) and all(isinstance(each, dict) for each in value):
            yield (*path, key), value


def descend_to_list(values: JsonText, depth: int = DEEPEST_LIST) -> str | None:
    """Move the cursor into the list that holds the rows and return its path; None without one.

    It is the first list of objects with a usual name, or the first too long to be held.
    """
    if not values.take("{"):
        return None
    while values.next_mark() not in ("}", ""):
        key, _ = values.value("a key")
        if not isinstance(key, str) or not values.take(":"):
            return None
        if values.next_mark() == "{" and depth:
            if path := descend_to_list(values, depth - 1):
                return f"{key}.{path}"
        elif not _step_over(values, key):
            return key
    values.take("}")
    return None


def _step_over(values: JsonText, key: str) -> bool:
    """Step over a value; False, with the cursor on its first item, if it holds the rows."""
    if values.next_mark() != "[":
        values.value(repr(key))
        return True
    if not _is_usual(key):
        try:
            values.value(repr(key))
        except InputError:
            values.take("[")
            return False
        return True
    values.take("[")
    if values.next_mark() == "{":
        return False
    while not values.take("]"):
        values.value(f"an item of {key!r}")
    return True


def _is_usual(key: str) -> bool:
    return LIST_NAMES.fullmatch(key) is not None
