"""Indexes beside the schema: built while others work, by one process of many, and never missed."""

import subprocess
import sys
import threading
import time

import pytest
import sqlalchemy as sa

from leadloom.ids import new_uuid
from leadloom.storage import schema, side_indexes, walls
from leadloom.storage.database import Database
from leadloom.storage.dialect import insert_rows
from leadloom.storage.health import maintenance
from leadloom.storage.tables import leads

pytestmark = pytest.mark.usefixtures("real_starts")

NAMES = {one.name for one in side_indexes.known()}


def put(db: Database, number: int) -> None:
    """Write a lead, as somebody else at work would."""
    states = {"status": "raw", "stage": "new", "enrichment_status": "p", "lead_status": "new"}
    stamp = {"created_at": db.now(), "updated_at": db.now(), "workspace_id": 1}
    more = {"tags": [f"tag {number}"], "lead_score": 10, "do_not_contact": False}
    with db.write() as conn:
        insert_rows(conn, leads, [{"id": number, "uuid": new_uuid(), **states, **stamp, **more}])


def test_a_new_database_has_them_and_only_where_they_belong(db: Database) -> None:
    with db.read() as conn:
        assert side_indexes.lacking(conn) == []
        there = {one["name"] for one in sa.inspect(conn).get_indexes("leads")}
    assert (NAMES & there != set()) == (db.engine.dialect.name == "postgresql")


@pytest.fixture
def server(db: Database) -> Database:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL has indexes beside the schema")
    return db


def drop(db: Database) -> None:
    with db.write() as conn:
        side_indexes.drop_all(conn)


def lacking(db: Database) -> set[object]:
    with db.read() as conn:
        return {one.name for one in side_indexes.lacking(conn)}


def test_a_missing_or_broken_one_is_built_at_the_next_start(server: Database) -> None:
    drop(server)
    assert lacking(server) == NAMES
    schema.ensure(server)
    assert lacking(server) == set()
    broken = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'sx_leads_tags'::regclass"
    with server.write() as conn:
        conn.exec_driver_sql(broken)
    assert lacking(server) == {"sx_leads_tags"}
    steps = {one.name: one.message for one in maintenance.maintain(server)}
    assert "made: sx_leads_tags" in steps["indexes"]
    assert lacking(server) == set()


def test_a_long_reader_keeps_nobody_from_starting(
    server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_indexes, "_ATTEMPTS", 1)
    monkeypatch.setattr(side_indexes, "_WAIT_S", 1)
    drop(server)
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with server.read() as conn:
            conn.execute(sa.select(leads.c.id)).all()
            reading.set()
            done.wait(60)

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait(20)
    try:
        began = time.monotonic()
        schema.ensure(server)
        assert time.monotonic() - began < 30
        assert lacking(server)
    finally:
        done.set()
        reader.join()
    schema.ensure(server)
    assert lacking(server) == set()


def test_several_processes_build_them_at_once_while_somebody_writes(server: Database) -> None:
    drop(server)
    program = (
        "import sys; from leadloom.storage import schema; "
        "from leadloom.storage.database import Database; schema.ensure(Database(sys.argv[1]))"
    )
    url = server.url.render_as_string(hide_password=False)
    several = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    number = 0
    while any(one.poll() is None for one in several):
        number += 1
        put(server, number)
    told = [one.communicate()[1].decode() for one in several]
    assert [one.returncode for one in several] == [0] * 4, told
    assert lacking(server) == set()
    with server.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(leads)) == number


def test_a_role_that_owns_nothing_builds_nothing(server: Database) -> None:
    with server.write() as conn:
        walls.add_role(conn, "ll_guest")
    drop(server)
    guest = Database(server.url.set(username="ll_guest").render_as_string(hide_password=False))
    try:
        assert side_indexes.build(guest.engine) == []
        schema.ensure(guest)
        assert lacking(server) == NAMES
    finally:
        guest.close()
        with server.write() as conn:
            conn.exec_driver_sql("DROP OWNED BY ll_guest")
            conn.exec_driver_sql("DROP ROLE ll_guest")


def test_the_way_down_takes_them_away(server: Database) -> None:
    schema.downgrade(server, "0006")
    with server.read() as conn:
        query = "SELECT count(*) FROM pg_indexes WHERE starts_with(indexname, 'sx_')"
        assert conn.exec_driver_sql(query).scalar() == 0
    schema.upgrade(server)
    assert lacking(server) == set()
