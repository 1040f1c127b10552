"""Looking after a database, and its figures."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from leadloom.storage.database import Database
from leadloom.storage.dialect import insert_rows
from leadloom.storage.health import figures, maintenance
from leadloom.storage.tables import events, metadata
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

PEOPLE = Path(__file__).parents[2] / "examples" / "phone-book.vcf"


def fill(db: Database, count: int) -> None:
    row = {"workspace_id": 1, "occurred_at": db.now(), "type": "x.y", "entity": "x"}
    with db.write() as conn:
        rows = [row | {"entity_id": n, "data": {"text": "word " * 40}} for n in range(count)]
        insert_rows(conn, events, rows)


@pytest.mark.parametrize("is_full", [False, True])
def test_maintenance_says_what_it_did_and_changes_nothing(db: Database, is_full: bool) -> None:
    ws = Workspace(session=Session(db))
    ws.import_files([PEOPLE])
    before = ws.stats()
    steps = maintenance.maintain(db, is_full=is_full)
    assert [one.name for one in steps] == ["cache", "partitions", "indexes", "room", "statistics"]
    assert all(one.message and one.seconds >= 0 for one in steps)
    assert ws.stats() == before
    assert not ws.verify().differences


def _size(file: Path) -> int:
    """What a database takes, that which is only in its log yet with it."""
    log = Path(f"{file}-wal")
    return os.path.getsize(file) + (os.path.getsize(log) if log.exists() else 0)


def test_wasted_room_is_given_back(lite: Database) -> None:
    fill(lite, 100_000)
    with lite.write() as conn:
        conn.execute(events.delete().where(events.c.type == "x.y"))
    assert lite.file is not None
    before = _size(lite.file)
    steps = {one.name: one.message for one in maintenance.maintain(lite)}
    assert "given back" in steps["room"]
    assert _size(lite.file) < before / 4
    steps = {one.name: one.message for one in maintenance.maintain(lite)}
    assert "not worth" in steps["room"]


def test_scrubbing_is_not_sure_while_somebody_reads_the_old_pages(lite: Database) -> None:
    fill(lite, 1_000)
    other = Database(str(lite.file))
    with other.read() as conn:
        conn.execute(sa.select(events)).first()
        with lite.write() as writing:
            writing.execute(events.delete())
        with lite.engine.connect() as quick:
            quick.exec_driver_sql("PRAGMA busy_timeout=10")
        assert not maintenance.scrub(lite)
    other.close()
    assert maintenance.scrub(lite)


def test_a_bloated_index_is_told_from_a_lean_one() -> None:
    class Index:
        size, entries, width = 100 * 1024 * 1024, 1_000_000, 8

    assert maintenance._is_bloated(Index)
    Index.entries = 4_000_000
    assert not maintenance._is_bloated(Index)
    Index.size, Index.entries = 1024 * 1024, 1
    assert not maintenance._is_bloated(Index)


def test_the_figures_name_every_table_with_its_size(db: Database) -> None:
    fill(db, 2_000)
    maintenance.maintain(db)
    found = figures.measure(db)
    tables = {one.name: one for one in found.tables}
    assert set(tables) == set(metadata.tables)
    assert found.bytes > 0
    assert (tables["events"].bytes or 0) > 100_000
    assert tables["events"].rows == pytest.approx(2_000, rel=0.2)
    assert tables["events"].name == found.tables[0].name
    assert any(one.name == "ix_leads_company_id" for one in tables["leads"].indexes)
    assert found.as_json()["tables"]


def test_sizes_of_single_tables_may_be_unknown(
    lite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "_dbstat", lambda conn: None)
    found = figures.measure(lite)
    assert found.bytes > 0
    assert all(one.bytes is None for one in found.tables)
    assert any("dbstat" in note for note in found.notes)
