"""What the columns of a file speak of, and what a row says by them."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zlib import crc32

from leadloom.imports.headers import field_of, key
from leadloom.imports.layouts.layout import Layout, Reader
from leadloom.leads.fields import CUSTOM, FIELDS
from leadloom.values import consent

IGNORE = "ignore"
OF_THE_RECORD = ("external_id", "external_url", "observed_at")
READINGS = ("party", "location", "company.location", "email_verified", "opt_out", "opt_in")
MANY = frozenset(name for name, known in FIELDS.items() if known.folding in ("many", "tighten")) | {
    "opt_out",
    "opt_in",
}
LONGEST_CUSTOM_NAME = 60  # characters
MOST_LATE_COLUMNS = 2_000  # remembered; more are judged anew each time, so memory stays bounded
_OBJECT_VALUES = ("value", "email", "address", "number", "sanitized_number", "phone", "url")
_OTHER_DATES = ("%d %b %Y", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%Y %H:%M")


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """Where a column goes: a field, 'external_id', 'external_url', 'observed_at' or 'ignore'.

    `why` is said to people. `spare` is the custom field that takes the value when another column of
    the row has already filled a field that holds one value. `reader` takes odd values apart.
    A column that `tells_refusals` may say in any row that somebody is not to be written to.
    """

    column: str
    field: str
    why: str
    spare: str | None = None
    reader: Reader | None = None
    tells_refusals: bool = False


class _Step(NamedTuple):
    """A target made ready for the loop over rows: `field` None skips the column."""

    field: str | None
    spare: str | None
    reader: Reader | None
    tells_refusals: bool = False


@dataclass(frozen=True)
class Mapping:
    """How the columns of one file are read; `columns` in the order of the file.

    `layout` is the known export's name for people, `provider` its key ('linkedin', 'google').
    A CSV of problems `tells_problems` beside its rows.
    """

    layout: str | None
    provider: str | None
    columns: dict[str, ColumnTarget]
    known: Layout | None = field(default=None, repr=False, compare=False)
    tells_problems: bool = False
    _steps: dict[str, _Step] = field(init=False, repr=False, compare=False)
    _claimed: set[str] = field(init=False, repr=False, compare=False)
    _record: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the steps, so that a row costs one look-up a cell."""
        targets = self.columns.values()
        record = {one.field: one.column for one in targets if one.field in OF_THE_RECORD}
        object.__setattr__(self, "_steps", {one.column: _step(one) for one in targets})
        object.__setattr__(self, "_claimed", {one.field for one in targets})
        object.__setattr__(self, "_record", record)

    def pairs(self, cells: Map[str, Any]) -> list[tuple[str, Any, str]]:
        """The (field, value as received, column) of every filled cell of a row, in its order.

        A column the sample did not show is judged by its header alone, or becomes a custom field.
        """
        found: list[tuple[str, Any, str]] = []
        taken: set[str] | None = None
        steps = self._steps
        for column, value in cells.items():
            if value is None or value == "":
                continue
            name, spare, reader, tells_refusals = steps.get(column) or self._meet(column)
            if name is None:
                continue
            kind = type(value)
            if kind is str:
                if spare is None and reader is None:
                    if not value.isspace():
                        found.append((name, value, column))
                    continue
            elif spare is None and reader is None and kind is not list and kind is not dict:
                found.append((name, value, column))
                continue
            if tells_refusals and kind is str and consent.refuses(value):
                found.append(("opt_out", value, column))
                if not name.startswith(CUSTOM):
                    continue
            if taken is None:
                taken = set()
            for part in _parts(name, value, reader):
                place = name if spare is None or name not in taken else spare
                taken.add(place)
                found.append((place, part, column))
        return found

    def external_id(self, cells: Map[str, Any]) -> str | None:
        """The row's id in the system it comes from, as text ('101' for 101.0), or None."""
        return _plain(self._of_record("external_id", cells))

    def external_url(self, cells: Map[str, Any]) -> str | None:
        """The row's address in the system it comes from, or None."""
        return _plain(self._of_record("external_url", cells))

    def observed_at(self, cells: Map[str, Any]) -> datetime | None:
        """When the row was seen or changed at its source, in UTC; None when unsaid or unclear."""
        return _moment(_plain(self._of_record("observed_at", cells)))

    def _of_record(self, name: str, cells: Map[str, Any]) -> Any:
        column = self._record.get(name)
        return cells.get(column) if column is not None else None

    def _meet(self, column: str) -> _Step:
        """The step of a column first seen in a row, after the sample."""
        words = key(column)
        name = (self.known.field(words) if self.known else None) or field_of(column)
        reader = self.known.reader(words) if self.known else None
        spare = self._unused(column)
        certain = name in FIELDS and (name in MANY or name not in self._claimed)
        step = _Step(name if certain else spare, None if name in MANY else spare, reader)
        if len(self._steps) < len(self.columns) + MOST_LATE_COLUMNS:
            self._steps[column] = step
            self._claimed.add(str(step.field))
        return step

    def _unused(self, column: str) -> str:
        """A custom field for a late column; a clash is told apart by the column itself, so that
        the name is the same whichever row shows it first."""
        name = custom_name(column)
        return name if name not in self._claimed else f"{name}_{crc32(column.encode()):08x}"


