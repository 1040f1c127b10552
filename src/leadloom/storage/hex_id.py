"""An id as its hexadecimal digits, so that its end can be looked for on every database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class hex_id(GenericFunction[str]):  # noqa: N801 - functions of SQL are written small
    """The 32 digits of a `Uuid16` column, letters in capitals, without hyphens."""

    type = sa.Text()
    inherit_cache = True


@compiles(hex_id)
def _stored_as_bytes(element: hex_id, compiler: Any, **options: Any) -> str:
    return f"hex({compiler.process(element.clauses, **options)})"


@compiles(hex_id, "postgresql")
def _stored_as_uuid(element: hex_id, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"upper(replace(CAST({column} AS text), '-', ''))"
