"""A server, or who talks to it, goes away in the middle: a clear error, nothing acknowledged lost,
and the next start or the same command goes on."""

import csv
import itertools
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from filling import contents, old
from servers import MariaDb, Postgres, fresh

from leadloom.errors import DatabaseError, LeadloomError, SchemaError
from leadloom.storage import schema
from leadloom.storage.backups import backup, container
from leadloom.storage.copy import copy
from leadloom.storage.database import Database
from leadloom.storage.restore import restore
from leadloom.workspace import Workspace

NUMBER = itertools.count()
PATIENCE_S = 120.0
GONE = r"went away|cannot be reached|could not finish"
ROWS = 1_500  # three batches of those that the import below is given
Server = MariaDb | Postgres


@pytest.fixture(scope="module", params=[Postgres, MariaDb])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of this module's own, to be stopped and started."""
    request.getfixturevalue("mariadb" if request.param is MariaDb else "postgres")
    kind = request.param
    with MariaDb("--innodb-flush-log-at-trx-commit=1") if kind is MariaDb else kind() as running:
        yield running


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups go to the data folder: one for each test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def url(server: Server) -> str:
    return fresh(server.url, "t_lost")


def _cut_all(url: str) -> int:
    """End every other session on the server, as an administrator would."""
    own = sa.create_engine(Database(url).url)
    with own.connect() as conn:
        if conn.dialect.name == "mysql":
            query = "SELECT id FROM information_schema.processlist WHERE id <> connection_id()"
            query += " AND db = DATABASE()"
            cut = list(conn.scalars(sa.text(query)))
            for one in cut:
                conn.execute(sa.text(f"KILL {one}"))
        else:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            query += " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            cut = list(conn.scalars(sa.text(query)))
    own.dispose()
    return len(cut)


def test_a_connection_cut_in_a_transaction_leaves_nothing_and_the_next_works(url: str) -> None:
    with Workspace(url) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
        with pytest.raises(DatabaseError, match="went away in the middle"):
            _add_two_and_cut(ws, url)
        ws.leads.add({"full_name": "Dee Park"})  # the pool's dead connections are found out
        assert {lead.full_name for lead in ws.leads.find().items} == {"Ada Lind", "Dee Park"}


def _add_two_and_cut(ws: Workspace, url: str) -> None:
    with ws.transaction() as inside:
        inside.leads.add({"full_name": "Ben Stern"})
        assert _cut_all(url) >= 1
        inside.leads.add({"full_name": "Cy Young"})


IMPORT = """
import leadloom.cli
from leadloom.imports import importer, workers
importer.BATCH, workers.WORTH_IT = 500, 1
leadloom.cli.main()
"""


def _importing(url: str, people: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", IMPORT, "--db", url, "import", str(people)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _until_some_are_in(url: str) -> None:
    deadline = time.monotonic() + 60
    with Workspace(url) as ws:
        while ws.stats()["records"] <= 1:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.mark.parametrize(
    "strike",
    [
        pytest.param(lambda server, url: _cut_all(url), id="cut"),
        pytest.param(lambda server, url: server.crash(), id="killed"),
    ],
)
def test_an_import_goes_on_after_its_server_went_away(
    server: Server, url: str, tmp_path: Path, strike: Callable[[Server, str], object]
) -> None:
    people = tmp_path / "people.csv"
    with people.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["Name", "Email"])
        lines.writerows([f"Person {n:05}", f"p{n}@x{n % 90}.example"] for n in range(ROWS))
    with Workspace(url) as ws:
        pooled = ws.leads.add({"full_name": "Ada Lind"}).lead
        running = _importing(url, people)
        _until_some_are_in(url)
        while running.poll() is None:  # between two transactions it only connects anew
            strike(server, url)
            time.sleep(0.05)
        _, errors = running.communicate(timeout=120)
        assert running.returncode == 3, errors
        assert errors.count("The database") == 1
        assert "went away" in errors or "cannot be reached" in errors
        assert "Traceback" not in errors
        assert ws.leads.get(str(pooled.id)).full_name == "Ada Lind"
    again = _importing(url, people)
    _, errors = again.communicate(timeout=120)
    assert again.returncode == 0, errors
    with Workspace(url) as ws:
        assert ws.stats()["leads"] == ROWS + 1
        assert ws.verify().differences == []


