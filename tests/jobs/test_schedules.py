"""Schedules: done at their time, once, late when nobody was there, as whoever made them."""

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.accounts.acting import find_acting
from leadloom.errors import AccessError, ConflictError, NotFoundError, UsageError
from leadloom.jobs import child, retention, schedules
from leadloom.jobs.cron import check_cron, next_after
from leadloom.jobs.handlers import handles
from leadloom.jobs.job import Wish
from leadloom.jobs.jobs import Jobs
from leadloom.jobs.worker import Worker
from leadloom.storage.database import Database, Tx
from leadloom.storage.restore import restore
from leadloom.storage.tables import leads, users
from leadloom.storage.tables import schedules as rows
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

BERLIN = ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 3, 2, 11, tzinfo=dt.UTC)  # a Monday
PATIENCE_S = 30.0
MANY = 2_500  # rows, so that importing them takes a while


@handles("test.nothing")
async def nothing(work: Any, data: Any) -> None:
    return None


def opened(db: Database, workspace: str | None = None, user: str | None = None) -> Workspace:
    return Workspace(session=Session(db, acting=find_acting(db, workspace, user)))


def at(db: Database, moment: dt.datetime, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(db, "now", lambda: moment)


def until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("cron", "after", "found"),
    [
        ("0 6 * * 1-5", "2026-03-27T12:00+00:00", "2026-03-30T04:00+00:00"),  # summer time by then
        ("0 6 * * 1-5", "2026-03-26T12:00+00:00", "2026-03-27T05:00+00:00"),
        ("30 2 * * *", "2026-03-28T12:00+00:00", "2026-03-29T01:00+00:00"),  # no 2:30 that night
        ("30 2 * * *", "2026-10-24T12:00+00:00", "2026-10-25T00:30+00:00"),
        ("30 2 * * *", "2026-10-25T00:30+00:00", "2026-10-26T01:30+00:00"),  # not 2:30 once more
        ("30 * * * *", "2026-10-25T00:30+00:00", "2026-10-25T01:30+00:00"),
        ("@daily", "2026-01-01T00:00+00:00", "2026-01-01T23:00+00:00"),
    ],
)
def test_a_time_goes_by_the_clock_of_its_zone(cron: str, after: str, found: str) -> None:
    moment = dt.datetime.fromisoformat(after)
    assert next_after(cron, moment, BERLIN) == dt.datetime.fromisoformat(found)


@pytest.mark.parametrize(
    "text", ["", "every day", "* * * *", "0 0 6 * * *", "61 * * * *", "R 6 * * *", "@reboot"]
)
def test_what_is_no_time_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no time: write minute, hour"):
        check_cron(text, NOON)
    with pytest.raises(UsageError, match="never comes"):
        check_cron("0 0 31 2 *", NOON)


def test_a_schedule_is_made_looked_at_and_taken_out(lite: Database) -> None:
    ws = opened(lite)
    ws.config.set("timezone", "europe/berlin")
    made = ws.schedules.add("nightly", "0  6 * * *", ["enrich", "--fields", "email"])
    assert (made.cron, made.timezone, made.outcome) == ("0 6 * * *", "Europe/Berlin", None)
    assert made.next_at.astimezone(BERLIN).hour == 6
    assert ws.schedules.list() == [made]
    with pytest.raises(ConflictError, match="already"):
        ws.schedules.add("Nightly", "@daily", ["resolve"])
    for command in (["forget", "x"], ["db", "purge"], ["resolve", "train"], ["import", "-"], []):
        with pytest.raises(UsageError):
            ws.schedules.add("other", "@daily", command)
    with pytest.raises(UsageError, match="leave '--db=x' out"):
        ws.schedules.add("other", "@daily", ["db", "maintain", "--db=x"])
    assert ws.schedules.remove("nightly").id == made.id
    with pytest.raises(NotFoundError, match="none yet"):
        ws.schedules.run("nightly")


