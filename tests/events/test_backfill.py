"""What is stored follows the schema in batches, and goes on where it was stopped."""

import subprocess
import sys
import textwrap

import pytest
import sqlalchemy as sa

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.tables import backfills, events, lead_keys
from leadloom.storage.upgrades import backfill, event_shapes
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

COUNT = 95
BATCH = 10


@pytest.fixture
def old(db: Database) -> Database:
    """A database whose events were written before they named fields only."""
    schema.downgrade(db, schema.BASE, allow_data_loss=True)
    schema.upgrade(db, "0002")
    with db.write() as conn:
        row = {
            "workspace_id": 1,
            "occurred_at": db.now(),
            "type": "lead.updated",
            "entity": "lead",
            "data": {"changed": {"title": [None, "CTO"], "status": ["raw", "enriched"]}},
        }
        conn.execute(events.insert(), [{**row, "entity_id": n} for n in range(COUNT)])
    return db


def data_of(db: Database) -> list[object]:
    with db.read() as conn:
        return list(conn.scalars(sa.select(events.c.data).order_by(events.c.id)))


DONE = {"changed": ["title", "status"], "old": {"status": "raw"}, "new": {"status": "enriched"}}


def test_an_upgrade_ends_with_it(old: Database) -> None:
    schema.upgrade(old)
    assert data_of(old) == [DONE] * COUNT
    with old.read() as conn:
        assert backfill.pending(conn) == []


def test_a_new_database_has_nothing_to_catch_up_with(db: Database) -> None:
    schema.downgrade(db, schema.BASE, allow_data_loss=True)
    schema.upgrade(db)
    with db.read() as conn:
        assert backfill.pending(conn) == []
        kept = set(conn.scalars(sa.select(backfills.c.name)))
    assert kept == {one.name for one in backfill.BACKFILLS}


def test_a_step_back_and_up_does_it_again(old: Database) -> None:
    schema.upgrade(old)
    with old.write() as conn:
        conn.execute(events.update().values(data={"changed": {"title": [None, "CTO"]}}))
    schema.downgrade(old, "0002", allow_data_loss=True)
    schema.upgrade(old)
    assert data_of(old) == [{"changed": ["title"]}] * COUNT


def test_leads_of_before_get_the_keys_of_today(db: Database) -> None:
    found_by = sa.select(lead_keys.c.lead_id, lead_keys.c.hash)
    ws = Workspace(session=Session(db))
    ws.leads.add({"full_name": "Agnieszka Nowak", "company": "Falk", "city": "Ulm"})
    with db.read() as conn:
        before = {tuple(row) for row in conn.execute(found_by)}
    schema.downgrade(db, "0018", allow_data_loss=True)
    with db.write() as conn:
        conn.execute(lead_keys.delete())
    schema.upgrade(db)
    with db.read() as conn:
        assert {tuple(row) for row in conn.execute(found_by)} == before != set()


KILLED = """
    import os, signal, sys
    from leadloom.storage import schema
    from leadloom.storage.upgrades import backfill
    from leadloom.storage.database import Database

    batches = []

    def stop_halfway(about, rows):
        batches.append(rows)
        if len(batches) == 4:
            os.kill(os.getpid(), signal.SIGKILL)

    backfill.run.__defaults__ = (stop_halfway, {batch})
    schema._follow = lambda db, target, on_progress: backfill.run(db)
    schema.upgrade(Database(sys.argv[1]))
"""


def test_a_killed_one_goes_on_where_it_was(old: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    url = old.url.render_as_string(hide_password=False)
    program = textwrap.dedent(KILLED).format(batch=BATCH)
    killed = subprocess.run([sys.executable, "-c", program, url], timeout=60, check=False)
    assert killed.returncode == -9
    half = data_of(old)
    assert half.count(DONE) == 4 * BATCH
    assert schema.current(old) == schema.HEAD
    seen: list[int] = []
    step = event_shapes.name_changed_fields

    def watched(conn: sa.Connection, after: int, limit: int) -> int | None:
        seen.append(after)
        return step(conn, after, limit)

    monkeypatch.setattr(event_shapes, "name_changed_fields", watched)
    schema.ensure(old)
    assert data_of(old) == [DONE] * COUNT
    assert seen[0] == 4 * BATCH  # what was done is not done again


def test_two_at_once_share_the_work(old: Database) -> None:
    """Each batch begins where the last one of either ended."""
    schema.upgrade(old)
    with old.write() as conn:
        conn.execute(events.update().values(data={"changed": {"title": [None, "CTO"]}}))
        conn.execute(backfills.update().values(reached=0, finished_at=None))
    program = (
        "import sys; from leadloom.storage.upgrades import backfill; "
        "from leadloom.storage.database import Database; "
        f"print(backfill.run(Database(sys.argv[1]), batch={BATCH}))"
    )
    url = old.url.render_as_string(hide_password=False)
    both = [
        subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    counts = [int(one.communicate(timeout=60)[0]) for one in both]
    assert data_of(old) == [{"changed": ["title"]}] * COUNT
    assert sum(counts) >= COUNT // BATCH
