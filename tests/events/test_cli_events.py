"""`leadloom events`: a list, or a stream that ends without noise."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leadloom.cli.app import app
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.workspace import Workspace


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'leads.db'}"
    with Workspace(address) as ws:
        ws.leads.add({"full_name": "Ada Lind", "email": "ada@initech.example.com"})
        ws.leads.set("ada@initech.example.com", {"lead_status": "contacted"})
    return address


def leadloom(url: str, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--db", url, *words])
    return done.exit_code, done.output


def start(url: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "leadloom", "--db", url, "events", "--follow", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )


def test_a_list_for_people_and_for_programs(url: str) -> None:
    code, said = leadloom(url, "events", "--type", "lead.*")
    assert code == 0
    assert "lead.created" in said
    assert "lead_status: new → contacted" in said
    code, said = leadloom(url, "events", "--after", "0", "-n", "2", "--json")
    page = json.loads(said)
    assert [one["id"] for one in page["items"]] == [1, 2]
    assert page["next"] == "2"
    assert leadloom(url, "events", "--after", "9999")[1] == "Nothing happened since.\n"
    assert leadloom(url, "events", "--type", "rubbish")[0] == 2


def test_events_of_one_lead(url: str) -> None:
    said = json.loads(leadloom(url, "events", "--lead", "ada@initech.example.com", "--json")[1])
    assert [one["type"] for one in said["items"]] == ["lead.created", "lead.updated"]


def test_following_prints_a_line_for_each_and_ends_after_as_many_as_asked(url: str) -> None:
    code, said = leadloom(url, "events", "--follow", "--after", "0", "--limit", "3", "--json")
    assert code == 0
    assert [json.loads(line)["id"] for line in said.splitlines()] == [1, 2, 3]


def test_ctrl_c_ends_it_quietly(url: str) -> None:
    following = start(url, "--after", "0", "--json")
    assert following.stdout is not None
    assert json.loads(following.stdout.readline())["id"] == 1
    for _ in range(4):  # Python loses one that comes while it is in a callback of a library
        following.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            _, complaints = following.communicate(timeout=60)
            break
    assert following.returncode in (0, 130)
    assert "Traceback" not in complaints
    assert "Error" not in complaints


def test_it_hears_another_process(url: str) -> None:
    with Workspace(url) as ws:
        last = ws.events.list(limit=1).items[0].id
        following = start(url, "--after", str(last), "--type", "lead.*", "-n", "1", "--json")
        time.sleep(1)
        ws.leads.delete("ada@initech.example.com")
    said, _ = following.communicate(timeout=60)
    assert json.loads(said)["type"] == "lead.deleted"
    assert following.returncode == 0


def test_it_ends_when_nobody_reads_any_more(url: str) -> None:
    following = start(url, "--after", "0")
    assert following.stdout is not None
    following.stdout.readline()
    following.stdout.close()
    assert following.wait(timeout=60) == 0
    assert following.stderr is not None
    assert following.stderr.read() == ""
    following.stderr.close()


def test_an_upgrade_can_be_told_beforehand(tmp_path: Path) -> None:
    path = tmp_path / "leads.db"
    code, said = leadloom(str(path), "db", "upgrade", "--dry-run")
    assert code == 0
    assert "from nothing to" in said
    assert not path.exists()
    with Workspace(str(path)) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
    assert "nothing would be done" in leadloom(str(path), "db", "upgrade", "--dry-run")[1]
    database = Database(str(path))
    schema.downgrade(database, "0002", allow_data_loss=True)
    said = leadloom(str(path), "db", "upgrade", "--dry-run")[1]
    assert "0002 to" in said
    assert "0003  Events are a feed" in said
    assert "in batches: events name the fields" in said
    assert "A backup would be taken first." in said
    plan = json.loads(leadloom(str(path), "db", "upgrade", "--dry-run", "--json")[1])
    assert plan["takes_backup"] is True
    assert plan["current"] == "0002" == schema.current(database)
    database.close()
