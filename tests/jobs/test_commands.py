"""Commands that workers do once: in their turn, however often they are cut short."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.accounts.acting import find_acting
from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.imports import orphans
from leadloom.jobs.jobs import Jobs
from leadloom.jobs.worker import Worker
from leadloom.storage.database import Database
from leadloom.storage.restore import restore
from leadloom.storage.tables import waiting_jobs
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

PATIENCE_S = 60.0


def until(holds: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := holds()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


def is_over(ws: Workspace, job: str) -> bool:
    return ws.jobs.get(job).state in ("completed", "failed")


@pytest.fixture
def ws(postgres_or_sqlite: Database) -> Workspace:
    return Workspace(session=Session(postgres_or_sqlite))


def test_what_a_transaction_could_not_take_back_is_refused_in_it(ws: Workspace) -> None:
    waits = ws.jobs.add(["resolve"])
    ws.schedules.add("care", "@weekly", ["resolve"])
    began = time.monotonic()
    with ws.transaction() as together:
        for refused in (
            lambda: together.jobs.add(["resolve"]),
            lambda: together.jobs.pause(waits.id),
            lambda: together.jobs.cancel(waits.id),
            lambda: together.schedules.run("care"),
            lambda: together.enrichment.try_out("website", {"domain": "acme.com"}),
        ):
            with pytest.raises(UsageError, match="transaction"):
                refused()
        assert [one.id for one in together.jobs.list().items] == [waits.id]
        assert together.enrichment.try_out("job title", {"title": "CEO"}).answers
    assert time.monotonic() - began < 10  # nobody waited for himself
    assert ws.jobs.get(waits.id).state == "created"


def test_a_command_is_done_once_by_a_worker_the_most_urgent_first(
    ws: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("Name,Email\nAda Lind,ada@lind.se\n")
    late = ws.jobs.add(["import", "nowhere.csv"], folder=tmp_path, retry_limit=0)
    first = ws.jobs.add(["import", "people.csv"], folder=tmp_path, priority=5)
    assert (first.state, first.data["command"]) == ("created", ["import", "people.csv"])
    with Worker(ws.db, slots=1):
        until(lambda: is_over(ws, late.id) and is_over(ws, first.id))
    done, failed = ws.jobs.get(first.id), ws.jobs.get(late.id[-6:])
    assert (done.state, done.output["outcome"]) == ("completed", "done")
    assert done.output["message"].startswith("1 row from 1 file")
    assert failed.state == "failed"
    assert "nowhere.csv cannot be read" in failed.output
    assert done.completed_at
    assert failed.started_at
    assert done.completed_at <= failed.started_at
    assert [lead.full_name for lead in ws.leads.find().items] == ["Ada Lind"]
    page = ws.jobs.list(limit=1)
    assert [one.id for one in page.items] == [first.id]
    assert [one.id for one in ws.jobs.list(after=page.next).items] == [late.id]


def test_a_job_is_put_off_paused_and_cancelled(ws: Workspace) -> None:
    command = ["resolve", "--all"]
    job = ws.jobs.add(command, start_after_s=3_600, singleton_key="care", expire_in_s=60)
    assert ws.jobs.add(command, singleton_key="care").id == job.id
    assert (job.singleton_key, job.expire_in_s, job.retry_limit) == ("care", 60, 2)
    assert ws.jobs.pause(job.id).state == "paused"
    assert ws.jobs.resume(job.id).state == "created"
    assert ws.jobs.cancel(job.id).state == "cancelled"
    with pytest.raises(ConflictError, match="cannot be paused"):
        ws.jobs.pause(job.id)
    with pytest.raises(UsageError, match="cannot do 'leads'"):
        ws.jobs.add(["leads"])
    with pytest.raises(NotFoundError, match="There is no job 'nothing'"):
        ws.jobs.get("nothing")


def test_jobs_of_another_workspace_are_not_seen(lite: Database) -> None:
    with Workspace(session=Session(lite)) as ws:
        job = ws.jobs.add(["resolve"])
        ws.workspaces.create("other")
    other = Workspace(session=Session(lite, acting=find_acting(lite, "other", None)))
    assert other.jobs.list().items == []
    with pytest.raises(NotFoundError):
        other.jobs.cancel(job.id)


WORKER = [sys.executable, "-W", "ignore", "-m", "leadloom", "worker", "--slots", "1"]


# The command, which kills itself when it has written the first rows.
CUT_SHORT = """
import os, signal
from leadloom.cli import main
from leadloom.imports import importer

importer.BATCH, take_in = 200, importer.Importer._take_in

def take_in_some(*given):
    take_in(*given)
    os.kill(os.getpid(), signal.SIGKILL)

