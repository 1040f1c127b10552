"""Moments and how long things took, as a database itself shows them in a view."""

from typing import Any

import sqlalchemy as sa


def shown_time(column: Any, dialect: str) -> sa.ColumnElement[Any]:
    """A moment as the database itself shows one, in UTC."""
    if dialect == "postgresql":
        return sa.type_coerce(column, sa.DateTime(timezone=True))
    micros = sa.type_coerce(column, sa.BigInteger)
    if dialect == "sqlite":
        return sa.func.strftime("%Y-%m-%d %H:%M:%f", micros / sa.literal(1e6), "unixepoch")
    return sa.func.timestampadd(
        sa.literal_column("MICROSECOND"),
        micros,
        sa.literal_column("TIMESTAMP'1970-01-01 00:00:00'"),
    )


def shown_day(column: Any, dialect: str) -> sa.ColumnElement[Any]:
    """The day of a moment, in UTC."""
    if dialect == "postgresql":
        return sa.cast(sa.func.timezone("UTC", shown_time(column, dialect)), sa.Date)
    return sa.func.date(shown_time(column, dialect))


def seconds_between(start: Any, end: Any, dialect: str) -> sa.ColumnElement[Any]:
    """How long it took, in seconds."""
    if dialect == "postgresql":
        return sa.extract("epoch", end - start)
    return (sa.type_coerce(end, sa.BigInteger) - sa.type_coerce(start, sa.BigInteger)) / sa.literal(
        1e6
    )
