"""Records are kept as received: whatever alters one is found, and nothing is folded anew by it."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from leadloom.cli.app import app
from leadloom.errors import DatabaseError
from leadloom.storage.database import Database
from leadloom.storage.health.check import Finding
from leadloom.storage.health.recover import recover
from leadloom.storage.packing import unpack
from leadloom.storage.tables import leads, records
from leadloom.workspace import Workspace, repair
from leadloom.workspace.recovery import fold_again
from leadloom.workspace.session import Session
from leadloom.workspace.upkeep import check

FILE = """\
Name,Email,Company,City
Ann Lee,ann@acme.example.com,Acme GmbH,Ulm
Bo Stern,bo@acme.example.com,Acme GmbH,Ulm
Cy Kane,cy@initech.example.com,Initech Ltd,Rome
"""
_LINE = records.c.row_number == 3  # Bo's


@pytest.fixture
def ws(db: Database, tmp_path: Path) -> Workspace:
    (tmp_path / "people.csv").write_text(FILE)
    opened = Workspace(session=Session(db))
    opened.import_files([tmp_path / "people.csv"])
    opened.leads.set("bo@acme.example.com", {"title": "Buyer"})
    opened.enrich(asking_outside=False)
    return opened


def whole(db: Database) -> list[Finding]:
    return check(db, full=True, on_check=lambda step, done: None).findings


def _swap(column: sa.Column[Any], old: str, new: str) -> Callable[[sa.Connection], None]:
    def swap(conn: sa.Connection) -> None:
        text = conn.scalar(sa.select(column).where(_LINE))
        assert old in text
        conn.execute(records.update().where(_LINE).values({column: text.replace(old, new)}))

    return swap


ALTERED: dict[str, Callable[[sa.Connection], Any]] = {
    "a fact": _swap(records.c.facts, "Ulm", "Uln"),
    "a cell": _swap(records.c.original, "Ulm", "Uln"),
    "an order of trust": lambda conn: conn.execute(records.update().where(_LINE).values(policy=2)),
    "no fact": lambda conn: conn.execute(records.update().where(_LINE).values(facts=None)),
}


@pytest.mark.parametrize("what", ALTERED)
def test_whoever_alters_a_record_is_found_and_not_believed(
    ws: Workspace, db: Database, what: str
) -> None:
    assert ws.verify().differences == []
    assert whole(db) == []
    with db.write() as conn:
        ALTERED[what](conn)
        before = conn.execute(sa.select(leads).order_by(leads.c.id)).all()
    found = ws.verify(repair=True)
    (told,) = [one for one in found.differences if one.kind == repair.RECORD]
    assert (told.field, told.stored) == ("row 3 of people.csv", "is not what was received")
    assert told.id == ws.runs.get("last:import").id
    assert found.repaired is None
    assert found.remain
    with db.read() as conn:
        assert conn.execute(sa.select(leads).order_by(leads.c.id)).all() == before
    (finding,) = whole(db)
    assert (finding.table, finding.count) == ("records", 1)
    assert "row 3 of people.csv" in finding.problem


def test_a_record_whose_run_is_gone_stops_no_check(ws: Workspace, db: Database) -> None:
    if db.file is None:
        pytest.skip("a server lets no run go that is named")
    with db.write() as conn:
        ALTERED["a fact"](conn)
    with contextlib.closing(sqlite3.connect(db.file)) as raw:  # as a damaged file lacks it
        raw.execute("DELETE FROM runs WHERE kind = 'import'")
        raw.commit()
    found = {(one.table, one.problem.partition(" names")[0]) for one in whole(db)}
    assert ("records", "run_id") in found


@pytest.mark.parametrize("what", ["a fact", "a cell"])
def test_its_run_is_taken_back_and_its_file_imported_again(
    ws: Workspace, db: Database, tmp_path: Path, what: str
) -> None:
    with db.write() as conn:
        ALTERED[what](conn)
    ws.runs.undo("last:import")
    ws.import_files([tmp_path / "people.csv"])
    assert ws.verify().differences == []
    assert ws.leads.find(sort="full_name").items[1].city == "Ulm"


def test_a_record_that_cannot_be_read_is_told(ws: Workspace, db: Database) -> None:
    with db.write() as conn:
        raw = sa.type_coerce(records.c.facts, sa.LargeBinary)
        packed = bytes(conn.scalar(sa.select(raw).where(_LINE)) or b"")
        spoilt = packed[:-3] + b"\xff\xff\xff"
        with pytest.raises(Exception, match=r"."):
            unpack(spoilt)
        conn.execute(records.update().where(_LINE).values(facts=spoilt))
    (told,) = ws.verify().differences
    assert (told.field, told.stored) == ("row 3 of people.csv", "cannot be read")
    done = CliRunner().invoke(
        app, ["--db", db.url.render_as_string(hide_password=False), "db", "verify"]
    )
    assert done.exit_code == 1
    assert "db check --full" in done.output
    (finding,) = [one for one in whole(db) if one.count]
    assert "db recover" in finding.problem
    with pytest.raises(DatabaseError, match="is damaged"):
        ws.runs.undo("last:import")


def test_what_recover_could_not_save_comes_with_its_file_again(
    ws: Workspace, db: Database, tmp_path: Path
) -> None:
    if db.file is None:
        pytest.skip("`db recover` saves what is left of a SQLite file")
    with db.write() as conn:
        conn.execute(records.update().where(_LINE).values(facts=b"\x02\xff\xff"))
    report = recover(db, tmp_path / "saved.db")
    fold_again(report)
    with Workspace(f"sqlite:///{tmp_path / 'saved.db'}") as saved:
        found = saved.import_files([tmp_path / "people.csv"])
        assert (found.counts["unchanged"], found.counts["created"]) == (2, 1)
        assert repair.RECORD not in {one.kind for one in saved.verify().differences}