@pytest.fixture
def db(server: Server) -> Iterator[Database]:
    """An empty database."""
    database = Database(fresh(server.url, f"t_struck_{next(NUMBER)}"))
    yield database
    database.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A SQLite database with a few leads; tests only read it."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'leads.db'}")
    with Workspace(address(made)) as ws:
        for n in range(20):
            ws.leads.add({"full_name": f"Lind{n:02}", "email": f"p{n}@firm{n % 5}.example"})
    yield made
    made.close()


def address(db: Database) -> str:
    return db.url.render_as_string(hide_password=False)


def names(db: Database) -> list[str | None]:
    with Workspace(address(db)) as ws:
        return [lead.full_name for lead in ws.leads.find(sort="full_name").items]


# Counts the statements of a kind, and before the n-th kills itself, or has the server struck.
STRUCK = """
import os, signal, sys, time
import sqlalchemy as sa
from pathlib import Path
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.restore import restore

url, verb, at, word = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
database = Database(url)
seen = 0

@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _count(conn, cursor, statement, *_):
    global seen
    seen += statement.lstrip().startswith(tuple(word.split("|"))) and conn.dialect.name != "sqlite"
    if seen == at:
        os.kill(os.getpid(), signal.SIGKILL)

if verb == "upgrade":
    schema.ensure(database)
else:
    restore(database, Path(verb), force=True)
"""


def kill(db: Database, verb: str, at: int, word: str) -> None:
    """Let a process do it, and kill it before its `at`-th statement that begins so."""
    command = [sys.executable, "-W", "ignore", "-c", STRUCK, address(db), verb, str(at), word]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture
def of_old(db: Database, tmp_path: Path) -> Database:
    """A database of the first revision, with a lead in it."""
    first = old(tmp_path / "old.db")
    copy(first, db)
    first.close()
    return db


def test_a_killed_migration_of_a_database_with_data_is_finished(of_old: Database) -> None:
    kill(of_old, "upgrade", 30, "CREATE|ALTER|DROP")
    assert names(of_old) == ["Ada Lind"]
    assert schema.current(of_old) == schema.HEAD
    assert backup.folder(of_old).is_dir()  # taken before the first change


