"""Leads and companies by their position in a list: what a grid shows wherever it is scrolled to."""

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.leads.conditions import condition
from leadloom.leads.order import Order
from leadloom.leads.query import MOST, Kind, T, visible
from leadloom.leads.standing import recalled
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among

# Rows from an end of a sorted list from which on they cost about as much as the whole order.
DEEP: Final = 1_000
# In a list by key every so many rows one is remembered, from which the next are counted.
STEP: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: those that meet conditions, of all or of some ids, deleted or not; in an order.

    See `leads.query.list_page` for how `where` and `sort` are written.
    """

    where: Sequence[str] = ()
    sort: str | None = None
    is_deleted: bool = False
    ids: Collection[int] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is all there is, deleted or not."""
        return not self.where and self.ids is None

    def conditions(self, tx: Tx, table: sa.Table) -> list[sa.ColumnElement[bool]]:
        """Return what holds for the rows. Raises UsageError for what makes no sense."""
        mine = [table.c.workspace_id == tx.workspace_id, *visible(table, self.is_deleted)]
        if self.ids is not None:
            mine.append(among(tx.conn, table.c.id, self.ids))
        return [*mine, *(condition(table, one) for one in self.where)]


def count(tx: Tx, kind: Kind[Any], wanted: Wanted) -> int:
    """Return how many rows there are."""

    def ask() -> int:
        found = sa.select(sa.func.count()).select_from(kind.table)
        return tx.conn.scalar(found.where(*wanted.conditions(tx, kind.table))) or 0

    if not wanted.is_whole:
        return ask()
    known = recalled(tx, ("count", kind.noun, wanted.is_deleted), ask)
    return ask() if known is None else known


def keys(
    tx: Tx,
    kind: Kind[Any],
    wanted: Wanted,
    offset: int = 0,
    limit: int = MOST,
    total: int | None = None,
) -> list[int]:
    """Return the inner keys of rows from a position on, in their order.

    `total`, if it is known how many there are, makes those near the end as quick as the first.
    Who goes deep into a sorted list waits once: its order is remembered until something happens.
    """
    table = kind.table
    order = Order.of(table, wanted.sort)
    query = sa.select(table.c.id).where(*wanted.conditions(tx, table))
    near = offset if total is None else min(offset, total - offset - limit)
    if wanted.is_whole and near >= DEEP and order.is_by_key:
        name = ("marks", order.name, wanted.is_deleted)
        marks: dict[int, int] | None = recalled(tx, name, dict)
        if marks is not None:
            return _from_mark(tx, query, order, marks, offset, limit)
    if wanted.is_whole and order.is_of(table):
        known = recalled(
            tx,
            ("order", order.name, wanted.is_deleted),
            lambda: array("q", tx.conn.scalars(query.order_by(*order.by()))),
            is_worth_it=near >= DEEP,
        )
        if known is not None:
            return known[offset : offset + limit].tolist()
    if total is None or offset <= total // 2:
        return list(tx.conn.scalars(query.order_by(*order.by()).limit(limit).offset(offset)))
    size = min(limit, total - offset)
    if size < 1:
        return []
    query = query.order_by(*order.backwards()).limit(size).offset(total - offset - size)
    return list(tx.conn.scalars(query))[::-1]


def _from_mark(
    tx: Tx, query: sa.Select[Any], order: Order, marks: dict[int, int], offset: int, limit: int
) -> list[int]:
    """Return keys counted from the nearest row before them whose position is known."""

    def after(position: int) -> sa.Select[Any]:
        rows = query.order_by(*order.by())
        if position == 0:
            return rows
        first = marks[position]
        return rows.where(order.key <= first if order.is_descending else order.key >= first)

    step = offset // STEP * STEP
    if step and step not in marks:
        before = max((one for one in tuple(marks) if one < step), default=0)
        found = tx.conn.scalar(after(before).limit(1).offset(step - before))
        if found is None:
            return []
        marks[step] = found
    return list(tx.conn.scalars(after(step).limit(limit).offset(offset - step)))


def window(
    tx: Tx, kind: Kind[T], wanted: Wanted, offset: int, limit: int, total: int | None = None
) -> list[T]:
    """Return rows from a position on. Raises UsageError for a position before the first."""
    if offset < 0 or limit < 1:
        raise UsageError("A window begins at 0 or later and holds at least one row.")
    return rows(tx, kind, keys(tx, kind, wanted, offset, min(limit, MOST), total))


def rows(tx: Tx, kind: Kind[T], wanted: Sequence[int]) -> list[T]:
    """Return the rows with these inner keys, in their order; those that are gone are left out."""
    if not wanted:
        return []
    query = kind.select(tx).where(among(tx.conn, kind.table.c.id, wanted))
    found = {row.id: kind.make(row) for row in tx.conn.execute(query).all()}  # one by one is slow
    return [found[key] for key in wanted if key in found]
