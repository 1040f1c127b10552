"""Days of moments, the same on every database."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

_FIRST = dt.date(1970, 1, 1)
_DAY_S = 86_400


def day_number(conn: sa.Connection, column: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """Return the whole days (UTC) from 1970 to a moment."""
    return sa.cast(sa.func.floor(seconds(conn, column) / _DAY_S), sa.BigInteger)


def seconds(conn: sa.Connection, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the seconds from 1970 to a moment, with their fraction."""
    if conn.dialect.name == "postgresql":
        return sa.extract("epoch", sa.type_coerce(column, sa.DateTime(timezone=True)))
    return sa.type_coerce(column, sa.BigInteger) / sa.literal(1e6)


def day_of(number: int) -> dt.date:
    """Return the day of a number of `day_number`."""
    return _FIRST + dt.timedelta(days=number)
