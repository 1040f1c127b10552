"""Column types that mean the same on every database."""

import datetime as dt
import uuid
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.mysql import BINARY
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware UTC datetime: `timestamptz` on PostgreSQL, microseconds since 1970 elsewhere.

    Eight bytes instead of SQLite's 26 of text, and comparing is comparing integers; MariaDB's
    DATETIME(6) is as large, knows no time zone, and is slower to read.
    """

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        return dialect.type_descriptor(sa.BigInteger())

    def bind_processor(self, dialect: Dialect) -> Any:
        return None if dialect.name == "postgresql" else _microseconds

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC)
        return _EPOCH + dt.timedelta(microseconds=value)


@lru_cache(maxsize=64)
def _microseconds(value: dt.datetime | None) -> int | None:
    """Microseconds since 1970. Remembered: all rows of a batch have the same few times."""
    return None if value is None else (value - _EPOCH) // _MICROSECOND


class Uuid16(TypeDecorator[uuid.UUID]):
    """A UUID: native on PostgreSQL, 16 bytes elsewhere; 16 bytes keep UUIDv7's order."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.Uuid())
        if dialect.name == "mysql":
            return dialect.type_descriptor(BINARY(16))
        return dialect.type_descriptor(sa.LargeBinary(16))

    def bind_processor(self, dialect: Dialect) -> Any:
        return None if dialect.name == "postgresql" else _sixteen_bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        if value is None or isinstance(value, uuid.UUID):
            return value
        return uuid.UUID(bytes=bytes(value))


def _sixteen_bytes(value: uuid.UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def dump_json(value: Any) -> str:
    """Return compact JSON text; keys keep their order."""
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def load_json(text: str | bytes | float | bool) -> Any:
    """Read JSON text; SQLite hands bare numbers and booleans over as such already."""
    return orjson.loads(text) if isinstance(text, str | bytes) else text


# What has no fixed shape and is searched inside: JSONB where there is one.
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

# Integer keys inside. SQLite makes a rowid alias only of INTEGER.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
