"""The engine's tables are made at its first use: at once, and wholly or not at all."""

import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from servers import fresh

from leadloom.jobs import place
from leadloom.jobs.job import Wish
from leadloom.jobs.jobs import Jobs
from leadloom.storage.database import Database

# Dies as by kill -9 at the n-th statement that makes a table or an index.
DYING = """
import os, signal, sys
import sqlalchemy as sa
from leadloom.jobs import place
from leadloom.jobs.jobs import Jobs
from leadloom.storage.database import Database

url, left = sys.argv[1], int(sys.argv[2])

def made(conn, cursor, statement, *_):
    global left
    left -= statement.lstrip().upper().startswith(("CREATE", "ALTER"))
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

sa.event.listen(sa.Engine, "after_cursor_execute", made)
with Jobs(Database(url)) as jobs:
    jobs.list(limit=1)
"""


def test_the_tables_of_jobs_are_made_in_one_transaction(lite: Database) -> None:
    """Each commit waits for the disk, and somebody waits for the first run."""
    changed: list[str] = []

    def note(conn: sa.Connection) -> None:
        changed.append("commit")

    with Jobs(lite) as jobs:
        sa.event.listen(jobs._engine, "commit", note)
        jobs.list(limit=1)
        assert 1 <= len(changed) <= 2


def test_a_server_is_not_waited_for_at_each_step_and_is_again_afterwards(postgres: str) -> None:
    """PostgreSQL's tables are made in some seventy transactions."""
    db, waits = Database(fresh(postgres, "first_start")), []

    def note(conn: sa.Connection) -> None:
        waits.append(conn.exec_driver_sql("SHOW synchronous_commit").scalar())

    with Jobs(db) as jobs:
        sa.event.listen(jobs._engine, "commit", note)
        jobs.list(limit=1)
        assert len(waits) > 10
        assert waits.count("on") <= 10
        waits.clear()
        jobs.send(Wish("any"))
        assert set(waits) == {"on"}
    db.close()


def test_who_is_killed_making_the_tables_leaves_a_place_that_works(tmp_path: Path) -> None:
    for left in (1, 12):
        db = Database(f"sqlite:///{tmp_path / f'leads{left}.db'}")
        command = [sys.executable, "-c", DYING, f"sqlite:///{db.file}", str(left)]
        died = subprocess.run(command, capture_output=True, check=False)
        assert died.returncode == -9, died.stderr
        file = place.file_of(db)
        assert file
        assert file.exists()
        with Jobs(db) as jobs:
            sent = jobs.send(Wish("any", {"n": left}))
            assert jobs.get(sent).data == {"n": left}
        db.close()
