"""The bridge to pg-boss, against the real package: each side works what the other sends."""

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.errors import NotFoundError, SchemaError, UsageError
from leadloom.jobs import child
from leadloom.jobs.job import Wish
from leadloom.jobs.pg_boss import PgBoss
from leadloom.jobs.pg_boss_work import BossWorker
from leadloom.storage import schema
from leadloom.storage.database import Database

PACKAGE = "pg-boss@12.35.0"
NODE = "22.23.3"
_OLDEST_NODE = (22, 12)

SCRIPT = """
import { PgBoss } from 'pg-boss'
const [, , address, what, ...more] = process.argv
const boss = new PgBoss({ connectionString: address })
boss.on('error', error => { console.error(error); process.exit(1) })
await boss.start()
if (what === 'queues') {
  await boss.createQueue('dead')
  await boss.createQueue('leadloom', { deadLetter: 'dead', retryLimit: 0 })
  await boss.createQueue('again', { retryLimit: 1, retryDelay: 0 })
  await boss.createQueue('brief', { retryLimit: 0, expireInSeconds: 1 })
  await boss.createQueue('beating', { retryLimit: 3, heartbeatSeconds: 10 })
  await boss.createQueue('node')
  await boss.createQueue('fifo', { policy: 'key_strict_fifo' })
} else if (what === 'send') {
  const [queue, data, options] = more
  console.log(await boss.send(queue, JSON.parse(data), JSON.parse(options || '{}')))
} else if (what === 'get') {
  const [queue, id] = more
  console.log(JSON.stringify((await boss.findJobs(queue, { id }))[0]))
} else if (what === 'work') {
  await new Promise(resolve => boss.work(more[0], { includeMetadata: true }, async ([job]) => {
    console.log(JSON.stringify({ data: job.data, priority: job.priority }))
    setTimeout(resolve, 300)
    return { seen: job.data.n }
  }))
}
await boss.stop({ graceful: true, timeout: 2000 })
"""


def _node(folder: Path) -> str:
    """Return a Node that is new enough: the system's, or one from the registry."""
    found = shutil.which("node")
    if found:
        said = subprocess.run([found, "--version"], capture_output=True, encoding="utf-8").stdout
        parts = said.strip().removeprefix("v").split(".")
        if len(parts) == 3 and tuple(map(int, parts[:2])) >= _OLDEST_NODE:
            return found
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    name = f"node-{sys.platform}-{machine}"
    _install(folder, f"{name}@{NODE}")
    return str(folder / "node_modules" / name / "bin" / "node")


def _install(folder: Path, package: str) -> None:
    name = package.rpartition("@")[0]
    if (folder / "node_modules" / name / "package.json").exists():
        return
    if "CI" in os.environ and "LEADLOOM_PG_BOSS" not in os.environ:
        pytest.skip("pg-boss takes a minute to install: with LEADLOOM_PG_BOSS=1 CI does it too")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so pg-boss cannot be")
    command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", package]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{package} could not be installed in two minutes")
    if done.returncode:
        pytest.skip(f"{package} cannot be installed: {done.stderr.strip()[-200:]}")


class Node:
    """pg-boss in Node, on one database."""

    def __init__(self, folder: Path, node: str, address: str) -> None:
        self._command = [node, str(folder / "boss.mjs"), address]

    def run(self, *words: str) -> Any:
        """Do something; return what it printed, as JSON where it is."""
        done = subprocess.run(
            [*self._command, *words], capture_output=True, encoding="utf-8", timeout=60
        )
        assert done.returncode == 0, done.stderr
        said = done.stdout.strip()
        return json.loads(said) if said.startswith("{") else said


@pytest.fixture(scope="module")
def boss_url(postgres: str, pytestconfig: pytest.Config) -> tuple[str, Node]:
    folder = Path(pytestconfig.cache.mkdir("pg-boss"))
    _install(folder, PACKAGE)
    node = _node(folder)
    (folder / "boss.mjs").write_text(SCRIPT)
    url = fresh(postgres, "boss")
    there = Node(folder, node, url)
    there.run("queues")
    return url, there


@pytest.fixture
def node(boss_url: tuple[str, Node]) -> Node:
    return boss_url[1]


@pytest.fixture
def boss_db(boss_url: tuple[str, Node]) -> Iterator[Database]:
    db = Database(boss_url[0])
    schema.ensure(db)
    yield db
    db.close()


def test_a_worker_does_what_a_node_program_sends(node: Node, boss_db: Database) -> None:
    good = node.run("send", "leadloom", json.dumps({"command": ["db", "maintain"]}))
    bad = node.run("send", "leadloom", json.dumps({"command": ["users", "list"]}))
    none = node.run("send", "leadloom", json.dumps({"n": 1}))
    with BossWorker(boss_db, "leadloom", {}) as worker:
        deadline = time.monotonic() + 60
        while worker.done < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
    told = {one: node.run("get", "leadloom", one) for one in (good, bad, none)}
    assert [one["state"] for one in told.values()] == ["completed", "failed", "failed"]
    assert told[good]["output"]["outcome"] == "done"
    assert "cannot do" in told[bad]["output"]["message"]
    assert "holds no command" in told[none]["output"]["message"]
    with PgBoss(boss_db) as boss:
        dead = boss.fetch("dead")
        assert dead
        assert dead.data in ({"n": 1}, {"command": ["users", "list"]})


