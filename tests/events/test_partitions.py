"""Months: events are cut into them on PostgreSQL, and kept whole elsewhere, without loss."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from leadloom.events.event import record
from leadloom.storage import partitions, schema
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import email_participants, emails, events

pytestmark = pytest.mark.usefixtures("real_starts")

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def at(year: int, month: int, day: int = 15) -> dt.datetime:
    return dt.datetime(year, month, day, tzinfo=dt.UTC)


@pytest.fixture
def cut(db: Database) -> Iterator[Database]:
    """A database whose events are cut into months."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL cuts tables into months")
    yield db
    schema.downgrade(db, schema.BASE, allow_data_loss=True)


def happen(db: Database, *times: dt.datetime) -> None:
    with db.write() as conn:
        for time in times:
            record(Tx(conn, time, 1, 1), "lead.created", 7)


def put(db: Database, *times: dt.datetime) -> None:
    """Write events as they are copied in: nobody looks for their month's partition."""
    with db.write() as conn:
        row = {"workspace_id": 1, "type": "lead.created", "entity": "lead", "entity_id": 7}
        conn.execute(events.insert(), [{**row, "occurred_at": time} for time in times])


def places(db: Database, table: str = "events") -> list[str]:
    with db.read() as conn:
        query = f"SELECT tableoid::regclass::text FROM {table} ORDER BY id"
        return list(conn.scalars(sa.text(query)))


def times(db: Database) -> list[dt.datetime]:
    with db.read() as conn:
        return list(conn.scalars(sa.select(events.c.occurred_at).order_by(events.c.id)))


