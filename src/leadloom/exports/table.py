"""Rows of leads as a table: which columns there are, and the value of each cell."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

import orjson

from leadloom.exports.objects import encoded
from leadloom.leads.fields import CUSTOM

LEAD_COLUMNS: Final = (
    "id",
    "full_name",
    "first_name",
    "last_name",
    "title",
    "email",
    "emails",
    "email_status",
    "phone",
    "phones",
    "company",
    "domain",
    "linkedin_url",
    "website",
    "city",
    "state",
    "country",
    "industry",
    "tags",
    "status",
    "stage",
    "lead_status",
    "lead_score",
    "source",
    "notes",
    "created_at",
    "updated_at",
)
"""The columns of an export without any rows to take them from."""

CUSTOM_COLUMNS: Final = 500
"""Custom fields beyond this many share the column `custom`, as JSON; Excel ends at 16,384."""

_IN_MEMORY_BYTES: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and the rows to be read once."""

    columns: tuple[str, ...]
    rows: Iterable[Mapping[str, Any]]

    def cells(self) -> Iterator[list[Any]]:
        """The values of each row in the order of the columns; `custom` holds what has no column."""
        own = frozenset(
            name.removeprefix(CUSTOM) for name in self.columns if name.startswith(CUSTOM)
        )
        for row in self.rows:
            custom = row.get("custom") or {}
            yield [
                custom.get(name[len(CUSTOM) :], row.get(name))
                if name.startswith(CUSTOM)
                else _rest(custom, own)
                if name == "custom"
                else row.get(name)
                for name in self.columns
            ]


@contextmanager
def tabled(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None) -> Iterator[Table]:
    """A table of `columns`, or of every field that any row has, in the order they first appear.

    To know them all, the rows are put aside on disk first; memory stays flat either way.
    """
    if columns is not None:
        yield Table(tuple(columns), rows)
        return
    with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as spool:
        found = _Found()
        for row in rows:
            found.add(row)
            spool.write(encoded(row) + b"\n")
        spool.seek(0)
        yield Table(found.columns() or LEAD_COLUMNS, _read_back(spool))


def cell_text(value: Any) -> str:
    """A value as the text of a cell: lists joined by "; ", times in ISO 8601, objects as JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list() | tuple():
            return "; ".join(cell_text(item) for item in value)
        case dict():
            return json.dumps(value, ensure_ascii=False, default=str) if value else ""
        case date():
            return value.isoformat()
    return str(value)


class _Found:
    """The columns met so far."""

    def __init__(self) -> None:
        self._fields: dict[str, None] = {}
        self._custom: dict[str, None] = {}
        self._is_over = False

    def add(self, row: Mapping[str, Any]) -> None:
        self._fields.update(dict.fromkeys(row))
        for name in row.get("custom") or ():
            if name in self._custom:
                continue
            if len(self._custom) < CUSTOM_COLUMNS:
                self._custom[name] = None
            else:
                self._is_over = True

    def columns(self) -> tuple[str, ...]:
        spread = [CUSTOM + name for name in self._custom] + ["custom"] * self._is_over
        found: list[str] = []
        for name in self._fields:
            found.extend(spread if name == "custom" else [name])
        return tuple(found)


def _rest(custom: Mapping[str, Any], own: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in custom.items() if name not in own}


def _read_back(spool: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    for line in spool:
        yield orjson.loads(line)
