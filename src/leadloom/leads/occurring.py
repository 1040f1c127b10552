"""Which values a field has, and how often: what a list can be narrowed by."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.leads.conditions import LISTS, column_of
from leadloom.leads.query import Kind
from leadloom.leads.window import Wanted
from leadloom.storage.database import Tx
from leadloom.storage.json_items import json_items

_IDS = ("id", "company_id")


def values(
    tx: Tx, kind: Kind[Any], field: str, where: Sequence[str], limit: int
) -> dict[str | None, int]:
    """Return the most frequent values of a field and how many rows have each; None is no value.

    Of the rows that meet the conditions `where`. Raises UsageError for a field that there is not.
    """
    table = kind.table
    column = column_of(table, field)
    if field in _IDS:
        raise UsageError(f"Every {kind.noun} has another {field}: there is nothing to count.")
    conditions = Wanted(where).conditions(tx, table)
    number = sa.func.count().label("number")
    if field in LISTS:
        items = json_items(column)
        value = items.c.value
        query = sa.select(value, number).select_from(table).join(items, sa.true())
    else:
        value = column
        query = sa.select(value, number).select_from(table)
    query = query.where(*conditions).group_by(value).order_by(number.desc(), value).limit(limit)
    return {_text(row[0]): int(row[1]) for row in tx.conn.execute(query)}


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None or value == "" else str(value)