def test_a_new_database_has_this_month_and_the_next_three(cut: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    happen(cut, now)
    assert places(cut) == [f"events_{now:%Y_%m}"]
    with cut.write() as conn:
        assert partitions.is_ahead(conn, 3)
        assert partitions.make_ahead(conn, 3) == []
        made = partitions.make_ahead(conn, 4)
    assert len(made) == 3
    assert {name.rsplit("_", 2)[0] for name in made} == {"events", "emails", "email_participants"}


def test_a_month_nobody_made_goes_into_the_default_one_and_moves_out_of_it(cut: Database) -> None:
    put(cut, at(2031, 2), at(2031, 2, 28), at(2031, 3, 1))
    before = times(cut)
    assert places(cut) == ["events_default"] * 3
    with cut.write() as conn:
        partitions.make_ahead(conn, 0, now=at(2031, 2))
    assert places(cut) == ["events_2031_02", "events_2031_02", "events_default"]
    assert times(cut) == before
    put(cut, at(2031, 2, 2), at(2031, 4))
    assert places(cut)[3:] == ["events_2031_02", "events_default"]


def test_the_first_write_of_a_month_makes_its_partition(cut: Database) -> None:
    partitions._ready.clear()
    happen(cut, at(2033, 1), at(2033, 1, 16))
    assert set(places(cut)) == {"events_2033_01"}


def test_a_table_that_is_locked_is_left_for_the_next_time(cut: Database) -> None:
    locked, done = threading.Event(), threading.Event()

    def lock() -> None:
        with cut.engine.connect() as conn:
            conn.execute(sa.text("LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE"))
            locked.set()
            done.wait(20)

    holder = threading.Thread(target=lock)
    holder.start()
    locked.wait(20)
    try:
        happen(cut, at(2035, 6))  # no wait beyond a moment, and no failure
    finally:
        done.set()
        holder.join()
    assert places(cut) == ["events_default"]
    with cut.write() as conn:
        assert "events_2035_06" in partitions.make_ahead(conn, 0, now=at(2035, 6))
    assert places(cut) == ["events_2035_06"]


def test_partitions_that_others_made_are_left_alone(cut: Database) -> None:
    with cut.write() as conn:
        bounds = "FROM ('2037-01-01 00:00:00+00') TO ('2037-04-01 00:00:00+00')"
        conn.execute(sa.text(f"CREATE TABLE events_q1 PARTITION OF events FOR VALUES {bounds}"))
        made = partitions.make_ahead(conn, 0, now=at(2037, 2))
    assert set(made) == {"emails_2037_02", "email_participants_2037_02"}
    happen(cut, at(2037, 2))
    assert places(cut) == ["events_q1"]


def test_mail_is_cut_by_when_it_was_sent(cut: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    with cut.write() as conn:
        put_mail(conn, now)
    assert places(cut, "emails") == [f"emails_{now:%Y_%m}"]
    assert places(cut, "email_participants") == [f"email_participants_{now:%Y_%m}"]


def put_mail(conn: sa.Connection, sent_at: dt.datetime) -> None:
    audit = {"created_at": NOW, "updated_at": NOW}
    flags = dict.fromkeys(("is_unread", "is_important", "is_starred", "is_draft", "is_sent"), False)
    row = {"workspace_id": 1, "message_id": f"<{sent_at}>", "sent_at": sent_at, **audit}
    key = sa.func.coalesce(sa.select(sa.func.max(emails.c.id)).scalar_subquery(), 0)
    conn.execute(emails.insert().values(uuid=schema.new_uuid(), attachment_count=0, **flags, **row))
    last = conn.scalar(sa.select(key))
    person = {"email_id": last, "kind": "from", "email": "ada@initech.example.com"}
    conn.execute(
        email_participants.insert().values(workspace_id=1, sent_at=sent_at, **person, **audit)
    )


def test_only_months_that_are_over_and_empty_are_dropped(cut: Database) -> None:
    put(cut, at(2024, 3, 20))
    with cut.write() as conn:
        for month in (1, 2, 3, 4):
            partitions.make_ahead(conn, 0, now=at(2024, month))
        gone = partitions.drop_empty(conn, "events", at(2024, 4, 19))
    assert gone == ["events_2024_01", "events_2024_02"]
    put(cut, at(2024, 1))  # late, and still taken
    assert places(cut) == ["events_2024_03", "events_default"]


def test_up_and_down_keep_every_event_and_every_number(db: Database) -> None:
    schema.downgrade(db, schema.BASE, allow_data_loss=True)
    schema.upgrade(db, "0002")
    given = [at(2024, 12, 31), at(2025, 1, 1), at(2026, 11), at(2026, 11, 16), NOW]
    with db.write() as conn:
        rows = [
            {
                "workspace_id": 1,
                "occurred_at": time,
                "type": "lead.updated",
                "entity": "lead",
                "entity_id": number,
                "run_id": 3,
                "actor_id": 1,
                "data": {"changed": {"title": [None, "CTO"]}},
            }
            for number, time in enumerate(given)
        ]
        conn.execute(events.insert(), rows)
        conn.execute(events.delete().where(events.c.entity_id == len(given) - 1))
    plain = stored(db)
    schema.upgrade(db)
    assert [row[:5] for row in stored(db)] == [row[:5] for row in plain]
    happen(db, NOW)
    assert stored(db)[-1][0] == len(given) + 1  # a number once given is never given again
    schema.downgrade(db, "0002", allow_data_loss=True)
    assert [row[:5] for row in stored(db)[:-1]] == [row[:5] for row in plain]
    schema.upgrade(db)
    assert len(stored(db)) == len(given)
    if db.engine.dialect.name == "postgresql":
        assert places(db)[:2] == ["events_2024_12", "events_2025_01"]


def stored(db: Database) -> list[tuple[object, ...]]:
    columns = [events.c[n] for n in ("id", "occurred_at", "type", "entity", "entity_id", "data")]
    with db.read() as conn:
        return [tuple(row) for row in conn.execute(sa.select(*columns).order_by(events.c.id))]


@pytest.mark.parametrize(
    ("name", "is_part"),
    [
        ("events_2026_11", True),
        ("events_default", True),
        ("emails_p20261101", True),
        ("emails_p2026_11", True),
        ("email_participants_2026_11", True),
        ("events", False),
        ("email_participants", False),
        ("events_archive", False),
    ],
)
def test_a_month_is_no_model(name: str, is_part: bool) -> None:
    assert partitions.is_model(name, "table") is not is_part
    assert partitions.is_model(name, "column")
