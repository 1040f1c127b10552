"""Several processes at once on one database, on every kind of database; all of it bounded."""

import csv
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.tables import events
from leadloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("real_starts")

PATIENCE_S = 120
ROWS = 1_500


def _start(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "leadloom", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def _finish(processes: Sequence["subprocess.Popen[str]"]) -> list[str]:
    """Return what each printed; none may fail, none may take for ever."""
    told = []
    for process in processes:
        output, errors = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, f"{process.args}: {output}{errors}"
        assert "Traceback" not in errors
        told.append(output)
    return told


def _people(path: Path, first: int, count: int = ROWS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["Name", "Email", "Company"])
        for n in range(first, first + count):
            lines.writerow([f"Person {n:05}", f"p{n}@firm{n % 50}.example", f"Firm {n % 50}"])
    return path


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """The address of a database with nothing in it, not even the schema."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'new.db'}"
    return fresh(sa.make_url(database_url), "t_processes")


def test_two_imports_at_once_lose_nothing_and_repeat_nothing(
    empty_url: str, tmp_path: Path
) -> None:
    """Nor is an event numbered lower than one that was kept before: who reads on misses nothing."""
    halves = _people(tmp_path / "a.csv", 0), _people(tmp_path / "b.csv", ROWS // 2)
    database = Database(empty_url)
    schema.ensure(database)
    running = [_start("--db", empty_url, "import", str(one)) for one in halves]
    seen: set[int] = set()
    last = 0
    while any(process.poll() is None for process in running):
        with database.read() as conn:
            ids = set(conn.scalars(sa.select(events.c.id).where(events.c.id > last)))
            late = conn.scalar(sa.select(sa.func.count()).where(events.c.id <= last)) or 0
        assert late == len(seen)
        seen |= ids
        last = max(seen, default=0)
        time.sleep(0.01)
    _finish(running)
    database.close()
    with Workspace(empty_url) as ws:
        assert ws.stats()["leads"] == ROWS + ROWS // 2
        assert ws.stats()["companies"] == 50
        assert ws.verify().differences == []


def test_others_read_and_edit_while_an_import_runs(empty_url: str, tmp_path: Path) -> None:
    with Workspace(empty_url) as ws:
        edited = [ws.leads.add({"full_name": f"Edited {n}"}).lead for n in range(2)]
    importing = _start("--db", empty_url, "import", str(_people(tmp_path / "a.csv", 0)))
    reader = _start("--db", empty_url, "leads", "--json", "--limit", "20")
    editors = [
        _start("--db", empty_url, "set", str(lead.id), f"title=Head {n}")
        for n, lead in enumerate(edited)
    ]
    _, page, *_ = _finish([importing, reader, *editors])
    assert len(json.loads(page)["items"]) > 0
    with Workspace(empty_url) as ws:
        assert [ws.leads.get(str(lead.id)).title for lead in edited] == [
            "Head 0",
            "Head 1",
        ]
        assert ws.stats()["leads"] == ROWS + 2
        assert ws.verify().differences == []


def test_first_starts_at_the_same_moment_make_one_schema(empty_url: str) -> None:
    _finish([_start("--db", empty_url, "stats") for _ in range(3)])
    database = Database(empty_url)
    assert schema.current(database) == schema.HEAD
    with database.read() as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM workspaces")) == 1
        assert conn.scalar(sa.text("SELECT count(*) FROM users")) == 1
    database.close()


def test_two_migrations_at_once_are_one(empty_url: str) -> None:
    database = Database(empty_url)
    schema.upgrade(database, "0001")
    _finish([_start("--db", empty_url, "db", "upgrade") for _ in range(2)])
    assert schema.current(database) == schema.HEAD
    database.close()