def test_priority_delay_and_retries_are_kept(node: Node, boss_db: Database) -> None:
    node.run("send", "again", '{"n": 1}')
    node.run("send", "again", '{"n": 2}', '{"priority": 5}')
    node.run("send", "again", '{"n": 3}', '{"priority": 9, "startAfter": 600}')
    with PgBoss(boss_db) as boss:
        first, second = boss.fetch("again"), boss.fetch("again")
        assert first
        assert second
        assert [first.data, second.data, boss.fetch("again")] == [{"n": 2}, {"n": 1}, None]
        assert boss.fail(first, {"message": "not yet"})
        again = boss.fetch("again")
        assert again
        assert (again.id, again.retry_count) == (first.id, 1)
        # The first attempt is over: what it says now is nobody's word.
        assert not boss.complete(first, {"by": "the first"})
        assert boss.touch(again)
        assert boss.complete(again, {"by": "the second"})
        assert boss.fail(second, {}) is True
    told = node.run("get", "again", str(first.id))
    assert (told["state"], told["output"], told["retryCount"]) == (
        "completed",
        {"by": "the second"},
        1,
    )


def test_a_command_that_takes_too_long_is_stopped(node: Node, boss_db: Database) -> None:
    sent = node.run("send", "brief", json.dumps({"command": ["resolve"]}))
    # It waits for its turn to write, for longer than it may take.
    with boss_db.write(), BossWorker(boss_db, "brief", {}) as worker:
        _until(lambda: worker.done)
        assert _commands() == []
    told = node.run("get", "brief", sent)
    assert (told["state"], told["output"]["outcome"]) == ("failed", "failed")
    assert "longer than 1 seconds" in told["output"]["message"]


def test_a_job_that_was_taken_away_is_not_done_any_further(node: Node, boss_db: Database) -> None:
    """As when this machine slept: another has it by now, and what this one says does not count."""
    sent = node.run("send", "beating", json.dumps({"command": ["resolve"]}))
    change = "UPDATE pgboss.job SET {} WHERE name = 'beating' AND id = CAST(:id AS uuid)"
    with boss_db.engine.begin() as conn:
        conn.execute(sa.text(change.format("heartbeat_seconds = 1")), {"id": sent})
    with boss_db.write(), BossWorker(boss_db, "beating", {}) as worker:
        _until(_commands)
        before = node.run("get", "beating", sent)["heartbeatOn"]
        time.sleep(1)
        assert node.run("get", "beating", sent)["heartbeatOn"] > before
        assert _commands()
        with boss_db.engine.begin() as conn:
            conn.execute(sa.text(change.format("retry_count = 1")), {"id": sent})
        _until(lambda: worker.done)
        assert _commands() == []
    assert node.run("get", "beating", sent)["state"] == "active"


def _commands() -> list[psutil.Process]:
    """Return the commands that this process has under way."""
    mine = psutil.Process().children(recursive=True)
    return [one for one in mine if child.__name__ in _words_of(one)]


def _words_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []  # it has just ended


def _until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_a_node_worker_does_what_is_sent_from_here(node: Node, boss_db: Database) -> None:
    with PgBoss(boss_db) as boss:
        sent = boss.send("node", Wish("any", {"n": 7}, priority=3, retry_limit=4))
        assert sent
        assert node.run("work", "node") == {"data": {"n": 7}, "priority": 3}
        told = node.run("get", "node", str(sent))
        assert (told["state"], told["output"], told["retryLimit"]) == ("completed", {"seen": 7}, 4)


def test_what_cannot_be_worked_on_is_refused(
    node: Node, boss_db: Database, lite: Database, postgres: str
) -> None:
    with pytest.raises(UsageError, match="PostgreSQL"):
        PgBoss(lite)
    bare = Database(fresh(postgres, "no_boss"))
    with pytest.raises(NotFoundError, match=r"boss\.start"):
        PgBoss(bare)
    bare.close()
    with PgBoss(boss_db) as boss:
        with pytest.raises(NotFoundError, match="createQueue"):
            boss.fetch("nobody's")
        with pytest.raises(UsageError, match="key_strict_fifo"):
            boss.fetch("fifo")
    with boss_db.engine.begin() as conn:
        conn.execute(sa.text("UPDATE pgboss.version SET version = 44"))
    try:
        with pytest.raises(SchemaError, match="schema 44"):
            PgBoss(boss_db)
    finally:
        with boss_db.engine.begin() as conn:
            conn.execute(sa.text("UPDATE pgboss.version SET version = 43"))
