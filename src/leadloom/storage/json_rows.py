"""Some rows as one JSON value: PostgreSQL takes them in one statement, one round trip.

A table of the connection's own takes four (make, fill, use, drop) and writes to the catalog; that
pays for thousands of rows. Measured for 50 rows of 45 columns: 7 ms by a table, 2 ms so.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from leadloom.storage.types import dump_json

MOST: Final = 1_000
"""Rows that go as one value."""


def fit(
    conn: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> bool:
    """Whether rows are few enough, and hold no bytes: JSON has no words for those."""
    return len(rows) <= MOST and not _has_bytes(conn.dialect, table, tuple(names))


@lru_cache(maxsize=256)
def _has_bytes(dialect: sa.Dialect, table: sa.Table, names: tuple[str, ...]) -> bool:
    return any(_type(dialect, table, name) == "BYTEA" for name in names)


def _type(dialect: sa.Dialect, table: sa.Table, name: str) -> str:
    column = table.c[name if name in table.c else "id"]
    return column.type.compile(dialect=dialect)


def update(
    conn: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Set `names` of the rows that `key` names."""
    statement = _update(conn.dialect, table, tuple(names))
    conn.exec_driver_sql(statement, (dump_json([dict(row) for row in rows]),))


def insert(
    conn: sa.Connection,
    table: sa.Table,
    names: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    otherwise: str = "",
) -> None:
    """Insert rows; `otherwise` ends the statement."""
    statement = _insert(conn.dialect, table, tuple(names), otherwise)
    conn.exec_driver_sql(statement, (dump_json([dict(row) for row in rows]),))


@lru_cache(maxsize=256)
def _update(dialect: sa.Dialect, table: sa.Table, names: tuple[str, ...]) -> str:
    quote = dialect.identifier_preparer.quote
    into = quote(table.name)
    sets = ", ".join(f"{quote(name)} = news.{quote(name)}" for name in names)
    shape = _shape(dialect, table, ("key", *names))
    return f"UPDATE {into} SET {sets} FROM {shape} WHERE {into}.id = news.key"  # noqa: S608 - our own names


@lru_cache(maxsize=256)
def _insert(dialect: sa.Dialect, table: sa.Table, names: tuple[str, ...], otherwise: str) -> str:
    quote = dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, names))
    shape = _shape(dialect, table, names)
    return f"INSERT INTO {quote(table.name)} ({columns}) SELECT {columns} FROM {shape} {otherwise}"  # noqa: S608 - our own names


def _shape(dialect: sa.Dialect, table: sa.Table, names: Sequence[str]) -> str:
    """Return the JSON of a statement's one parameter as rows with these columns."""
    quote = dialect.identifier_preparer.quote
    columns = ", ".join(f"{quote(name)} {_type(dialect, table, name)}" for name in names)
    return f"json_to_recordset(%s::json) AS news({columns})"
