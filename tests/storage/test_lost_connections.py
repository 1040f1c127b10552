"""A server that goes away in the middle: a clear error, nothing lost, and work goes on after it."""

import csv
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from servers import MariaDb, Postgres, fresh

from leadloom.errors import DatabaseError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace

ROWS = 8_000  # four batches
Server = MariaDb | Postgres


@pytest.fixture(scope="module", params=[Postgres, MariaDb])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of this module's own, to be stopped and started."""
    request.getfixturevalue("mariadb" if request.param is MariaDb else "postgres")
    kind = request.param
    with MariaDb("--innodb-flush-log-at-trx-commit=1") if kind is MariaDb else kind() as running:
        yield running


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


def _importing(url: str, people: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "leadloom", "--db", url, "import", str(people)]
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
