"""The items of a JSON list of texts as rows, on every database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


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
