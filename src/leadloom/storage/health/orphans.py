"""References to rows that are gone: the columns that hold them, and rows made up in their place."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.ids import new_uuid
from leadloom.storage.backups.canonical import kind_of
from leadloom.storage.database import Database
from leadloom.storage.tables import (
    companies,
    company_keys,
    lead_keys,
    leads,
    metadata,
    records,
    workspaces,
)

# Columns that name a row without the database seeing to it.
_NAMING: tuple[tuple[sa.Column[Any], sa.Table], ...] = (
    (records.c.lead_id, leads),
    (records.c.company_id, companies),
    (records.c.same_as_id, records),
    (leads.c.merged_into, leads),
    (leads.c.root_id, leads),
    (companies.c.merged_into, companies),
    (companies.c.root_id, companies),
    (lead_keys.c.lead_id, leads),
    (company_keys.c.company_id, companies),
)
# Their rows are folded anew from their facts, so one that is gone can come back.
_FOLDED = (leads, companies)
_SHORT = 32


@dataclass(frozen=True, slots=True)
class Reference:
    """A column, and the table whose rows it names."""

    column: sa.Column[Any]
    target: sa.Table

    def missing(self) -> sa.ColumnElement[bool]:
        """Return the condition that a row names one that is not there."""
        other = self.target.alias("other")
        is_there = sa.exists().where(other.c.id == self.column).correlate(self.column.table)
        return sa.and_(self.column.is_not(None), ~is_there)


def references() -> Iterator[Reference]:
    """Give every column that names rows, parents first."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            yield Reference(key.parent, key.column.table)
    for column, target in _NAMING:
        yield Reference(column, target)


def adopt(db: Database) -> dict[str, list[int]]:
    """Let every reference lead somewhere: to nothing where it may, else to a row made up for it.

    Returns the keys of the rows made up, by table. Without them, all that came from a lost run or
    belongs to a lost lead would have to go as well.
    """
    made_up: dict[str, list[int]] = {}
    with db.write() as conn:
        there = set(sa.inspect(conn).get_table_names())
        if lost := _adopt_workspaces(conn, there):
            made_up[workspaces.name] = lost
        for _ in metadata.sorted_tables:  # what is made up may itself name something lost
            found = False
            for one in references():
                if {one.column.table.name, one.target.name} <= there:
                    found |= _adopt(conn, one, made_up)
            if not found:
                break
    return made_up


def _adopt_workspaces(conn: sa.Connection, there: set[str]) -> list[int]:
    """Make up the workspaces that rows belong to and that are gone; return their keys."""
    known = set(conn.scalars(sa.select(workspaces.c.id)))
    used: set[int] = set()
    for table in metadata.sorted_tables:
        if "workspace_id" in table.c and table.name in there:
            used.update(conn.scalars(sa.select(table.c.workspace_id).distinct()))
    lost = sorted(used - known)
    pattern = _pattern(conn, workspaces)
    for key in lost:
        name = {"id": key, "uuid": new_uuid(), "name": f"recovered {key}"}
        conn.execute(workspaces.insert().values({**pattern, **name}))
    return lost


def _adopt(conn: sa.Connection, one: Reference, made_up: dict[str, list[int]]) -> bool:
    table = one.column.table
    if one.column.nullable and one.target not in _FOLDED:
        change = table.update().where(one.missing()).values({one.column.name: None})
        return conn.execute(change).rowcount > 0
    lost = sa.select(one.column, sa.func.min(table.c.workspace_id)).where(one.missing())
    rows = conn.execute(lost.group_by(one.column)).all()
    if rows:
        pattern = _pattern(conn, one.target)
        conn.execute(
            one.target.insert(),
            [{**pattern, **_new(one.target, key, owner)} for key, owner in rows],
        )
        made_up.setdefault(one.target.name, []).extend(key for key, _ in rows)
    return bool(rows)


def _new(table: sa.Table, key: int, workspace_id: int) -> dict[str, Any]:
    """Return what no two rows have in common."""
    row: dict[str, Any] = {"id": key, "workspace_id": workspace_id}
    if "uuid" in table.c:
        row["uuid"] = new_uuid()
    if "name" in table.c and not table.c.name.nullable:
        row["name"] = f"recovered {key}"
    return row


def _pattern(conn: sa.Connection, table: sa.Table) -> dict[str, Any]:
    """Return what a made-up row says: words of a fixed set as in another row, else nothing."""
    other = conn.execute(sa.select(table).limit(1)).first()
    known = dict(other._mapping) if other else {}
    now = dt.datetime.now(dt.UTC)
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable or column.primary_key:
            continue
        kind = kind_of(column.type)
        length = getattr(column.type, "length", None)
        is_word = kind == "text" and length is not None and length <= _SHORT
        plain = {"time": now, "json": {}, "flag": False, "text": "", "bytes": b""}.get(kind, 0)
        row[column.name] = known.get(column.name, plain) if is_word else plain
    return row