def custom_name(column: str) -> str:
    """The custom field of a column: 'Booth No.' → 'custom.booth_no'; 'custom.x' stays as it is."""
    plain = column.strip()
    if plain.startswith(CUSTOM) and len(plain) > len(CUSTOM):
        return plain
    return CUSTOM + (key(column).replace(" ", "_")[:LONGEST_CUSTOM_NAME] or "column")


def custom_names(columns: Sequence[str]) -> dict[str, str]:
    """A custom field for every column, no two alike; those that name one themselves come first."""
    names: dict[str, str] = {}
    used: set[str] = set()
    for column in sorted(columns, key=lambda one: not one.strip().startswith(CUSTOM)):
        base = name = custom_name(column)
        count = 1
        while name in used:
            count += 1
            name = f"{base}_{count}"
        used.add(name)
        names[column] = name
    return names


def _step(target: ColumnTarget) -> _Step:
    skipped = target.field == IGNORE or target.field in OF_THE_RECORD
    if target.tells_refusals and not skipped:
        return _Step(target.field, target.spare, target.reader or _whole, True)
    return _Step(None if skipped else target.field, target.spare, target.reader)


def _whole(value: Any) -> list[Any]:
    """The reader of a column whose values are plain, but looked at one by one."""
    return [value]


def _parts(name: str, value: Any, reader: Reader | None) -> list[Any]:
    """The values in a cell: taken apart by the reader, or a list's entries for a field of many."""
    values = reader(value) if reader else [value]
    if name.startswith(CUSTOM):
        return [part for part in values if not _is_blank(part)]
    flat: list[Any] = []
    for part in values:
        entries = [telling(entry) for entry in part] if isinstance(part, list) else [part]
        entries = [telling(entry) for entry in entries if not _is_blank(entry)]
        if name not in MANY and len(entries) > 1 and all(isinstance(e, str) for e in entries):
            entries = [", ".join(entries)]
        flat += entries
    return [part for part in flat if not _is_blank(part)]


def telling(entry: Any) -> Any:
    """The telling value of an object such as {"type": "work", "value": "a@b.com"}."""
    if not isinstance(entry, dict):
        return entry
    return next((entry[name] for name in _OBJECT_VALUES if entry.get(name)), entry)


def _is_blank(value: Any) -> bool:
    if isinstance(value, list):
        return not any(entry.strip() if isinstance(entry, str) else entry for entry in value)
    return value is None or value in ("", {}) or (isinstance(value, str) and value.isspace())


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, bool | list | dict):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def _moment(text: str | None) -> datetime | None:
    if not text or not re.match(r"\d{1,4}\D", text):
        return None
    for read in (datetime.fromisoformat, *(_reading(form) for form in _OTHER_DATES)):
        try:
            moment = read(text)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _reading(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form).replace(tzinfo=UTC)
