"""How long events are remembered, on every database."""

import datetime as dt

import sqlalchemy as sa

from leadloom.events import retention
from leadloom.ids import new_uuid
from leadloom.storage import partitions
from leadloom.storage.database import Database
from leadloom.storage.tables import events, workspaces
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session
from leadloom.workspace.upkeep import maintain

NOW = dt.datetime.now(dt.UTC)


def ago(months: int, day: int = 15) -> dt.datetime:
    """A day of the month so many months before this one."""
    year, month = divmod(NOW.year * 12 + NOW.month - 1 - months, 12)
    return dt.datetime(year, month + 1, day, tzinfo=dt.UTC)


def put(db: Database, *times: dt.datetime, type: str = "lead.created", home: int = 1) -> None:
    row = {"workspace_id": home, "type": type, "entity": type.partition(".")[0], "entity_id": 7}
    with db.write() as conn:
        for month in sorted({partitions.month_of(time) for time in times}):
            start = dt.datetime.combine(month, dt.time(), dt.UTC)
            partitions.make_ahead(conn, 0, now=start)
        conn.execute(events.insert(), [{**row, "occurred_at": time} for time in times])


def times(db: Database) -> list[dt.datetime]:
    with db.read() as conn:
        return list(conn.scalars(sa.select(events.c.occurred_at).order_by(events.c.id)))


def test_events_are_kept_for_ever_unless_it_is_said_otherwise(db: Database) -> None:
    put(db, ago(200), ago(0))
    steps = {one.name: one.message for one in maintain(db)}
    assert steps["events"] == "none is too old"
    assert len(times(db)) == 2


def test_months_that_no_longer_count_are_forgotten_whole(db: Database, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(retention, "_BATCH", 2)
    old = [ago(9), ago(7, 1), ago(3, 28), ago(3, 1), ago(5)]
    kept = [ago(2, 1), ago(2, 28), ago(0, 1)]
    put(db, *old, *kept)
    with Workspace(session=Session(db)) as ws:
        ws.config.set("keep_events_months", "2")
        steps = {one.name: one.message for one in maintain(db)}
        assert steps["events"].startswith("5 forgotten")
        assert times(db)[: len(kept)] == kept
        assert retention.forget_old(db, {1: 2}) == 0


def test_the_newest_of_a_workspace_and_what_an_undo_needs_stay(db: Database) -> None:
    put(db, ago(9), type="message.redrafted")
    put(db, ago(8), ago(7))
    assert retention.forget_old(db, {1: 1}) == 1
    assert times(db) == [ago(9), ago(7)]


def test_each_workspace_says_for_itself(db: Database) -> None:
    with db.write() as conn:
        key = conn.execute(
            workspaces.insert().values(
                uuid=new_uuid(), name="other", created_at=NOW, updated_at=NOW
            )
        ).inserted_primary_key
        assert key is not None
    other: int = key[0]
    put(db, ago(9), ago(0))
    put(db, ago(9), ago(0), home=other)
    assert retention.forget_old(db, {1: 0, other: 1}) == 1
    with db.read() as conn:
        left = conn.execute(sa.select(events.c.workspace_id).where(events.c.occurred_at < ago(1)))
        assert left.scalars().all() == [1]
    with db.write() as conn:
        conn.execute(events.delete().where(events.c.workspace_id == other))
        conn.execute(workspaces.delete().where(workspaces.c.id == other))


def test_a_month_that_is_empty_is_dropped_on_postgresql(db: Database) -> None:
    put(db, ago(9), ago(0))
    retention.forget_old(db, {1: 3})
    with db.read() as conn:
        months = {name for name in sa.inspect(conn).get_table_names() if name.startswith("events_")}
    gone = partitions.name_of("events", partitions.month_of(ago(9)))
    assert gone not in months
    put(db, ago(0))  # whatever was dropped, the next is taken
    assert len(times(db)) == 2


def test_the_search_index_is_not_made_anew_for_it(db: Database) -> None:
    ws = Workspace(session=Session(db))
    ws.leads.add({"full_name": "Ada Lind"})
    with db.write() as conn:
        conn.execute(events.update().values(occurred_at=ago(9)))
    assert len(ws.leads.find("ada").items) == 1
    retention.forget_old(db, {1: 1})
    assert len(times(db)) == 1
    assert len(ws.leads.find("ada").items) == 1
