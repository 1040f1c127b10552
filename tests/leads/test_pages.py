"""Law of pages: whatever the order, pages of any length put together are the whole list."""

import datetime as dt
import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from emptied import empty
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloom.ids import new_uuid
from leadloom.leads.order import sortable_fields
from leadloom.storage.database import Database
from leadloom.storage.tables import companies, leads, sources
from leadloom.storage.types import UtcTime
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

_GIVEN = ("id", "uuid", "workspace_id", "winners", "custom", "root_id")
_NULL = {"merged_into", "deleted_at", "deleted_by"}
_SOURCES = ("fair.csv", "Fair.csv", "list.csv")
# Few values, so that there are ties; in any order, so that keys tell nothing about them.
_TEXTS = st.sampled_from(["", "a", "A", "b", "ä", "a b", "€", "_", "%", "\\", '"', "10", "9"])
_NUMBERS = st.sampled_from([-1, 0, 7, 40, 2_000])
_TIMES = st.integers(0, 3).map(lambda n: dt.datetime(2026, 1, 1, microsecond=n, tzinfo=dt.UTC))


def values_of(column: sa.Column[Any]) -> st.SearchStrategy[Any]:
    if isinstance(column.type, sa.Boolean):
        values: st.SearchStrategy[Any] = st.booleans()
    elif isinstance(column.type, UtcTime):
        values = _TIMES
    elif isinstance(column.type, sa.Integer):
        values = _NUMBERS
    else:
        values = _TEXTS.map(lambda text: text[: getattr(column.type, "length", None)])
    return st.none() | values if column.nullable else values


def rows_of(table: sa.Table) -> st.SearchStrategy[list[dict[str, Any]]]:
    fields = {
        column.name: values_of(column)
        for column in table.c
        if not column.foreign_keys
        and column.name not in _GIVEN
        and column.name not in _NULL
        and not isinstance(column.type, sa.JSON)
    }
    custom = st.none() | st.dictionaries(st.just("Booth Hall"), _TEXTS)
    origin = {"source": st.none() | st.sampled_from(_SOURCES)} if table is leads else {}
    return st.lists(st.fixed_dictionaries({**fields, **origin, "custom": custom}), max_size=12)


def put(db: Database, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    with Session(db).write() as tx:
        keys = {}
        for name in _SOURCES:
            values = {"name": name, "kind": "file", "trust": 0.5, "uuid": new_uuid()}
            inserted = sources.insert().values(workspace_id=tx.workspace_id, **values, **tx.stamp())
            keys[name] = tx.conn.execute(inserted).inserted_primary_key[0]
        for row in rows:
            said = dict(row)
            if table is leads:
                said["source_id"] = keys.get(said.pop("source"))
            else:
                said["winners"] = "{}"
            own = {"uuid": new_uuid(), "workspace_id": tx.workspace_id}
            tx.conn.execute(table.insert().values({**own, **said}))


def listed(ws: Workspace, table: sa.Table, sort: str, limit: int) -> list[Any]:
    find = ws.leads.find if table is leads else ws.companies.find
    seen: list[Any] = []
    after = None
    for _ in itertools.repeat(None, 50):
        page = find(sort=sort, limit=limit, after=after)
        seen += [one.id for one in page.items]
        if (after := page.next) is None:
            return seen
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("table", [leads, companies], ids=str)
@settings(max_examples=6)
@given(data=st.data(), limit=st.integers(1, 6))
def test_pages_put_together_are_the_whole_list(
    db: Database, table: sa.Table, data: st.DataObject, limit: int
) -> None:
    empty(db)
    rows = data.draw(rows_of(table))
    put(db, table, rows)
    ws = Workspace(session=Session(db))
    for field in [*sortable_fields(table), "custom.Booth Hall"]:
        rising, falling = listed(ws, table, field, 100), listed(ws, table, f"-{field}", 100)
        assert len(set(rising)) == len(rising) == len(rows), field
        assert set(falling) == set(rising), field
        assert listed(ws, table, field, limit) == rising, field
        assert listed(ws, table, f"-{field}", limit) == falling, field
