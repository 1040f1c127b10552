"""The order of a list, and the cursor from which its next page goes on."""

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.leads.conditions import LISTS, UNSTORABLE, column_of, fields_of
from leadloom.storage.letters import by_code_point
from leadloom.storage.types import UtcTime, dump_json, load_json

_MOST = 2**63  # what a database counts to


@dataclass(frozen=True, slots=True)
class Order:
    """Rows by a value and then by their key; those without a value come last.

    `name` is what the order is called in a cursor, so that no other order takes it.
    """

    name: str
    key: sa.ColumnElement[int]
    value: Any
    is_descending: bool

    @classmethod
    def of(cls, table: sa.Table, sort: str | None) -> "Order":
        """Read a field, with `-` in front for descending; None is the newest first.

        Raises UsageError for a field that does not exist or has no order.
        """
        is_descending = not sort or sort.startswith("-")
        field = sort.removeprefix("-") if sort else "id"
        if field in LISTS and field in table.c:
            sortable = ", ".join(sortable_fields(table))
            raise UsageError(f"A list has no order, and {field} is one: sort by {sortable}.")
        if field == "created_at":
            field = "id"  # the same order, and told apart within a batch
        name = f"{table.name}:{'-' if is_descending else ''}{field}"
        return cls(name, table.c.id, _comparable(column_of(table, field)), is_descending)

    def by(self) -> list[Any]:
        """Return what to order by."""
        direction = sa.desc if self.is_descending else sa.asc
        if self.is_by_key:
            return [direction(self.key)]
        return [self.value.is_(None), direction(self.value), direction(self.key)]

    def backwards(self) -> list[Any]:
        """Return what to order by to meet the last row first."""
        direction = sa.asc if self.is_descending else sa.desc
        if self.is_by_key:
            return [direction(self.key)]
        return [self.value.is_(None).desc(), direction(self.value), direction(self.key)]

    def is_of(self, table: sa.Table) -> bool:
        """Whether it is by values of the table's own, and not just by the key."""
        field = self.name.partition(":")[2].removeprefix("-")
        return field in table.c and field not in ("id", "company_id")

    def cursor(self, value: Any, key: int) -> str:
        """Return the cursor of the row with this value and key, in letters fit for a URL."""
        said = value.isoformat() if isinstance(value, dt.datetime) else value
        text = dump_json([self.name, said, key]).encode()
        return base64.urlsafe_b64encode(text).decode().rstrip("=")

    def beyond(self, cursor: str) -> sa.ColumnElement[bool]:
        """Return the condition of coming after the row of a cursor.

        Raises UsageError for what is no cursor, or the cursor of another order.
        """
        value, last = self._read(cursor)
        later = self.key < last if self.is_descending else self.key > last
        if self.is_by_key:
            return later
        if value is None:
            return sa.and_(self.value.is_(None), later)
        further = self.value < value if self.is_descending else self.value > value
        return sa.or_(further, sa.and_(self.value == value, later), self.value.is_(None))

    @property
    def is_by_key(self) -> bool:
        """Whether it is by the key alone."""
        return self.value is self.key

    def _read(self, cursor: str) -> tuple[Any, int]:
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            name, value, key = load_json(base64.urlsafe_b64decode(padded))
            if not isinstance(name, str) or type(key) is not int or not 0 <= key < _MOST:
                raise ValueError(cursor)
            if name != self.name:
                raise UsageError(
                    f"The cursor {cursor!r} belongs to a list in another order: give the same "
                    "--sort as for the page before, or leave --after out."
                )
            return self._typed(value), key
        except (ValueError, TypeError) as error:
            raise UsageError(f"{cursor!r} is no cursor: take `next` of the page before.") from error

    def _typed(self, value: Any) -> Any:
        """Return a cursor's value as the column has it. Raises ValueError and TypeError."""
        if value is None:
            return None
        kind = self.value.type
        if isinstance(kind, UtcTime):
            return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
        if isinstance(kind, sa.Integer):
            if type(value) is not int or not -_MOST <= value < _MOST:
                raise ValueError(value)
            return sa.literal(value, sa.BigInteger)
        if not isinstance(value, str) or UNSTORABLE.search(value):
            raise ValueError(value)
        return value


def sortable_fields(table: sa.Table) -> list[str]:
    """Return the fields a list of leads or companies can be sorted by, custom ones apart."""
    return [name for name in fields_of(table) if name not in LISTS]


def _comparable(column: Any) -> Any:
    """Return what every database orders alike: yes and no are numbers, letters have numbers."""
    if isinstance(column.type, sa.Boolean):
        return sa.cast(column, sa.Integer)
    return by_code_point(column) if isinstance(column.type, sa.String) else column
