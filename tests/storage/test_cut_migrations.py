"""A migration killed half-way: the next start goes on, on every kind of database."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from servers import fresh

from leadloom.errors import SchemaError
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.partitions import is_model
from leadloom.storage.tables import metadata

pytestmark = pytest.mark.usefixtures("real_starts")

# Changes the schema, and is killed before the n-th change of it.
KILLED = """
import os, signal, sys
import sqlalchemy as sa
from leadloom.storage import schema
from leadloom.storage.database import Database

url, verb, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
database = Database(url)
seen = 0

@sa.event.listens_for(database.engine, "before_cursor_execute")
def _count(conn, cursor, statement, *_):
    global seen
    seen += statement.lstrip().startswith(("CREATE", "ALTER", "DROP"))
    if seen == at:
        os.kill(os.getpid(), signal.SIGKILL)

if verb == "upgrade":
    schema.ensure(database)
else:
    schema.downgrade(database, "base", allow_data_loss=True)
"""


def _kill(url: str, verb: str, at: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, verb, str(at)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Database:
    """A database with nothing in it, not even the schema."""
    if database_url.startswith("sqlite"):
        return Database(f"sqlite:///{tmp_path / 'new.db'}")
    return Database(fresh(sa.make_url(database_url), "t_cut"))


def _is_whole(database: Database) -> bool:
    with database.read() as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM workspaces")) == 1
        options = {"compare_type": True, "include_name": is_model}
        context = MigrationContext.configure(conn, opts=options)
        return compare_metadata(context, metadata) == []


@pytest.mark.parametrize("at", [2, 17, 40])
def test_a_first_start_that_was_killed_is_finished_by_the_next(database: Database, at: int) -> None:
    address = database.url.render_as_string(hide_password=False)
    _kill(address, "upgrade", at)
    schema.ensure(database)
    assert schema.current(database) == schema.HEAD
    assert _is_whole(database)
    database.close()


def test_a_way_down_that_was_killed_is_finished_or_told(database: Database) -> None:
    schema.ensure(database)
    _kill(database.url.render_as_string(hide_password=False), "downgrade", 12)
    if database.engine.dialect.name == "mysql":  # its changes of a schema cannot be taken back
        with pytest.raises(SchemaError, match="leadloom db downgrade base"):
            schema.ensure(database)
    else:
        schema.ensure(database)
        assert _is_whole(database)
    schema.downgrade(database, schema.BASE)
    schema.ensure(database)
    assert _is_whole(database)
    database.close()
