"""Jobs: sent, done, tried again, delayed, stopped, forgotten; taken up from the dead."""

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from leadloom.errors import ConflictError, NotFoundError
from leadloom.jobs import heartbeat
from leadloom.jobs.handlers import Work, handles
from leadloom.jobs.job import Wish
from leadloom.jobs.worker import Worker
from leadloom.storage.database import Database

PATIENCE_S = 20.0
tries: list[Any] = []


@handles("test.echo")
async def echo(work: Work, data: Any) -> Any:
    await asyncio.sleep(data.get("sleep_s", 0))
    return {"got": dict(data)}


@handles("test.fail")
async def fail(work: Work, data: Any) -> str:
    tries.append(data)
    if len(tries) <= data["times"]:
        raise ValueError("not yet")
    return "at last"


def until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def worker(lite: Database) -> Iterator[Worker]:
    tries.clear()
    with Worker(lite) as worker:
        yield worker


def test_jobs_are_sent_done_tried_again_and_say_what_became_of_them(worker: Worker) -> None:
    jobs = worker.jobs
    assert worker.do(Wish("test.echo", {"a": 1})).result(PATIENCE_S) == {"got": {"a": 1}}

    job = jobs.send(Wish("test.fail", {"times": 2}, priority=7, retry_delay_s=0.01))
    until(lambda: jobs.get(job).state == "completed")
    done = jobs.get(job)
    assert (done.output, done.retry_count, done.priority) == ("at last", 2, 7)
    assert done.created_at
    assert done.completed_at
    assert done.keep_until is None  # as long as the setting says

    tries.clear()
    job = jobs.send(Wish("test.fail", {"times": 9}, retry_limit=1, retry_delay_s=0.01))
    until(lambda: jobs.get(job).state == "failed")
    assert (len(tries), "not yet" in jobs.get(job).output) == (2, True)

    assert jobs.forget_old(dt.datetime.now(dt.UTC)) == 0
    assert jobs.forget_old(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)) == 3
    with pytest.raises(NotFoundError):
        jobs.get(job)


def test_jobs_wait_for_their_time_and_stop_when_told(worker: Worker) -> None:
    jobs = worker.jobs
    later = Wish("test.echo", start_after_s=600, singleton_key="one")
    job = jobs.send(later)
    assert jobs.send(later) == job
    assert (jobs.get(job).state, jobs.get(job).singleton_key) == ("created", "one")
    jobs.cancel(job)
    assert jobs.get(job).state == "cancelled"

    long = jobs.send(Wish("test.echo", {"sleep_s": 0.4}))
    until(lambda: jobs.get(long).state == "active")
    jobs.pause(long)
    assert jobs.get(long).state == "paused"
    jobs.resume(long)
    until(lambda: jobs.get(long).state == "completed")

    never = jobs.send(Wish("test.echo", {"sleep_s": 60}, retry_limit=0, expire_in_s=0.1))
    until(lambda: jobs.get(never).state == "failed")


def test_jobs_are_done_where_a_loop_runs_already(lite: Database) -> None:
    """As in a notebook, whose loop waits while this is done."""

    async def ask() -> Any:
        with Worker(lite, slots=0) as worker:
            return worker.do(Wish("test.echo", {"a": 1})).result(PATIENCE_S)

    assert asyncio.run(ask()) == {"got": {"a": 1}}


def test_one_worker_a_process(lite: Database, worker: Worker) -> None:
    with pytest.raises(ConflictError), Worker(lite):
        pass


PROGRAM = """
import asyncio, sys
from leadloom.jobs.handlers import handles
from leadloom.jobs.job import Wish
from leadloom.jobs.worker import Worker
from leadloom.storage.database import Database

@handles("test.echo")
async def hang(work, data):
    print("begun", flush=True)
    await asyncio.sleep(600)

with Worker(Database(sys.argv[1]), slots=0) as worker:
    worker.do(Wish("test.echo", {"left": True}), job_id="left").result()
"""


def test_what_a_killed_worker_was_at_is_done_by_another(
    postgres_or_sqlite: Database, tmp_path: Path
) -> None:
    db = postgres_or_sqlite
    program = tmp_path / "hang.py"
    program.write_text(PROGRAM)
    url = db.url.render_as_string(hide_password=False)
    dead = subprocess.Popen([sys.executable, str(program), url], stdout=subprocess.PIPE)
    assert dead.stdout
    assert dead.stdout.readline() == b"begun\n"
    os.kill(dead.pid, signal.SIGKILL)
    dead.wait()
    dead.stdout.close()
    with Worker(db) as worker:
        until(lambda: worker.jobs.get("left").state == "completed")
        assert worker.jobs.get("left").output == {"got": {"left": True}}
        assert heartbeat.claim_dead(db) == []
