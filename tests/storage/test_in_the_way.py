"""A sound file that somebody else holds, or that may not be written: never taken for a broken one,
never given advice that would lose it."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filling import contents, old
from test_sqlite_errors import _powerless as powerless

from leadloom.errors import LeadloomError
from leadloom.storage import schema
from leadloom.storage.backups import backup
from leadloom.storage.copy import copy
from leadloom.storage.database import Database
from leadloom.storage.health import check, maintenance
from leadloom.storage.health.recover import recover
from leadloom.storage.restore import restore
from leadloom.workspace import Workspace

Work = Callable[[Database, Path], object]
IN_USE = "in use by another program"
WORKS: dict[str, Work] = {
    "backup": lambda db, out: backup.take(db, target=out / "b.backup"),
    "portable": lambda db, out: backup.take(db, target=out / "b.backup", is_portable=True),
    "copy": lambda db, out: copy(db, Database(f"sqlite:///{out / 'copy.db'}")),
    "check": lambda db, out: check.check(db),
    "recover": lambda db, out: recover(db, out / "saved.db"),
    "restore": lambda db, out: restore(db, out / "given.backup", force=True),
    "maintain": lambda db, out: maintenance.maintain(db, is_full=True),
    "downgrade": lambda db, out: schema.downgrade(db, "0011", allow_data_loss=True),
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadloom.storage.sqlite.PATIENCE_S", 0.1)
    monkeypatch.setattr("leadloom.storage.restore._LEAVING_S", 0.1)
    connect = sqlite3.connect

    def connect_in_haste(*given: object, **named: object) -> sqlite3.Connection:
        return connect(*given, **{"timeout": 0.1, **named})  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", connect_in_haste)


@pytest.fixture
def file() -> Iterator[Path]:
    """A database with one lead, in a folder that everybody may look into."""
    with tempfile.TemporaryDirectory(prefix="ll-way-") as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "leads #1 100%.db"  # a name that an address has to quote
        with Workspace(str(path)) as ws:
            ws.leads.add({"full_name": "Ada Lind"})
        yield path


@pytest.fixture
def out(file: Path) -> Iterator[Path]:
    """A folder that everybody may write to, with a backup of the database in it."""
    with tempfile.TemporaryDirectory(prefix="ll-out-") as folder:
        Path(folder).chmod(0o777)
        db = Database(f"sqlite:///{file}")
        backup.take(db, target=Path(folder) / "given.backup").chmod(0o644)
        db.close()
        yield Path(folder)


@pytest.mark.parametrize("name", WORKS)
def test_a_file_that_another_program_keeps_to_itself_is_said_to_be_in_use(
    file: Path, out: Path, name: str
) -> None:
    db = Database(f"sqlite:///{file}")
    before = contents(db)
    db.close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(LeadloomError, match=IN_USE):
            WORKS[name](db, out)
    finally:
        other.close()
    assert contents(db) == before
    db.close()
    WORKS[name](db, out)
    db.close()


@pytest.mark.parametrize("name", WORKS)
def test_a_file_that_may_not_be_written_is_never_called_damaged(
    file: Path, out: Path, name: str
) -> None:
    db = Database(f"sqlite:///{file}")
    before = contents(db)
    db.close()
    Path(f"{file}-turn").unlink()
    file.chmod(0o444)
    file.parent.chmod(0o555)
    try:
        with powerless():
            WORKS[name](db, out)
    except LeadloomError as error:
        told = str(error)
        assert name != "recover", told  # it only reads, and may have to from a disk like that
        assert "read-only" in told or "Permission denied" in told
        assert "damaged" not in told
        assert "given.backup" not in told
    else:
        assert name == "recover"
    finally:
        file.parent.chmod(0o755)
        file.chmod(0o644)
    db.close()
    assert contents(db) == before
    db.close()


def test_a_migration_that_somebody_is_in_the_way_of_leaves_no_backup_each_time(
    tmp_path: Path,
) -> None:
    db = old(tmp_path / "old.db")
    with db.write() as conn:
        conn.exec_driver_sql("SELECT 1")
        waiting = Database(f"sqlite:///{tmp_path / 'old.db'}")
        for _ in range(2):
            with pytest.raises(LeadloomError, match=IN_USE):
                schema.ensure(waiting)
        assert list(backup.folder(db).iterdir()) == []
    schema.ensure(waiting)
    assert len(list(backup.folder(db).iterdir())) == 1
    with Workspace(f"sqlite:///{tmp_path / 'old.db'}") as ws:
        assert [lead.full_name for lead in ws.leads.find().items] == ["Ada Lind"]
    waiting.close()
    db.close()


def test_what_is_not_in_the_file_yet_is_not_passed_over(file: Path, out: Path) -> None:
    """A file that may not be written and has a log beside it: it is not recovered without."""
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("UPDATE leads SET first_name = 'Late'")
    copied = out / "copied.db"
    for ending in ("", "-wal"):
        shutil.copy(f"{file}{ending}", f"{copied}{ending}")
    writer.close()
    (out / "copied.db").chmod(0o444)
    out.chmod(0o555)
    with tempfile.TemporaryDirectory(prefix="ll-save-") as folder:
        Path(folder).chmod(0o777)
        with powerless(), pytest.raises(LeadloomError, match="read-only"):
            recover(Database(f"sqlite:///{copied}"), Path(folder) / "saved.db")
        out.chmod(0o777)
        recover(Database(f"sqlite:///{copied}"), Path(folder) / "saved.db")
        saved = sqlite3.connect(Path(folder) / "saved.db")
        assert saved.execute("SELECT first_name FROM leads").fetchall() == [("Late",)]
        saved.close()
