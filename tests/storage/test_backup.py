"""Backups: whole, checked, kept in rotation, put back; and nothing lost whatever happens."""

import contextlib
import datetime as dt
import itertools
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from filling import EXAMPLES, contents, fill, old
from servers import fresh

from leadloom.errors import ConflictError, DatabaseError, InputError, SchemaError, UsageError
from leadloom.storage import schema
from leadloom.storage.backups import backup, container, pgtools, rotation, schedule
from leadloom.storage.backups.layout import layouts
from leadloom.storage.database import Database
from leadloom.storage.restore import restore
from leadloom.workspace import Workspace

NUMBER = itertools.count()
SERVERS = {"postgresql": "postgres", "mariadb": "mariadb"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups of databases on servers go to the data folder: one for each test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def small(lite: Database) -> Database:
    """A SQLite database with one lead."""
    with Workspace(address(lite)) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
    return lite


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A SQLite database with something in every corner; tests only read it."""
    db = Database(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'leads.db'}")
    fill(db)
    yield db
    db.close()


def address(db: Database) -> str:
    return db.url.render_as_string(hide_password=False)


def names(db: Database) -> list[str | None]:
    with Workspace(address(db)) as ws:
        return [lead.full_name for lead in ws.leads.find(sort="full_name").items]


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(db: Database) -> None:
    fill(db)
    before = contents(db)
    saved = backup.take(db)
    with Workspace(address(db)) as ws:
        ws.leads.add({"full_name": "Zoe Late"})
    with pytest.raises(ConflictError, match="--force"):
        restore(db, saved)
    after = contents(db)
    assert after != before
    done = restore(db, saved, force=True)
    assert contents(db) == before
    assert done.kept is not None
    restore(db, done.kept, force=True)
    assert contents(db) == after


@pytest.mark.parametrize("kind", ["sqlite", *SERVERS])
def test_a_portable_backup_goes_into_any_database(
    sample: Database, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    saved = backup.take(sample, target=tmp_path / "p.backup", is_portable=True)
    target = _empty(kind, request, tmp_path)
    assert restore(target, saved).kept is None
    assert contents(target) == contents(sample)
    with Workspace(address(target)) as ws:
        assert ws.verify().differences == []
        assert ws.import_files([EXAMPLES / "phone-book.vcf"]).counts["created"] > 0
    target.close()


def _empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if kind == "sqlite":
        return Database(f"sqlite:///{tmp_path / 'restored.db'}")
    return Database(
        fresh(request.getfixturevalue(SERVERS[kind]), f"back_{os.getpid()}_{next(NUMBER)}")
    )


@pytest.mark.parametrize("kind", list(SERVERS))
def test_a_file_goes_to_a_server(
    sample: Database, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    saved = backup.take(sample, target=tmp_path / "file.backup")
    target = _empty(kind, request, tmp_path)
    restore(target, saved)
    assert contents(target) == contents(sample)
    target.close()


@pytest.mark.usefixtures("postgres_tools")
def test_postgresql_is_dumped_by_its_own_program(
    sample: Database, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    target = _empty("postgresql", request, tmp_path)
    restore(target, backup.take(sample, target=tmp_path / "a.backup"))
    saved = backup.take(target, target=tmp_path / "b.backup")
    assert container.read(saved)["content"] == backup.POSTGRESQL
    before = contents(target)
    with Workspace(address(target)) as ws:
        ws.leads.add({"full_name": "Zoe Late"})
    done = restore(target, saved, force=True)
    assert done.kept is not None
    assert contents(target) == before
    with Workspace(address(target)) as ws:
        ws.leads.add({"full_name": "Zoe Late"})
        assert ws.verify().differences == []
    with pytest.raises(UsageError, match="--portable"):
        restore(Database(f"sqlite:///{tmp_path / 'x.db'}"), saved)
    target.close()


@pytest.mark.usefixtures("postgres_tools")
def test_a_dump_that_fails_half_way_leaves_postgresql_as_it_was(
    sample: Database, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    target = _empty("postgresql", request, tmp_path)
    restore(target, backup.take(sample, target=tmp_path / "a.backup"))
    before = contents(target)
    dump = tmp_path / "a.dump"
    assert pgtools.dump(target, dump)
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size * 3 // 4])
    with pytest.raises(DatabaseError, match="nothing was changed"):
        restore(target, dump, force=True)
    assert contents(target) == before
    target.close()


def test_a_backup_says_what_it_is_and_that_the_key_is_not_in_it(small: Database) -> None:
    saved = backup.take(small)
    assert "secret key" in container.read(saved)["secret_key"]
    assert saved.stat().st_mode & 0o077 == 0
    readme = subprocess.run(
        ["tar", "--zstd", "-xOf", str(saved), "README.txt"], capture_output=True, text=True
    )
    if readme.returncode == 0:  # a tar that knows zstd
        assert "LEADLOOM_SECRET_KEY" in readme.stdout


def test_a_backup_is_not_written_over_another_file(small: Database, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("my own")
    with pytest.raises(ConflictError, match="another file"):
        backup.take(small, target=tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "my own"


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="no database"):
        backup.take(Database(f"sqlite:///{tmp_path / 'none.db'}"))
    assert not (tmp_path / "none.db").exists()


def test_backups_of_the_first_version_are_restored(small: Database, tmp_path: Path) -> None:
    first = old(tmp_path / "first.db")
    first.close()
    backup.copy_sqlite(tmp_path / "first.db", tmp_path / "plain.db")
    done = restore(small, tmp_path / "plain.db", force=True)
    assert done.revision == "0001"
    assert names(small) == ["Ada Lind"]
    assert schema.current(small) == schema.HEAD


@pytest.mark.parametrize("is_portable", [False, True])
def test_backups_of_an_old_schema_are_restored_and_upgraded(
    tmp_path: Path, is_portable: bool
) -> None:
    first = old(tmp_path / "first.db")
    saved = backup.take(first, is_portable=is_portable)
    new = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert restore(new, saved).revision == "0001"
    assert names(new) == ["Ada Lind"]
    assert schema.current(new) == schema.HEAD
    with new.read() as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM records")) == 1


@pytest.mark.parametrize("is_portable", [False, True])
def test_a_flipped_byte_is_found_wherever_it_is(
    small: Database, tmp_path: Path, is_portable: bool
) -> None:
    saved = backup.take(small, is_portable=is_portable)
    sound = saved.read_bytes()
    with small.read() as conn:
        places = layouts(conn)
    before = contents(small, places)
    spoilt = tmp_path / "spoilt.backup"
    unfelt = 0
    for place in range(0, len(sound), max(len(sound) // 60, 1)):
        flipped = bytearray(sound)
        flipped[place] ^= 0x10
        spoilt.write_bytes(flipped)
        with contextlib.suppress(InputError):
            restore(small, spoilt, force=True)
            unfelt += 1
        assert contents(small, places) == before, place
    assert unfelt <= 1  # what packs a file has a bit or two that say nothing
    for length in (0, 3, 100, len(sound) // 2, len(sound) - 1):
        spoilt.write_bytes(sound[:length])
        with pytest.raises(InputError):
            restore(small, spoilt, force=True)
    assert contents(small) == before


def test_a_database_somebody_works_with_is_not_replaced(
    small: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadloom.storage.restore._LEAVING_S", 0.2)
    saved = backup.take(small)
    small.close()
    with Workspace(address(small)) as ws:
        ws.stats()
        with pytest.raises(ConflictError, match="in use"):
            restore(small, saved, force=True)
    restore(small, saved, force=True)


def test_who_is_just_leaving_is_waited_for(small: Database) -> None:
    saved = backup.take(small)
    small.close()
    ws = Workspace(address(small))
    ws.stats()
    leaving = threading.Timer(0.4, ws.close)
    leaving.start()
    restore(small, saved, force=True)
    leaving.join()
    assert contents(small)["leads"][0] == 1


def test_a_damaged_database_is_replaced_and_kept(small: Database) -> None:
    saved = backup.take(small)
    small.close()
    assert small.file is not None
    small.file.write_bytes(b"nothing of sense" * 1000)
    with pytest.raises(DatabaseError):
        backup.take(small)
    done = restore(small, saved, force=True)
    assert names(small) == ["Ada Lind"]
    assert done.kept is not None
    assert done.kept.read_bytes().startswith(b"nothing of sense")


WRITER = """
import sys, time, leadloom
from leadloom.imports import importer
importer.BATCH = 20

def tell(done, counts):
    print(done, flush=True)
    time.sleep(0.05)  # it goes on for as long as a backup takes, with few rows

with leadloom.open(sys.argv[1]) as ws:
    ws.import_files([sys.argv[2]], on_progress=tell)
"""
ROWS = 1_200


def test_a_backup_is_taken_while_an_import_runs(db: Database, tmp_path: Path) -> None:
    rows = "".join(f"Person {n},p{n}@firm{n % 90}.example.com,Firm {n % 90}\n" for n in range(ROWS))
    (tmp_path / "big.csv").write_text("name,email,company\n" + rows)
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WRITER, address(db), str(tmp_path / "big.csv")],
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    for _ in range(3):
        child.stdout.readline()
    saved = backup.take(db)
    is_running = child.poll() is None
    child.stdout.read()
    child.stdout.close()
    assert child.wait() == 0
    assert is_running
    restored = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    if container.read(saved)["content"] != backup.POSTGRESQL:
        restore(restored, saved)
        with Workspace(address(restored)) as ws:
            assert 0 < ws.stats()["leads"] < ROWS
            assert ws.verify().differences == []
            assert ws.runs.resume("last") is not None
            assert ws.stats()["leads"] == ROWS


def run_with_room(limit_bytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that can write no file larger than a disk with that much room would hold."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "leadloom", *arguments],
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("form", [[], ["--portable"]])
def test_no_room_for_a_backup_is_told_and_leaves_nothing(
    sample: Database, tmp_path: Path, form: list[str]
) -> None:
    before = contents(sample)
    target = tmp_path / "out"
    done = run_with_room(
        20_000, "--db", address(sample), "db", "backup", str(target / "b.backup"), *form
    )
    assert done.returncode == 3
    assert "no room" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(target.iterdir()) == []
    assert contents(sample) == before


def test_no_room_for_a_copy_is_told_and_it_goes_on_later(sample: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    command = ("--db", address(sample), "db", "copy", "--resume", "--to", str(target))
    done = run_with_room(500_000, *command)
    assert done.returncode == 3
    assert "room" in done.stderr or "disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert run_with_room(resource.RLIM_INFINITY, *command).returncode == 0
    assert contents(Database(f"sqlite:///{target}")) == contents(sample)


def test_no_room_to_restore_leaves_the_database_as_it_was(sample: Database, tmp_path: Path) -> None:
    saved = backup.take(sample, target=tmp_path / "b.backup")
    mine = tmp_path / "mine.db"
    with Workspace(f"sqlite:///{mine}") as ws:
        ws.leads.add({"full_name": "Ada Lind"})
    done = run_with_room(20_000, "--db", str(mine), "db", "restore", str(saved), "--force")
    assert done.returncode == 3
    assert "room" in done.stderr
    assert names(Database(f"sqlite:///{mine}")) == ["Ada Lind"]
    assert not list(tmp_path.glob("*.part"))


def start_and_kill(after_s: float, *arguments: str) -> bool:
    """Run a command and kill it; return whether it was killed before its end."""
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "leadloom", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        child.wait(after_s)
    except subprocess.TimeoutExpired:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        return True
    return False


def test_a_killed_backup_is_no_backup_and_a_killed_restore_no_loss(
    sample: Database, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.db"
    backup.copy_sqlite(Path(str(sample.file)), mine)
    before = contents(sample)
    saved = backup.take(sample, target=tmp_path / "saved.backup")
    began = time.monotonic()
    assert not start_and_kill(60, "--db", str(mine), "db", "backup", str(tmp_path / "whole"))
    whole_s = time.monotonic() - began
    for part in (0.5, 0.7, 0.8, 0.9, 0.95):
        target = tmp_path / f"killed{part}"
        start_and_kill(whole_s * part, "--db", str(mine), "db", "backup", str(target))
        if target.exists():
            container.read(target)  # what has its name is whole
        start_and_kill(whole_s * part, "--db", str(mine), "db", "restore", str(saved), "--force")
        db = Database(f"sqlite:///{mine}")
        assert contents(db) == before
        db.close()
    assert not start_and_kill(60, "--db", str(mine), "db", "restore", str(saved), "--force")
    db = Database(f"sqlite:///{mine}")
    assert contents(db) == before
    db.close()


def test_a_killed_restore_on_a_server_is_done_again(
    sample: Database, mariadb: str, tmp_path: Path
) -> None:
    saved = backup.take(sample, target=tmp_path / "p.backup", is_portable=True)
    target = Database(fresh(mariadb, f"killed_{os.getpid()}"))
    child = subprocess.Popen(
        [sys.executable, "-m", "leadloom", "--db", address(target), "db", "restore", str(saved)],
        stderr=subprocess.DEVNULL,
    )
    while schema.current(target) != "unfinished" and child.poll() is None:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    if schema.current(target) == "unfinished":
        with pytest.raises(SchemaError, match="restore"):
            Workspace(address(target))
        restore(target, saved)
    assert contents(target) == contents(sample)
    target.close()


def test_what_a_killed_backup_left_is_swept_away_a_day_later(small: Database) -> None:
    folder = backup.folder(small)
    folder.mkdir(exist_ok=True)
    halves = [folder / f"leads-20260301-120000-000000.backup{end}" for end in (".part", ".inner")]
    for path in (*halves, folder / "mine.part"):
        path.write_text("half")
    backup.take(small)
    assert all(path.exists() for path in halves)  # somebody may be at it still
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    backup.take(small)
    assert not any(path.exists() for path in halves)
    assert (folder / "mine.part").exists()
    assert len(list(folder.glob("*.backup"))) == 2


def test_a_killed_migration_loses_nothing(tmp_path: Path) -> None:
    for part in range(6):
        path = tmp_path / f"old{part}.db"
        first = old(path)
        first.close()
        start_and_kill(0.9 + part * 0.15, "--db", str(path), "db", "upgrade")
        again = Database(f"sqlite:///{path}")
        assert schema.current(again) in ("0001", schema.HEAD)
        assert names(again) == ["Ada Lind"]
        again.close()


def make_old(db: Database, *days: dt.datetime) -> None:
    folder = backup.folder(db)
    folder.mkdir(exist_ok=True)
    for day in days:
        (folder / f"{backup.stem(db)}-{day:%Y%m%d-%H%M%S-%f}.backup").write_text("x")


def test_rotation_keeps_days_weeks_and_months(small: Database) -> None:
    newest = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
    make_old(small, *(newest - dt.timedelta(hours=8 * n) for n in range(3 * 400)))
    named = backup.folder(small) / "leads-before-0005.backup"
    named.write_text("mine")
    rotation.thin_out(small)
    kept = [one.taken_at.date().isoformat() for one in rotation.taken(small)]
    assert kept[:7] == [f"2026-03-{day}" for day in range(31, 24, -1)]
    assert kept[7:9] == ["2026-03-22", "2026-03-15"]
    assert "2026-02-28" in kept
    assert kept[-1] == "2025-04-30"
    assert len(kept) == 7 + 2 + 11
    assert named.exists()


def test_keeping_some_keeps_the_newest(small: Database) -> None:
    newest = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
    make_old(small, *(newest - dt.timedelta(days=n) for n in range(5)))
    gone = rotation.thin_out(small, keep=2)
    assert len(gone) == 3
    assert [one.taken_at.day for one in rotation.taken(small)] == [31, 30]


def test_another_databases_backups_are_not_touched(small: Database) -> None:
    other = Database(f"sqlite:///{small.folder / 'leads-2.db'}")
    make_old(other, dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC))
    rotation.thin_out(small, keep=1)
    assert len(rotation.taken(other)) == 1
    assert rotation.taken(small) == []


def test_a_day_has_one_daily_backup(small: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    assert rotation.todays(small, now) is None
    saved = backup.take(small)
    assert rotation.todays(small, now) == saved
    assert rotation.todays(small, now + dt.timedelta(days=1)) is None


CRONTAB = """#!/bin/sh
case "$1" in
  -l) cat "$HOME/tab" 2>/dev/null || exit 1 ;;
  -) cat > "$HOME/tab" ;;
