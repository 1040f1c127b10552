"""The schema: models and migrations agree, up and down, and nobody's data is lost on the way."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from leadloom.errors import DatabaseError, SchemaError, UsageError
from leadloom.storage import copy, restore, schema
from leadloom.storage.backups import backup
from leadloom.storage.database import Database, parse_url
from leadloom.storage.partitions import is_model
from leadloom.storage.tables import metadata
from leadloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("real_starts")


def test_migrations_make_just_what_the_models_say(db: Database) -> None:
    with db.read() as conn:
        context = MigrationContext.configure(
            conn, opts={"compare_type": True, "include_name": is_model}
        )
        assert compare_metadata(context, metadata) == []


def test_the_newest_revision_is_the_one_the_code_asks_for() -> None:
    assert schema.revisions()[-1] == schema.HEAD


def test_down_to_nothing_and_up_again(db: Database) -> None:
    schema.downgrade(db, schema.BASE)
    with db.read() as conn:
        assert sa.inspect(conn).get_table_names() == ["alembic_version"]
    schema.upgrade(db)
    assert schema.current(db) == schema.HEAD
    with db.read() as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM workspaces")) == 1


def test_taking_down_a_database_with_data_asks_first_and_backs_up(lite: Database) -> None:
    with Workspace(lite.url.render_as_string()) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
    with pytest.raises(UsageError, match="--allow-data-loss"):
        schema.downgrade(lite, schema.BASE)
    saved = schema.downgrade(lite, schema.BASE, allow_data_loss=True)
    assert saved is not None
    restore.restore(lite, saved, force=True)
    found = Workspace(lite.url.render_as_string()).leads.find("lind").items
    assert [lead.full_name for lead in found] == ["Ada Lind"]


def test_a_database_of_a_newer_version_is_refused(lite: Database) -> None:
    with lite.write() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="newer Leadloom"):
        schema.ensure(lite)


def test_a_newer_one_is_not_copied_and_its_backup_replaces_nothing(
    lite: Database, tmp_path: Path
) -> None:
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    schema.ensure(other)
    with lite.write() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="newer Leadloom"):
        copy.copy(lite, other)
    for is_portable in (False, True):
        saved = backup.take(lite, f"{is_portable}", is_portable=is_portable)
        with pytest.raises(SchemaError, match="newer Leadloom"):
            restore.restore(other, saved, force=True)
    assert schema.current(other) == schema.HEAD
    other.close()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE invoices (id INTEGER)")
    conn.close()
    with pytest.raises(SchemaError, match="another program"):
        schema.ensure(Database(str(path)))


def test_a_file_that_is_no_database_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("just some notes, and long enough to be looked at" * 50)
    with pytest.raises(DatabaseError, match="not a database"):
        schema.ensure(Database(str(path)))


@pytest.mark.parametrize("url", ["oracle://x/y", "sqlite://", "://", "mysql://a@b"])
def test_an_address_of_no_use_is_told_so(url: str) -> None:
    with pytest.raises(UsageError):
        Database(url)


def test_a_path_is_a_sqlite_file() -> None:
    assert parse_url("a/b.db").database == "a/b.db"
    assert parse_url("postgres://u@h/n").drivername == "postgresql+psycopg"


def test_a_backup_is_a_whole_database_and_restoring_keeps_the_old_one(lite: Database) -> None:
    ws = Workspace(lite.url.render_as_string())
    ws.leads.add({"full_name": "Ada Lind"})
    saved = ws.backup()
    ws.leads.add({"full_name": "Ben Stern"})
    ws.close()
    kept = restore.restore(lite, saved, force=True).kept
    assert kept is not None
    again = Workspace(lite.url.render_as_string())
    assert [lead.full_name for lead in again.leads.find().items] == ["Ada Lind"]
    old = Workspace(str(kept))
    assert len(old.leads.find().items) == 2


def test_no_password_is_shown() -> None:
    assert "hunter2" not in Database("postgresql://me:hunter2@localhost/x").label
