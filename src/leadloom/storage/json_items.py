"""What a JSON column holds: the items of a list as rows, and what an index can find inside."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement, GenericFunction

from leadloom.storage.types import dump_json


class _Items(GenericFunction[Any]):
    """The rows of a list; made into a table by `json_items`."""

    name = "leadloom_items"
    inherit_cache = True


@compiles(_Items, "sqlite")
def _sqlite(element: _Items, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Items, "postgresql")
def _postgresql(element: _Items, compiler: Any, **options: Any) -> str:
    return f"jsonb_array_elements_text({compiler.process(element.clauses, **options)})"


@compiles(_Items, "mysql")
def _mysql(element: _Items, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"JSON_TABLE({column}, '$[*]' COLUMNS (value LONGTEXT CHARACTER SET utf8mb4 PATH '$'))"


def json_items(column: sa.ColumnElement[Any]) -> sa.TableValuedAlias:
    """Return a table whose column `value` holds the texts of a JSON list; none when it is NULL."""
    return _Items(column).table_valued(sa.column("value", sa.Text))


def lowered_json(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return all of a JSON column in lower case, names too, as PostgreSQL's indexes hold it."""
    return sa.cast(sa.func.lower(sa.cast(column, sa.Text)), JSONB)


def narrowed(
    condition: sa.ColumnElement[bool], column: sa.ColumnElement[Any], values: Sequence[Any]
) -> sa.ColumnElement[bool]:
    """Return a condition with what lets an index narrow it down, where there is one.

    `values`: what the JSON column holds one of wherever the condition is true, in lower case.
    """
    # As a CASE the condition itself looks likely to the planner, which multiplies the two: else it
    # takes a value that many rows have for a rare one.
    is_so = sa.case((condition, sa.true()), else_=sa.false())
    return sa.and_(_MayHold(column, *(sa.literal(dump_json(one)) for one in values)), is_so)


class _MayHold(FunctionElement[bool]):
    """Whether a JSON column may hold one of several values; true of every row without an index."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(_MayHold)
def _every_row(element: _MayHold, compiler: Any, **options: Any) -> str:
    return "1 = 1"


@compiles(_MayHold, "postgresql")
def _inside(element: _MayHold, compiler: Any, **options: Any) -> str:
    column, *values = element.clauses
    inside = compiler.process(lowered_json(column), **options)
    held = (f"{inside} @> CAST({compiler.process(one, **options)} AS JSONB)" for one in values)
    return f"({' OR '.join(held)})"