esac
"""


def test_a_daily_backup_is_a_line_in_the_crontab(
    small: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(CRONTAB)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "tab").write_text("@daily mine\n")
    line = schedule.install(small)
    assert (tmp_path / "tab").read_text() == f"@daily mine\n{schedule.install(small)}\n"
    assert schedule.is_installed(small)
    command = line.split(None, 5)[5].split(" #")[0]
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert len(rotation.taken(small)) == 1
    assert schedule.remove(small)
    assert (tmp_path / "tab").read_text() == "@daily mine\n"


def test_no_password_goes_into_the_crontab() -> None:
    with pytest.raises(UsageError, match="password"):
        schedule.line(Database("postgresql://me:hunter2@localhost/leads"))


def test_the_file_in_a_backup_is_a_database_by_itself(small: Database, tmp_path: Path) -> None:
    saved = backup.take(small)

    def keep(name: str, content: object) -> None:
        if name == "leadloom.db":
            (tmp_path / "inner.db").write_bytes(content.read())  # type: ignore[attr-defined]

    container.read(saved, keep)
    with sqlite3.connect(tmp_path / "inner.db") as conn:
        assert conn.execute("SELECT full_name FROM leads").fetchall() == [("Ada Lind",)]
    conn.close()


def test_what_lies_in_the_log_beside_a_plain_file_is_restored_too(
    small: Database, tmp_path: Path
) -> None:
    small.close()
    assert small.file is not None
    plain = tmp_path / "plain.db"
    with contextlib.closing(sqlite3.connect(small.file)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("UPDATE leads SET first_name = 'Late'")
        conn.commit()
        for ending in ("", "-wal"):  # as somebody copies them who does not know
            plain.with_name(plain.name + ending).write_bytes(
                small.file.with_name(small.file.name + ending).read_bytes()
            )
    new = Database(f"sqlite:///{tmp_path / 'new.db'}")
    restore(new, plain)
    with new.read() as conn_:
        assert conn_.scalar(sa.text("SELECT first_name FROM leads")) == "Late"
    new.close()
    assert sorted(one.name for one in tmp_path.glob("new.db*")) == ["new.db"]