def test_who_may_make_one(lite: Database) -> None:
    ws = opened(lite)
    ws.users.add("mo@example.com", role="member")
    ws.users.add("vi@example.com", role="viewer")
    opened(lite, user="mo@example.com").schedules.add("a", "@daily", ["resolve"])
    with pytest.raises(AccessError):
        opened(lite, user="mo@example.com").schedules.add("b", "@daily", ["db", "maintain"])
    with pytest.raises(AccessError):
        opened(lite, user="vi@example.com").schedules.add("c", "@daily", ["resolve"])


def test_however_many_look_what_is_due_is_sent_once(
    postgres_or_sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = postgres_or_sqlite
    at(db, NOON, monkeypatch)
    opened(db).schedules.add("hourly", "0 * * * *", ["resolve"])
    with Jobs(db) as jobs:
        assert schedules.send_due(db, jobs, NOON + dt.timedelta(minutes=59)) == []

    def look(_: int) -> list[str]:
        with Jobs(db) as jobs:
            return schedules.send_due(db, jobs, NOON + dt.timedelta(hours=5, minutes=1))

    with ThreadPoolExecutor(3) as pool:
        sent = {job for found in pool.map(look, range(3)) for job in found}
    with Jobs(db) as jobs:
        [job] = jobs.list(name=schedules.JOB)  # five hours were missed: they are made up for once
        assert sent == {job.id}
        assert job.data["due"] == "2026-03-02T12:00:00+00:00"
        # The next one waits while this one does: it is not lost, and not done beside it.
        later = NOON + dt.timedelta(hours=6, minutes=1)
        assert schedules.send_due(db, jobs, later) == []
        jobs.cancel(job.id)
        assert len(schedules.send_due(db, jobs, later)) == 1
    [one] = opened(db).schedules.list()
    assert one.next_at == NOON + dt.timedelta(hours=7)


def test_a_worker_does_it_late_in_its_workspace_and_as_its_maker(
    postgres_or_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = postgres_or_sqlite
    opened(db).workspaces.create("fairs")
    opened(db, "fairs").users.add("mo@example.com", role="member")
    (tmp_path / "drop").mkdir()
    people = "Email,Full Name\nada@example.com,Ada Lind\n"
    (tmp_path / "drop" / "new.csv").write_text(people, "utf-8")
    mo = opened(db, "fairs", "mo@example.com")
    mo.schedules.add("drop", "0 * * * *", ["import", "drop"], folder=tmp_path)
    due = dt.datetime.now(dt.UTC) - dt.timedelta(hours=3)
    with db.write() as conn:
        conn.execute(rows.update().values(after_at=due))
    with Worker(db):
        until(lambda: mo.schedules.list()[0].ended_at)
    [done] = mo.schedules.list()
    assert (done.outcome, done.next_at > dt.datetime.now(dt.UTC)) == ("done", True), done.message
    assert done.message
    assert 2 * 3_600 - 60 <= (done.late_s or 0) <= 3 * 3_600 + 60
    with db.read() as conn:
        made_by = conn.scalar(
            sa.select(users.c.email).join(leads, leads.c.created_by == users.c.id)
        )
    assert made_by == "mo@example.com"
    assert opened(db).leads.count() == 0

    # Whoever is let go does nothing any more, by a schedule neither.
    opened(db, "fairs").users.remove("mo@example.com")
    gone = opened(db, "fairs").schedules.run("drop")
    assert (gone.outcome, "no user" in str(gone.message)) == ("failed", True)
    assert gone.late_s is None


def test_a_folder_stands_for_the_files_in_it(lite: Database, tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    ws = opened(lite)
    ws.schedules.add("drop", "@daily", ["import", "--source", "drop", "drop"], folder=tmp_path)
    empty = ws.schedules.run("drop")
    assert (empty.outcome, "nothing in the folder" in str(empty.message)) == ("done", True)
    for name in (".hidden", "b.csv", "a.csv"):
        text = f"Email,Full Name\n{name[0]}@example.com,Ada Lind\n"
        (tmp_path / "drop" / name).write_text(text, "utf-8")
    assert ws.schedules.run("drop").outcome == "done"
    assert ws.leads.count() == 2
    assert [one.name for one in ws.sources()] == ["drop"]


def test_what_a_worker_that_ends_was_at_is_done_by_the_next(lite: Database, tmp_path: Path) -> None:
    rows_ = "".join(f"p{n}@c{n % 99}.example.com,Ann {n} Lee\n" for n in range(2_500))
    (tmp_path / "many.csv").write_text(f"Email,Full Name\n{rows_}", "utf-8")
    ws = opened(lite)
    ws.schedules.add("drop", "@hourly", ["import", "many.csv"], folder=tmp_path)
    with lite.write() as conn:
        conn.execute(rows.update().values(after_at=NOON))
    with Worker(lite):
        until(lambda: ws.runs.list().items)
    assert ws.schedules.list()[0].outcome == "cut short"
    with Worker(lite):
        until(lambda: ws.schedules.list()[0].ended_at)
    assert ws.schedules.list()[0].outcome == "done"
    assert ws.leads.count() == 2_500


def _is_at_work(process: psutil.Process) -> bool:
    """Whether a process runs; one that has ended may stay as a zombie where nobody asks for it."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_what_a_killed_worker_was_at_ends_with_it_and_is_done_by_the_next(
    lite: Database, tmp_path: Path
) -> None:
    """The command of a worker that dies must not go on beside the one that is begun anew."""
    rows_ = "".join(f"p{n}@c{n % 99}.example.com,Ann {n} Lee\n" for n in range(MANY))
    (tmp_path / "many.csv").write_text(f"Email,Full Name\n{rows_}", "utf-8")
    ws = opened(lite)
    ws.schedules.add("drop", "@hourly", ["import", "many.csv"], folder=tmp_path)
    with lite.write() as conn:
        conn.execute(rows.update().values(after_at=NOON))
    command = (sys.executable, "-m", "leadloom", "--db", str(lite.file), "worker")
    worker = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        until(lambda: any(run.processed for run in ws.runs.list().items))
        under_way = psutil.Process(worker.pid).children(recursive=True)
    finally:
        worker.kill()
        worker.wait()
        killed_at = time.monotonic()
    assert under_way
    until(lambda: not any(map(_is_at_work, under_way)))
    assert time.monotonic() - killed_at < child.STOPS_IN_S + 20
    assert ws.leads.count() < MANY
    with Worker(lite):
        until(lambda: ws.schedules.list()[0].ended_at)
    assert ws.schedules.list()[0].outcome == "done"
    assert ws.leads.count() == MANY


def test_a_run_by_hand_that_is_killed_is_told_as_cut_short(lite: Database, tmp_path: Path) -> None:
    rows_ = "".join(f"p{n}@c{n % 99}.example.com,Ann {n} Lee\n" for n in range(MANY))
    (tmp_path / "many.csv").write_text(f"Email,Full Name\n{rows_}", "utf-8")
    ws = opened(lite)
    ws.schedules.add("drop", "@yearly", ["import", "many.csv"], folder=tmp_path)
    command = (sys.executable, "-m", "leadloom", "--db", str(lite.file), "schedule", "run", "drop")
    by_hand = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: any(run.processed for run in ws.runs.list().items))
        assert ws.schedules.list()[0].outcome == "running"
    finally:
        by_hand.kill()
        by_hand.wait()
    assert ws.schedules.list()[0].outcome == "cut short"
    assert ws.schedules.run("drop").outcome == "done"
    assert ws.leads.count() == MANY


def test_a_run_that_fails_says_why(lite: Database, tmp_path: Path) -> None:
    ws = opened(lite)
    ws.schedules.add("drop", "@daily", ["import", "not-there.csv"], folder=tmp_path)
    failed = ws.schedules.run("drop")
    assert failed.outcome in ("failed", "with failures")
    assert "not-there.csv" in str(failed.message)
    with lite.write() as conn:
        conn.execute(rows.update().values(folder=str(tmp_path / "elsewhere")))
    failed = ws.schedules.run("drop")
    assert (failed.outcome, "not on this machine" in str(failed.message)) == ("failed", True)


def test_jobs_that_are_long_over_are_forgotten(
    postgres_or_sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = postgres_or_sqlite
    assert retention.forget_old(db) is None
    with Worker(db, slots=0) as worker:
        worker.do(Wish("test.nothing"), "usual").result(PATIENCE_S)
        worker.do(Wish("test.nothing", keep_for_s=86_400 * 60), "longer").result(PATIENCE_S)
    opened(db).config.set("keep_jobs_days", "7")
    now = dt.datetime.now(dt.UTC)
    counts = []
    for days in (6, 8, 61):
        at(db, now + dt.timedelta(days=days), monkeypatch)
        counts.append(retention.forget_old(db))
    assert counts == [0, 1, 1]


def test_what_came_with_a_backup_is_done_when_somebody_says_so(
    postgres_or_sqlite: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The database it was taken of is alive, and does its schedules itself."""
    db = postgres_or_sqlite
    opened(db).schedules.add("care", "0 * * * *", ["resolve"])
    saved = opened(db).backup(tmp_path / "saved.backup")
    if db.file:
        other = Database(f"sqlite:///{tmp_path / 'beside.db'}")
    else:
        other = Database(fresh(request.getfixturevalue("postgres"), "beside"))
    restore(other, saved)
    copy = opened(other)
    later = db.now() + dt.timedelta(hours=3)
    [paused] = copy.schedules.list()
    assert paused.is_paused
    assert "came with a backup" in (paused.message or "")
    with Worker(other, slots=1) as worker:
        assert worker.schedules_came_along == 1
        assert schedules.send_due(other, worker.jobs, later) == []
    with Jobs(db) as jobs:
        assert len(schedules.send_due(db, jobs, later)) == 1
    assert not opened(db).schedules.list()[0].is_paused

    [resumed] = copy.schedules.resume_all()
    assert not resumed.is_paused
    assert copy.schedules.list() == [resumed]
    assert copy.schedules.resume_all() == []
    with Jobs(other) as jobs:
        assert schedules.count_came_along(other, jobs) == 0
        assert len(schedules.send_due(other, jobs, later)) == 1
        assert jobs.forget_old(later + dt.timedelta(days=4_000)) == 0  # so long it is known
        assert schedules.count_came_along(other, jobs) == 0
    other.close()


def test_a_schedule_of_before_places_were_known_goes_on_where_it_ran(lite: Database) -> None:
    """It was made by an older release: only its last run tells that it is at home."""
    with lite.write() as conn:
        tx = Tx(conn, lite.now(), 1, 1)
        for name in ("ran", "never ran"):
            schedules.add(tx, name, "0 * * * *", ["resolve"], "/")
        conn.execute(rows.update().where(rows.c.name == "ran").values(due_at=NOON))
        old = schedules.get_schedule(tx, "ran")
    with Jobs(lite) as jobs:
        jobs.send(Wish(schedules.JOB, {}), f"{schedules.JOB}-{old.id}-{NOON:%Y%m%dT%H%M}")
    paused = {one.name: one.is_paused for one in opened(lite).schedules.list()}
    assert paused == {"ran": False, "never ran": True}
    with Jobs(lite) as jobs:
        assert jobs.known([f"{schedules.JOB}-{old.id}"])


def test_what_the_engine_is_to_remember_is_no_job(lite: Database) -> None:
    ws = opened(lite)
    ws.schedules.add("care", "@yearly", ["resolve"])
    assert ws.jobs.list().items == []
    with Jobs(lite) as jobs:
        assert jobs.is_idle()
    with Worker(lite, slots=1) as worker:
        assert worker.jobs.is_idle()
        assert worker.jobs.done_by(worker.executor) == (0, 0)