def test_a_server_that_crashes_in_a_migration_is_brought_up_later(
    of_old: Database, server: Server
) -> None:
    seen = 0

    @sa.event.listens_for(of_old.engine, "before_cursor_execute")
    def _strike(conn: sa.Connection, cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        seen += statement.lstrip().startswith(("CREATE", "ALTER", "DROP"))
        if seen == 30:
            seen += 1
            server.crash()

    with pytest.raises(LeadloomError, match=GONE):
        schema.ensure(of_old)
    assert names(of_old) == ["Ada Lind"]
    assert schema.current(of_old) == schema.HEAD


@pytest.mark.parametrize("server", [Postgres], indirect=True)
def test_a_killed_restore_over_a_database_is_done_again(
    db: Database, sample: Database, tmp_path: Path
) -> None:
    saved = backup.take(sample, target=tmp_path / "s.backup", is_portable=True)
    with Workspace(address(db)) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
    kill(db, str(saved), 9, "INSERT|COPY|DELETE")
    assert schema.current(db) in (schema.HEAD, "unfinished")
    if schema.current(db) == "unfinished":
        with pytest.raises(SchemaError, match="restore"):
            Workspace(address(db))
    kept = [one for one in backup.folder(db).iterdir() if one.suffix == backup.SUFFIX]
    assert len(kept) == 1  # what was there can be had back
    restore(db, saved, force=True)
    assert contents(db) == contents(sample)
    restore(db, kept[0], force=True)
    assert names(db) == ["Ada Lind"]


@pytest.mark.parametrize("server", [MariaDb], indirect=True)
def test_a_copy_whose_server_crashes_goes_on(
    db: Database, sample: Database, server: Server
) -> None:
    def strike(table: str, done: int) -> None:
        if table == "comparing events" and done:
            server.crash()

    with pytest.raises(LeadloomError, match=GONE):
        copy(sample, db, on_table=strike)
    with pytest.raises(LeadloomError, match="--resume"):
        copy(sample, db)
    report = copy(sample, db, resume=True)
    assert sum(one.kept for one in report.tables) > 0
    assert contents(db) == contents(sample)


@pytest.mark.parametrize("server", [Postgres], indirect=True)
# psycopg cannot close a server's cursor when the line is cut, and says so when that is forgotten.
@pytest.mark.filterwarnings("ignore:.*ServerCursorMixin:pytest.PytestUnraisableExceptionWarning")
def test_a_backup_that_is_cut_off_is_no_backup(db: Database, sample: Database) -> None:
    copy(sample, db)
    stop = threading.Event()

    def strike() -> None:
        while not stop.wait(0.005):
            _cut_all(address(db))

    striking = threading.Thread(target=strike)
    striking.start()
    try:
        with pytest.raises(LeadloomError, match=GONE):
            _back_up_again_and_again(db)
    finally:
        stop.set()
        striking.join()
    for path in backup.folder(db).iterdir():
        container.read(path)  # what has its name is whole, and nothing else lies there
    container.read(backup.take(db))


def _back_up_again_and_again(db: Database) -> None:
    for _ in range(50):
        backup.take(db)


LOAD = """
import sys, leadloom
from leadloom.errors import LeadloomError
with leadloom.open(sys.argv[1]) as ws:
    for n in range(100_000):
        try:
            print(ws.leads.add({"full_name": f"{sys.argv[2]}{n:05}"}).lead.id, flush=True)
        except LeadloomError as error:
            print(error, file=sys.stderr, flush=True)
            if "went away" not in str(error) and "cannot be reached" not in str(error):
                sys.exit(4)
"""


@pytest.mark.parametrize("server", [Postgres], indirect=True)
def test_a_server_that_restarts_under_load_loses_nothing_acknowledged(
    db: Database, server: Server, tmp_path: Path
) -> None:
    schema.ensure(db)
    outs = [tmp_path / f"out{n}" for n in range(2)]
    running = [_adding(db, f"{'AB'[n]}lind", out) for n, out in enumerate(outs)]
    try:
        _wait_for(lambda: all(_lines(out) >= 5 for out in outs))
        server.crash()
        before = [_lines(out) for out in outs]
        _wait_for(lambda: all(_lines(out) > n + 5 for out, n in zip(outs, before, strict=True)))
        ended = [process.poll() for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert ended == [None, None], [(tmp_path / f"err{n}").read_text() for n in range(2)]
    acknowledged = {line for out in outs for line in out.read_text().split("\n")[:-1]}
    with Workspace(address(db)) as ws:
        there = {str(lead.id) for lead in ws.leads.find(limit=100_000).items}
        assert acknowledged <= there
        assert len(there) <= len(acknowledged) + 4  # one on its way, each time it was struck
        assert ws.verify().differences == []
    told = "".join((tmp_path / f"err{n}").read_text() for n in range(2))
    assert "Traceback" not in told


def _adding(db: Database, name: str, out: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-W", "ignore", "-c", LOAD, address(db), name]
    errors = out.with_name(out.name.replace("out", "err"))
    with out.open("wb") as told, errors.open("wb") as wrong:
        return subprocess.Popen(command, stdout=told, stderr=wrong)


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
