"""What a row says, the same on every database: its line of JSON, and the sum over many rows."""

import base64
import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
import sqlalchemy as sa

from leadloom.storage.packing import Packed
from leadloom.storage.types import UtcTime, Uuid16

Convert = Callable[[Any], Any]

_BITS = 128
_MASK = (1 << _BITS) - 1
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SAFE = 2.0**63

# Most telling first: a type is of the first kind it belongs to.
_KINDS: tuple[tuple[type[Any], str], ...] = (
    (UtcTime, "time"),
    (Uuid16, "uuid"),
    (Packed, "text"),
    (sa.Uuid, "uuid"),
    (sa.JSON, "json"),
    (sa.Boolean, "flag"),
    (sa.LargeBinary, "bytes"),
    (sa.types._Binary, "bytes"),
    (sa.DateTime, "time"),
    (sa.Float, "number"),
    (sa.Numeric, "decimal"),
    (sa.Integer, "integer"),
    (sa.String, "text"),
)


def kind_of(column_type: Any) -> str:
    """Return what a column's values are: time, uuid, json, flag, bytes, number, …

    Raises TypeError for a type that no row of the product has.
    """
    for known, kind in _KINDS:
        if isinstance(column_type, known):
            return kind
    if isinstance(column_type, sa.types.TypeDecorator):
        return kind_of(column_type.impl_instance)
    raise TypeError(f"{column_type!r} has no canonical form")


@dataclass(slots=True)
class Digest:
    """How many rows were seen, and a sum of their hashes: the same in whatever order they come."""

    rows: int = 0
    total: int = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Take in rows, each as its canonical line."""
        seen = [
            int.from_bytes(hashlib.blake2b(line, digest_size=_BITS // 8).digest(), "big")
            for line in lines
        ]
        self.rows += len(seen)
        self.total = (self.total + sum(seen)) & _MASK

    @property
    def hash(self) -> str:
        """The sum as 32 hexadecimal digits."""
        return f"{self.total:032x}"

    @classmethod
    def at(cls, rows: int, total: str) -> "Digest":
        """Return the digest that had come to `rows` and `total`."""
        return cls(rows, int(total, 16))


def canonical_lines(rows: Iterable[Sequence[Any]], kinds: Sequence[str]) -> list[bytes]:
    """Return each row as JSON that says the same for the same values, whatever held them."""
    convert = [_CANONICAL.get(kind) for kind in kinds]
    return [_dump(row, convert, orjson.OPT_SORT_KEYS) for row in rows]


def stored_lines(rows: Iterable[Sequence[Any]], kinds: Sequence[str]) -> list[bytes]:
    """Return each row as JSON from which it can be read again, the order of keys included."""
    convert = [_STORED.get(kind) for kind in kinds]
    return [_dump(row, convert, 0) for row in rows]


def read_lines(lines: Iterable[bytes], kinds: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows that `stored_lines` wrote. Raises ValueError for a line that is no row."""
    convert = [(place, _READ[kind]) for place, kind in enumerate(kinds) if kind in _READ]
    return [_read(line, convert, len(kinds)) for line in lines]


def converters(source: Sequence[str], target: Sequence[str]) -> list[Convert | None]:
    """Return what makes values of one kind into values of another, column by column.

    Kinds differ only where an old schema was read whose types this version no longer knows.
    """
    return [
        None if one == other else _BETWEEN.get((one, other))
        for one, other in zip(source, target, strict=True)
    ]


def converted(
    rows: Sequence[Sequence[Any]], convert: Sequence[Convert | None]
) -> Sequence[Sequence[Any]]:
    """Apply `converters` to rows; the same rows when there is nothing to convert."""
    active = [(place, one) for place, one in enumerate(convert) if one]
    return [_apply(row, active) for row in rows] if active else rows


def _apply(row: Sequence[Any], active: Iterable[tuple[int, Convert]]) -> list[Any]:
    changed = list(row)
    for place, convert in active:
        if changed[place] is not None:
            changed[place] = convert(changed[place])
    return changed


def _dump(row: Sequence[Any], convert: Sequence[Convert | None], option: int) -> bytes:
    plain = [
        value if one is None or value is None else one(value)
        for value, one in zip(row, convert, strict=True)
    ]
    return orjson.dumps(plain, default=str, option=option | orjson.OPT_NON_STR_KEYS)


def _read(line: bytes, convert: Iterable[tuple[int, Convert]], width: int) -> tuple[Any, ...]:
    values = orjson.loads(line)
    if not isinstance(values, list) or len(values) != width:
        raise ValueError("a line is not a row of its table")
    for place, one in convert:
        if values[place] is not None:
            values[place] = one(values[place])
    return tuple(values)


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _plain_number(value: Any) -> Any:
    """Return JSON in which a number has one form: a database may give 1.0 back as 1."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _SAFE else value
    if isinstance(value, dict):
        return {key: _plain_number(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain_number(one) for one in value]
    return value


def _to_microseconds(value: dt.datetime) -> int:
    return (value - _EPOCH) // dt.timedelta(microseconds=1)


def _from_microseconds(value: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=value)


_STORED: dict[str, Convert] = {
    "time": lambda value: value.astimezone(dt.UTC),
    "flag": bool,
    "number": float,
    "decimal": lambda value: f"{value:f}",
    "bytes": _encode,
}
_CANONICAL: dict[str, Convert] = {**_STORED, "json": _plain_number}
_READ: dict[str, Convert] = {
    "time": dt.datetime.fromisoformat,
    "uuid": uuid.UUID,
    "decimal": Decimal,
    "bytes": base64.b64decode,
}
_BETWEEN: dict[tuple[str, str], Convert] = {
    ("integer", "time"): _from_microseconds,
    ("time", "integer"): _to_microseconds,
    ("integer", "flag"): bool,
    ("flag", "integer"): int,
    ("bytes", "uuid"): lambda value: uuid.UUID(bytes=bytes(value)),
    ("uuid", "bytes"): lambda value: value.bytes,
    ("text", "json"): orjson.loads,
    ("json", "text"): lambda value: orjson.dumps(value).decode(),
    ("integer", "number"): float,
    ("decimal", "number"): float,
}
