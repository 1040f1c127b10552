"""The condition that a column is one of many values, which travel as one.

SQLAlchemy's own ways of saying it take longer to build than the database takes to answer (measured:
0.14 ms of a statement's 0.20), and a batch asks some twenty such questions.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

from leadloom.storage.types import dump_json


class Listed(sa.ColumnElement[bool]):
    """`column` is one of `values`, a single parameter: JSON on SQLite, an array on PostgreSQL."""

    __visit_name__ = "listed"
    _traverse_internals = [  # noqa: RUF012 - what SQLAlchemy looks for
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]
    type = sa.Boolean()

    def __init__(self, column: Any, values: sa.BindParameter[Any]) -> None:
        self.column = column
        self.values = values

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects

    def self_group(self, against: Any = None) -> Any:
        """Stay as it is: SQLAlchemy would ask whether it "= 1"."""
        return self


class _Json(sa.types.UserDefinedType[Sequence[Any]]):
    """A list written as JSON."""

    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        """Return what writes the list."""
        return dump_json


_JSON: Final = _Json()


def listed(
    dialect: str, kind: sa.types.TypeEngine[Any], key: str | None, **value: Any
) -> sa.BindParameter[Any]:
    """Return many values of a `kind` as one parameter: named, or with its `value`."""
    is_array = dialect == "postgresql"
    return sa.bindparam(key, type_=postgresql.ARRAY(kind) if is_array else _JSON, **value)


@compiles(Listed, "sqlite")
def _of_json(one: Listed, compiler: Any, **how: Any) -> str:
    column, values = compiler.process(one.column, **how), compiler.process(one.values, **how)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - our own column


@compiles(Listed, "postgresql")
def _of_array(one: Listed, compiler: Any, **how: Any) -> str:
    column, values = compiler.process(one.column, **how), compiler.process(one.values, **how)
    return f"{column} = ANY ({values})"
