"""Letters, the same on every database: which comes first, and which is the small form of which."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement, GenericFunction

from leadloom.storage import mariadb

_LOWERS = "leadloom_lowers"
# By preference; the first is PostgreSQL's own from 17 on, the second is missing in some builds.
_COLLATIONS = ("pg_c_utf8", "und-x-icu")


class by_code_point(FunctionElement[str]):  # noqa: N801 - it is called like `sa.func`'s
    """Text ordered by the numbers of its letters, whatever the database's language."""

    type = sa.Text()
    inherit_cache = True


@compiles(by_code_point)
def _as_it_is(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(by_code_point, "postgresql")
def _in_c(element: Any, compiler: Any, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)}) COLLATE "C"'


@compiles(by_code_point, mariadb.NAME)
def _in_binary(element: Any, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    (inner,) = element.clauses
    if isinstance(inner, sa.Column):
        return str(text)  # our columns are so already
    return f"({text}) COLLATE {mariadb.collation(compiler.dialect.is_mariadb)}"


class _Lower(GenericFunction[str]):
    """`lower()`, with the same letters on every database."""

    type = sa.Text()
    name = "lower"
    inherit_cache = True


@compiles(_Lower, "postgresql")
def _lower_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    """In a database whose language is C it knows ASCII only."""
    text = compiler.process(element.clauses, **options)
    collation = getattr(compiler.dialect, _LOWERS, None)
    return f'lower(({text}) COLLATE "{collation}")' if collation else f"lower({text})"


@compiles(_Lower, mariadb.NAME)
def _lower_mariadb(element: Any, compiler: Any, **options: Any) -> str:
    """Its binary collations know the letters of Unicode 3 only; the newest one knows them all."""
    is_mariadb = compiler.dialect.is_mariadb
    letters = "utf8mb4_uca1400_as_cs" if is_mariadb else "utf8mb4_0900_as_cs"
    text = compiler.process(element.clauses, **options)
    return f"LOWER(({text}) COLLATE {letters}) COLLATE {mariadb.collation(is_mariadb)}"


def look_up(dialect: Any, connection: Any) -> None:
    """Find out, by psycopg's connection, which letters `lower` of this PostgreSQL can know."""
    query = "SELECT collname FROM pg_collation WHERE collname = ANY(%s)"
    with connection.cursor() as cursor:
        found = {row[0] for row in cursor.execute(query, [list(_COLLATIONS)])}
    connection.commit()
    setattr(dialect, _LOWERS, next((name for name in _COLLATIONS if name in found), None))
