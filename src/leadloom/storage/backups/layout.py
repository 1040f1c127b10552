"""Which tables and columns a database holds, at whatever revision, and in what order they fill."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.storage import extensions
from leadloom.storage.backups.canonical import kind_of
from leadloom.storage.backups.progress import PROGRESS, revision
from leadloom.storage.packing import Packed
from leadloom.storage.tables import metadata
from leadloom.storage.types import UtcTime, Uuid16
from leadloom.storage.upgrades.revisions import revisions

# Not rows of anybody's: they say how the rest stands.
_BOOKKEEPING = frozenset({"alembic_version", PROGRESS})


@dataclass(frozen=True, slots=True)
class Layout:
    """A table to read or fill: its columns by name, and the tables its rows point to."""

    table: sa.Table
    kinds: tuple[str, ...]
    parents: frozenset[str]

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.table.name)

    @property
    def columns(self) -> list[str]:
        """The columns' names, in the order of the kinds."""
        return [str(column.name) for column in self.table.columns]

    @property
    def has_counter(self) -> bool:
        """Whether the database itself numbers the rows."""
        key = self.table.c.get("id")
        return key is not None and self.kinds[self.columns.index("id")] == "integer"


def layouts(conn: sa.Connection) -> list[Layout]:
    """Return the tables of a database, those that others point to first."""
    inspector = sa.inspect(conn)
    there = set(inspector.get_table_names()) - _BOOKKEEPING - extensions.tables(conn)
    if revision(conn) == revisions()[-1] and _is_as_meant(inspector, there):
        return [_layout(one, one.columns) for one in metadata.sorted_tables]
    found = sa.MetaData()
    found.reflect(conn, only=sorted(there - _parts(conn)))
    return [_layout(one, _merged(one, conn.dialect)) for one in found.sorted_tables]


def rest(names: Iterable[str], among: Sequence[Layout]) -> list[str]:
    """Return `names` and every table that points to one of them, directly or through others."""
    reached = set(names)
    for one in among:  # parents come first, so once is enough
        if one.parents & reached:
            reached.add(one.name)
    return [one.name for one in among if one.name in reached]


def _is_as_meant(inspector: sa.Inspector, there: set[str]) -> bool:
    """Whether the database has just the tables and columns that this version's models say."""
    if not set(metadata.tables) <= there:
        return False
    columns = inspector.get_multi_columns(filter_names=list(metadata.tables))
    return all(
        {column["name"] for column in found} == set(metadata.tables[name].columns.keys())
        for (_, name), found in columns.items()
    )


def _layout(table: sa.Table, columns: Iterable[sa.Column[Any]]) -> Layout:
    kept = sorted((one for one in columns if one.computed is None), key=lambda one: one.name)
    plain = sa.Table(
        table.name,
        sa.MetaData(),
        *(sa.Column(one.name, _plain(one.type), primary_key=one.primary_key) for one in kept),
    )
    parents = {key.column.table.name for key in table.foreign_keys} - {table.name}
    return Layout(plain, tuple(kind_of(one.type) for one in plain.columns), frozenset(parents))


def _plain(column_type: Any) -> Any:
    """Return the type whose values are the same on every database; others travel as stored."""
    if isinstance(column_type, UtcTime | Uuid16 | Packed):
        return column_type
    if isinstance(column_type, sa.types.TypeDecorator):
        return column_type.impl_instance
    return column_type


def _merged(table: sa.Table, dialect: sa.Dialect) -> list[sa.Column[Any]]:
    """Return the columns as they are, with the meaning that this version's models give them."""
    known = metadata.tables.get(table.name)
    found = []
    for column in table.columns:
        meant = known.columns.get(column.name) if known is not None else None
        if column.computed is not None:
            continue
        is_same = meant is not None and _stored_kind(meant.type, dialect) == kind_of(column.type)
        chosen = meant.type if meant is not None and is_same else column.type
        found.append(sa.Column(column.name, chosen, primary_key=column.primary_key))
    return found


def _stored_kind(column_type: Any, dialect: sa.Dialect) -> str:
    """Return the kind that the database itself would name for a type."""
    stored = column_type.dialect_impl(dialect)
    if isinstance(stored, Packed):
        return "text" if dialect.name == "sqlite" else "bytes"
    return kind_of(stored.impl_instance if isinstance(stored, sa.types.TypeDecorator) else stored)


def _parts(conn: sa.Connection) -> set[str]:
    """Return tables that only serve another one: partitions, and the inside of search indexes."""
    queries = {
        "sqlite": "SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')",
        "postgresql": "SELECT relname FROM pg_class WHERE relispartition",
    }
    query = queries.get(conn.dialect.name)
    return set(conn.scalars(sa.text(query))) if query else set()