importer.Importer._take_in = take_in_some
main()
"""


def test_an_import_typed_by_hand_that_was_killed_is_gone_on_with_by_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 600
    lines = [f"Person {n:05},p{n}@x{n % 90}.example" for n in range(rows)]
    (tmp_path / "people.csv").write_text("\n".join(["Name,Email", *lines, ""]))
    url = f"sqlite:///{tmp_path / 'leads.db'}"
    by_hand = [sys.executable, "-W", "ignore", "-c", CUT_SHORT]
    command = [*by_hand, "--db", url, "import", "people.csv"]
    done = subprocess.run(command, cwd=tmp_path, stderr=subprocess.DEVNULL, check=False)
    assert done.returncode == -signal.SIGKILL
    with Workspace(url) as ws:
        with Worker(ws.db, slots=1) as worker:
            assert worker.jobs.list() == []  # who typed it may type it again
        monkeypatch.setattr(orphans, "PATIENCE", dt.timedelta(0))
        (tmp_path / "people.csv").rename(tmp_path / "elsewhere.csv")
        with Jobs(ws.db) as jobs:
            assert orphans.send_orphans(ws.db, jobs) == []  # its file is not on this machine
            (tmp_path / "elsewhere.csv").rename(tmp_path / "people.csv")
            sent = orphans.send_orphans(ws.db, jobs)
            assert orphans.send_orphans(ws.db, jobs) == sent
        with Worker(ws.db, slots=1) as worker:
            until(lambda: worker.jobs.get(sent[0]).state == "completed")
        assert [run.status for run in ws.runs.list().items] == ["completed"]
        assert ws.stats()["leads"] == ws.stats()["records"] == rows
        assert ws.verify().differences == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_import_whose_worker_ends_is_gone_on_with_by_the_next(
    tmp_path: Path, how: signal.Signals
) -> None:
    rows = 1_500
    lines = [f"Person {n:05},p{n}@x{n % 90}.example" for n in range(rows)]
    (tmp_path / "people.csv").write_text("\n".join(["Name,Email", *lines, ""]))
    env = {**os.environ, "LEADLOOM_DB": f"sqlite:///{tmp_path / 'leads.db'}"}
    with Workspace(env["LEADLOOM_DB"]) as ws:
        job = ws.jobs.add(["import", "people.csv"], folder=tmp_path)
        with subprocess.Popen(WORKER, env=env, stderr=subprocess.PIPE) as working:
            until(lambda: ws.stats()["records"])
            working.send_signal(how)
        subprocess.run([*WORKER, "--until-idle"], env=env, check=True, timeout=PATIENCE_S)
        until(lambda: is_over(ws, job.id))
        assert ws.jobs.get(job.id).output["outcome"] == "done"
        assert ws.stats()["leads"] == rows
        assert ws.verify().differences == []


def test_what_waits_comes_along_with_a_backup_and_is_done_when_somebody_says_so(
    ws: Workspace, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "people.csv").write_text("Name,Email\nAda Lind,ada@lind.se\n")
    first = ws.jobs.add(["import", "people.csv"], folder=tmp_path, singleton_key="drop")
    asleep = ws.jobs.add(["resolve", "--all"], start_after_s=3_600)
    dropped = ws.jobs.add(["resolve"])
    ws.jobs.pause(asleep.id)
    ws.jobs.cancel(dropped.id)
    saved = ws.backup(tmp_path / "saved.backup")
    if ws.db.file:
        other = Database(f"sqlite:///{tmp_path / 'beside.db'}")
    else:
        other = Database(fresh(request.getfixturevalue("postgres"), "beside"))
    restore(other, saved)
    copy = Workspace(session=Session(other))
    came = {one.id: one for one in copy.jobs.list().items}
    assert {one.state for one in came.values()} == {"paused"}
    assert set(came) == {first.id, asleep.id}
    assert "came with a backup" in came[first.id].output
    with Worker(other, slots=1) as worker:  # the database it was taken of is alive
        assert worker.jobs_came_along == 2
        assert worker.jobs.is_idle()
    assert copy.stats()["records"] == 0

    assert copy.jobs.cancel(asleep.id).state == "cancelled"
    assert [one.id for one in copy.jobs.resume_all()] == [first.id]
    with Worker(other, slots=1):
        until(lambda: is_over(copy, first.id))
    assert [one.full_name for one in copy.leads.find().items] == ["Ada Lind"]
    assert [one.id for one in copy.jobs.list().items] == [first.id]
    other.close()


def test_a_backup_put_back_does_no_job_again_that_was_done_meanwhile(
    ws: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("Name,Email\nAda Lind,ada@lind.se\n")
    done = ws.jobs.add(["import", "people.csv"], folder=tmp_path)
    later = ws.jobs.add(["resolve"], start_after_s=3_600)
    saved = ws.backup(tmp_path / "saved.backup")
    with Worker(ws.db, slots=1):
        until(lambda: is_over(ws, done.id))
    restore(ws.db, saved, force=True)
    with Worker(ws.db, slots=1) as worker:
        assert worker.jobs_came_along == 0
        assert worker.jobs.is_idle()
    assert ws.stats()["records"] == 0
    states = {one.id: one.state for one in ws.jobs.list().items}
    assert states == {done.id: "completed", later.id: "created"}
    with ws.db.read() as conn:
        left = conn.scalars(sa.select(waiting_jobs.c.job_id)).all()
    assert left == [later.id]


def test_a_job_of_before_they_were_kept_is_kept_when_a_worker_comes(
    ws: Workspace, tmp_path: Path
) -> None:
    later = ws.jobs.add(["resolve"], start_after_s=3_600, priority=3)
    paused = ws.jobs.add(["resolve", "--all"], singleton_key="all")
    ws.jobs.pause(paused.id)
    with ws.db.write() as conn:
        before = _kept(conn)
        conn.execute(waiting_jobs.delete())
    with Worker(ws.db, slots=1) as worker:
        assert worker.jobs_came_along == 0
    with ws.db.read() as conn:
        kept = _kept(conn)
    assert set(kept) == {later.id, paused.id}
    for key, (terms, after) in before.items():
        assert kept[key][0] == terms
        assert abs((kept[key][1] or NEVER) - (after or NEVER)) < dt.timedelta(seconds=5)


NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


def _kept(conn: sa.Connection) -> dict[str, tuple[Any, dt.datetime | None]]:
    rows = conn.execute(sa.select(waiting_jobs)).all()
    terms = ("workspace_id", "name", "data", "terms", "priority", "created_by")
    return {row.job_id: ([row._mapping[name] for name in terms], row.start_after) for row in rows}
