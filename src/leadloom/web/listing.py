"""What a list shows, all of it in its address: text, conditions, order, columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from leadloom.errors import UsageError
from leadloom.leads.conditions import read_condition, write_condition
from leadloom.leads.fields import CUSTOM
from leadloom.web.columns import Column, chosen
from leadloom.web.looks import words
from leadloom.web.visit import Visit

Said = Callable[[str], Sequence[str]]

_SIGNS: Final = {"=": "is", "!=": "is not", "~": "contains", ">=": "≥", "<=": "≤"}
_WIDEST: Final = 900


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in words, and the address of the list without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of leads or companies. `known`: all columns there are; `columns`: those shown."""

    path: str
    known: Sequence[Column]
    columns: tuple[Column, ...]
    are_usual: bool
    text: str = ""
    where: tuple[str, ...] = ()
    sort: str = ""
    is_deleted: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """Return what the verbs call it."""
        return {"where": self.where, "sort": self.sort or None, "deleted": self.is_deleted}

    @property
    def chips(self) -> list[Chip]:
        """Return the conditions, to be shown and taken away."""
        chips = [self._chip(one) for one in self.where]
        if self.is_deleted:
            chips.append(Chip("Deleted", "yes", self.url(is_deleted=False)))
        return chips

    @property
    def is_narrow(self) -> bool:
        """Whether it shows less than everything."""
        return bool(self.text or self.where or self.is_deleted)

    def beside(self, field: str) -> tuple[str, ...]:
        """Return the conditions but for the one that names values of a field."""
        return tuple(one for one in self.where if one != self._named(field)[0])

    def has(self, field: str, value: str | None) -> bool:
        """Whether a value is among those a field may have."""
        return (value or "") in self._named(field)[1]

    def toggled(self, field: str, value: str | None) -> str:
        """Return the address with one more value that a field may have, or one less."""
        condition, values = self._named(field)
        now = [one for one in values if one != (value or "")]
        if len(now) == len(values):
            now.append(value or "")
        told = (write_condition(field, "=", now),) if now else ()
        if condition is None:
            return self.url(where=self.where + told)
        at = self.where.index(condition)
        return self.url(where=self.where[:at] + told + self.where[at + 1 :])

    def _named(self, field: str) -> tuple[str | None, list[str]]:
        """Return the condition that names values of a field, and these; (None, []) without one."""
        for one in self.where:
            name, sign, values = _read(one)
            if (name, sign) == (field, "="):
                return one, values
        return None, []

    def said(self, **changes: Any) -> list[tuple[str, str]]:
        """Return the parameters of the address, with changes made."""
        now = replace(self, **changes)
        said = [("q", now.text), *(("f", one) for one in now.where), ("sort", now.sort)]
        if not now.are_usual:
            said.append(("c", ",".join(f"{one.name}:{one.width}" for one in now.columns)))
        if now.is_deleted:
            said.append(("deleted", "1"))
        return [(name, value) for name, value in said if value]

    def query(self, **changes: Any) -> str:
        """Return the same as the address has them."""
        return urlencode(self.said(**changes))

    def url(self, **changes: Any) -> str:
        """Return the address of this list, with changes made."""
        query = self.query(**changes)
        return f"{self.path}?{query}" if query else self.path

    def sorted_by(self, column: Column) -> str:
        """Return the address sorted by a column: up, down, and no more."""
        following = {column.name: f"-{column.name}", f"-{column.name}": ""}
        return self.url(sort=following.get(self.sort, column.name))

    def direction(self, column: Column) -> str:
        """Return "ascending", "descending" or "none", as tables say it."""
        if self.sort.removeprefix("-") != column.name:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"

    def _chip(self, condition: str) -> Chip:
        left = tuple(one for one in self.where if one != condition)
        name, sign, values = _read(condition)
        label = next((one.label for one in self.known if one.name == name), words(name))
        value = " or ".join(one or "empty" for one in values)
        return Chip(f"{label} {_SIGNS.get(sign, sign)}".strip(), value, self.url(where=left))


def _read(condition: str) -> tuple[str, str, list[str]]:
    """Return a condition's field, sign and values; one that makes no sense is a name."""
    try:
        return read_condition(condition)
    except UsageError:
        return condition, "", []


def listing_of(visit: Visit, path: str, known: Sequence[Column], usual: Sequence[str]) -> Listing:
    """Read what a list is to show from the address."""
    return read(visit.queries, path, known, usual)


def read(said: Said, path: str, known: Sequence[Column], usual: Sequence[str]) -> Listing:
    """Read what a list is to show, and what a form of it adds.

    That is a condition in parts ("field", "sign", "value"), or a column of one's "own"; with
    "usual" the columns are what they were. `said` returns all that is said under a name.
    """
    asked = _columns(said)
    columns = chosen(known, [name for name, _, _ in asked]) or chosen(known, usual)
    widths = {name: int(width) for name, _, width in asked if width.isdecimal() and len(width) < 5}
    shown = tuple(
        replace(one, width=min(max(widths.get(one.name, one.width), 50), _WIDEST))
        for one in columns
    )
    where = [*said("f"), _added(said)]
    return Listing(
        path,
        known,
        shown,
        not asked,
        " ".join(_first(said, "q").split()),
        tuple(dict.fromkeys(one for one in where if one.strip())),
        _first(said, "sort"),
        _first(said, "deleted") == "1",
    )


def _first(said: Said, name: str, default: str = "") -> str:
    return next(iter(said(name)), default)


def _columns(said: Said) -> list[tuple[str, str, str]]:
    """Return the columns asked for as (name, ":", width)."""
    if _first(said, "usual"):
        return []
    own = _first(said, "own").strip()
    named = [*said("c"), *([f"{CUSTOM}{own}"] if own else [])]
    return [part.partition(":") for part in ",".join(named).split(",") if part]


def _added(said: Said) -> str:
    field = _first(said, "field")
    return f"{field}{_first(said, 'sign', '~')}{_first(said, 'value')}" if field else ""
