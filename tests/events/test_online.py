"""The schema changes while others work, and several processes may change it at once."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from leadloom.errors import DatabaseError
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.tables import events
from leadloom.storage.upgrades import online
from leadloom.storage.upgrades.online import briefly, build_index, patiently

pytestmark = pytest.mark.usefixtures("real_starts")


@pytest.fixture
def index(db: Database) -> Iterator[sa.Index]:
    table = sa.Table("events", sa.MetaData(), *(sa.Column(c.name, c.type) for c in events.columns))
    made = sa.Index("ix_events_of_a_test", table.c.run_id, table.c.id)
    yield made
    with db.write() as conn:
        made.drop(conn, checkfirst=True)


def index_names(db: Database) -> set[object]:
    with db.read() as conn:
        return {one["name"] for one in sa.inspect(conn).get_indexes("leads")} | {
            one["name"] for one in sa.inspect(conn).get_indexes("events")
        }


def test_an_index_is_built_once(db: Database, index: sa.Index) -> None:
    if db.engine.dialect.name == "postgresql":
        pytest.skip("a table of months gets its index month by month there")
    build_index(db.engine, index)
    build_index(db.engine, index)
    assert "ix_events_of_a_test" in index_names(db)


def test_what_a_killed_build_left_is_swept_away(db: Database) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL builds beside others")
    table = sa.Table(
        "leads", sa.MetaData(), sa.Column("title", sa.Text), sa.Column("city", sa.Text)
    )
    index = sa.Index("ix_leads_of_a_test", table.c.city)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(sa.text("CREATE INDEX ix_leads_of_a_test ON leads (city)"))
        conn.execute(
            sa.text(
                "UPDATE pg_index SET indisvalid = false "
                "WHERE indexrelid = 'ix_leads_of_a_test'::regclass"
            )
        )
    build_index(db.engine, index)
    with db.write() as conn:
        query = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_leads_of_a_test'::regclass"
        assert conn.scalar(sa.text(query)) is True
        index.drop(conn)


def test_a_change_waits_briefly_and_tries_again(db: Database) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("elsewhere nobody is in the way of a writer")
    locked, attempts = threading.Event(), []

    def hold() -> None:
        with db.engine.connect() as conn:
            conn.execute(sa.text("LOCK TABLE leads IN ACCESS SHARE MODE"))
            locked.set()
            time.sleep(1.6)

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(10)
    with db.write() as conn:
        before = conn.scalar(sa.text("SHOW lock_timeout"))

        def change() -> None:
            attempts.append(time.monotonic())
            conn.execute(sa.text("LOCK TABLE leads IN ACCESS EXCLUSIVE MODE"))

        patiently(conn, change)
        assert conn.scalar(sa.text("SHOW lock_timeout")) == before
    holder.join()
    assert len(attempts) > 1


def test_a_change_that_is_wrong_is_not_tried_again(db: Database) -> None:
    tried: list[int] = []
    with db.engine.connect() as conn:

        def change() -> None:
            tried.append(1)
            conn.execute(sa.text("SELECT * FROM no_such_table"))

        with pytest.raises(sa.exc.DBAPIError):
            patiently(conn, change)
    assert len(tried) == 1


def test_a_brief_wait_ends_with_its_block(db: Database) -> None:
    with db.write() as conn, briefly(conn, 10):
        conn.execute(sa.text("SELECT 1"))


def _read(conn: sa.Connection) -> None:
    conn.execute(sa.text("SELECT count(*) FROM records")).all()


def test_a_long_look_at_the_data_holds_nobody_up_behind_a_new_schema(db: Database) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("there nobody who reads is in the way of a writer")
    schema.downgrade(db, "0008")
    begun, waited = threading.Event(), []

    def look_long() -> None:
        with db.engine.connect() as conn:
            _read(conn)
            begun.set()
            time.sleep(4)

    def look_often() -> None:
        for _ in range(20):
            began = time.monotonic()
            with db.engine.connect() as conn:
                _read(conn)
            waited.append(time.monotonic() - began)
            time.sleep(0.2)

    readers = [threading.Thread(target=look_long), threading.Thread(target=look_often)]
    readers[0].start()
    begun.wait(10)
    readers[1].start()
    schema.upgrade(db)
    for one in readers:
        one.join()
    assert schema.current(db) == schema.HEAD
    assert max(waited) < 2.5  # a second, on a busy machine


def test_who_does_not_leave_is_told_of_and_the_next_start_goes_on(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("there nobody who reads is in the way of a writer")
    schema.downgrade(db, "0008")
    monkeypatch.setattr(online, "_CHANGE_S", 1.5)
    with db.engine.connect() as conn:
        _read(conn)
        with pytest.raises(DatabaseError, match="in use by another program"):
            schema.upgrade(db)
    schema.ensure(db)
    assert schema.current(db) == schema.HEAD
    with db.engine.connect() as conn:
        patience = {"mysql": "SELECT @@lock_wait_timeout", "postgresql": "SHOW lock_timeout"}
        assert conn.scalar(sa.text(patience[conn.dialect.name])) in (30, "0")


def test_two_processes_may_bring_a_schema_up_at_once(db: Database) -> None:
    schema.downgrade(db, schema.BASE, allow_data_loss=True)
    with db.write() as conn:
        conn.execute(sa.text("DROP TABLE alembic_version"))
    program = (
        "import sys; from leadloom.storage import schema; "
        "from leadloom.storage.database import Database; schema.ensure(Database(sys.argv[1]))"
    )
    url = db.url.render_as_string(hide_password=False)
    several = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    told = [one.communicate(timeout=90)[1].decode() for one in several]
    assert [one.returncode for one in several] == [0, 0, 0], told
    assert schema.current(db) == schema.HEAD
