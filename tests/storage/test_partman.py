"""pg_partman in charge of the months, on a server that has it (LEADLOOM_PARTMAN_URL names one)."""

import datetime as dt
import os
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.events.event import record
from leadloom.storage import partitions, partman, schema
from leadloom.storage.database import Database, Tx

NOW = dt.datetime.now(dt.UTC)
URL = os.environ.get("LEADLOOM_PARTMAN_URL")


@pytest.fixture
def db() -> Iterator[Database]:
    if not URL:
        pytest.skip("no server with pg_partman is named by LEADLOOM_PARTMAN_URL")
    database = Database(fresh(URL, "t_partman"))
    schema.ensure(database)
    happen(database)
    yield database
    database.close()


def happen(db: Database, time: dt.datetime = NOW) -> None:
    with db.write() as conn:
        record(Tx(conn, time, 1, 1), "lead.created", 7)


def install(db: Database) -> None:
    with db.write() as conn:
        conn.exec_driver_sql("CREATE SCHEMA partman")
        conn.exec_driver_sql("CREATE EXTENSION pg_partman SCHEMA partman")


def months(db: Database) -> list[str]:
    with db.read() as conn:
        return sorted(partitions._owned(conn)["events"])


def make_ahead(db: Database) -> list[str]:
    with db.write() as conn:
        return partitions.make_ahead(conn)


def places(db: Database) -> list[str]:
    with db.read() as conn:
        return list(
            conn.scalars(sa.text("SELECT tableoid::regclass::text FROM events ORDER BY id"))
        )


def test_it_takes_over_and_makes_months_ahead(db: Database) -> None:
    install(db)
    make_ahead(db)
    with db.read() as conn:
        assert set(partman.registered(conn, partitions.PARTITIONED)) == set(partitions.PARTITIONED)
        assert partitions.is_ahead(conn)
    assert all("_p20" in name or name.endswith("_default") for name in months(db))
    happen(db)
    this_month = {f"events_p{NOW:%Y_%m}", f"events_p{NOW:%Y%m}01"}
    assert len(places(db)) == 2
    assert set(places(db)) <= this_month
    with db.write() as conn:
        conn.exec_driver_sql("UPDATE partman.part_config SET premake = 5")
        made = partitions.make_ahead(conn)
    assert len(made) >= 3 * 2
    schema.ensure(db)
    schema.downgrade(db, schema.BASE, allow_data_loss=True)


def test_what_it_cannot_take_over_stays_ours(db: Database) -> None:
    happen(db, dt.datetime(2019, 3, 1, tzinfo=dt.UTC))
    with db.write() as conn:
        conn.exec_driver_sql(
            "INSERT INTO events (workspace_id, occurred_at, type, entity)"
            " VALUES (1, '2017-01-01', 'x.y', 'x')"
        )
    install(db)
    before = months(db)
    make_ahead(db)
    assert months(db) == before
    with db.read() as conn:
        assert "events" not in partman.registered(conn, partitions.PARTITIONED)
        assert "emails" in partman.registered(conn, partitions.PARTITIONED)
        assert partitions.is_ahead(conn)
