"""What the columns of a SQLite file may hold: a damaged page gives values that they never held."""

import sqlite3
from collections.abc import Callable

import orjson
import sqlalchemy as sa

from leadloom.errors import DatabaseError
from leadloom.storage.packing import Packed, unpack
from leadloom.storage.tables import metadata
from leadloom.storage.types import UtcTime, Uuid16

Legible = Callable[[object], bool]

# Microseconds since 1970 of the years 1 and 10000: between them lies what Python calls a time.
_TIMES = range(-62_135_596_800_000_000, 253_402_300_800_000_000)

# By a word of the declared type (https://sqlite.org/datatype3.html): SQLite itself lets a text be
# where a number should.
_TYPES: dict[str, tuple[type, ...]] = {
    "INT": (int,),
    "BOOL": (int,),
    "CHAR": (str,),
    "TEXT": (str,),
    "BLOB": (bytes,),
    "FLOAT": (int, float),
    "NUMERIC": (int, float),
}


def legible(conn: sqlite3.Connection, table: str) -> dict[str, Legible]:
    """Return for each column of a table whether it can hold a value, and that can be read."""
    query = "SELECT name, type FROM pragma_table_xinfo(?)"
    ours = metadata.tables.get(table)
    types = {} if ours is None else {one.name: one.type for one in ours.columns}
    return {
        str(column): _legible(types.get(column), declared)
        for column, declared in conn.execute(query, (table,))
    }


def _legible(ours: sa.types.TypeEngine[object] | None, declared: str) -> Legible:
    if isinstance(ours, Packed):
        return _is_packed_json
    if isinstance(ours, UtcTime):
        return lambda value: value is None or (isinstance(value, int) and value in _TIMES)
    if isinstance(ours, Uuid16):
        return lambda value: value is None or (isinstance(value, bytes) and len(value) == 16)
    if declared == "JSON":
        return _is_json
    types = next((types for word, types in _TYPES.items() if word in declared), (object,))
    return lambda value: value is None or isinstance(value, types)


def _is_packed_json(value: object) -> bool:
    try:
        return _is_json(unpack(value) if isinstance(value, bytes) else value)
    except DatabaseError:
        return False


def _is_json(value: object) -> bool:
    try:
        orjson.loads(value) if isinstance(value, str) else None
    except orjson.JSONDecodeError:
        return False
    return not isinstance(value, bytes)
