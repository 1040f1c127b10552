"""No room left, whatever is being done: nothing acknowledged is lost, and what to do is said."""

import contextlib
import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filling import contents, fill, old
from small_disk import Disk, small_disk

from leadloom.errors import DatabaseError, LeadloomError, NotFoundError
from leadloom.storage import schema
from leadloom.storage.backups import backup
from leadloom.storage.copy import copy
from leadloom.storage.database import Database
from leadloom.storage.health import maintenance
from leadloom.storage.health.recover import recover
from leadloom.storage.restore import restore
from leadloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("real_starts")

NO_ROOM = r"no room|check the disk|disk is full|File too large"
KIB = 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as found:
        yield found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with something in every corner."""
    db = Database(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'leads.db'}")
    fill(db)
    db.close()
    assert db.file is not None
    return db.file


def on(disk: Disk, file: Path) -> Database:
    """Put a database on the small disk."""
    shutil.copy(file, disk.folder / "leads.db")
    return Database(f"sqlite:///{disk.folder / 'leads.db'}")


def files(disk: Disk) -> set[str]:
    """What lies on the disk, but for what SQLite itself keeps beside its file."""
    names = {path.name for path in disk.folder.rglob("*") if path.is_file()}
    return {one for one in names if not one.endswith(("-wal", "-shm", "-turn"))}


def test_what_was_acknowledged_before_it_was_full_is_there_after(disk: Disk) -> None:
    kept: list[str] = []
    with Workspace(str(disk.folder / "leads.db")) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
        with disk.full(leaving=300 * KIB), pytest.raises(DatabaseError, match=NO_ROOM):
            _add_many(ws, kept)
        assert kept
        added = ws.leads.add({"full_name": "Ben Stern"})  # there is room again
        found = {lead.full_name for lead in ws.leads.find(limit=5_000).items}
        assert found == {*kept, "Ada Lind", "Ben Stern"}
        assert ws.leads.get(added.lead.id).full_name == "Ben Stern"
        assert ws.verify().differences == []


def _add_many(ws: Workspace, kept: list[str]) -> None:
    for n in range(2_000):
        ws.leads.add({"full_name": f"Lind{n:05}", "notes": f"{n} " * 2_000})
        kept.append(f"Lind{n:05}")


def test_an_import_goes_on_when_there_is_room(disk: Disk, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    rows = [f"Person {n},p{n}@x{n}.example,{'note ' * 40}{n}" for n in range(1_000)]
    people.write_text("\n".join(["Name,Email,Notes", *rows]))
    with Workspace(str(disk.folder / "leads.db")) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
        with disk.full(leaving=500 * KIB), pytest.raises(DatabaseError, match=NO_ROOM):
            ws.import_files([people])
        assert ws.verify().differences == []
        ws.import_files([people])
        assert ws.stats()["leads"] == 1_001
        assert ws.verify().differences == []


@pytest.mark.parametrize("is_portable", [False, True])
def test_a_backup_leaves_nothing_half_done(disk: Disk, sample: Path, is_portable: bool) -> None:
    db = on(disk, sample)
    before = contents(db)
    with disk.full(leaving=50 * KIB), pytest.raises(DatabaseError, match="no room for the backup"):
        backup.take(db, is_portable=is_portable)
    assert files(disk) == {"leads.db"}
    assert contents(db) == before
    assert backup.take(db, is_portable=is_portable).exists()
    db.close()


@pytest.mark.parametrize("leaving", [8, 150, 350, 450])
def test_a_migration_is_done_later_and_leaves_no_backup_each_time(
    disk: Disk, tmp_path: Path, leaving: int
) -> None:
    first = old(tmp_path / "old.db")
    first.close()
    db = on(disk, tmp_path / "old.db")
    with disk.full(leaving=leaving * KIB):
        for _ in range(2):  # as somebody does who tries again
            if told := _refusal(db):
                assert "no room" in told
                assert len(_backups(disk)) == int(_is_up(db))
    assert schema.current(db) in ("0001", schema.HEAD)
    schema.ensure(db)
    with Workspace(str(db.file)) as ws:
        assert [lead.full_name for lead in ws.leads.find().items] == ["Ada Lind"]
    db.close()


def _backups(disk: Disk) -> list[Path]:
    return [one for one in (disk.folder / "backups").glob("*") if one.is_file()]


def _is_up(db: Database) -> bool:
    """Whether the schema is new; what is stored follows after that, and may find no room."""
    with contextlib.suppress(DatabaseError):
        return schema.current(db) == schema.HEAD
    return False


def _refusal(db: Database) -> str | None:
    try:
        schema.ensure(db)
    except DatabaseError as error:
        return str(error)
    return None


def test_a_copy_goes_on_when_there_is_room(disk: Disk, sample: Path) -> None:
    source = Database(f"sqlite:///{sample}")
    target = Database(f"sqlite:///{disk.folder / 'copy.db'}")
    with disk.full(leaving=900 * KIB), pytest.raises(DatabaseError, match=NO_ROOM):
        copy(source, target)
    with pytest.raises(LeadloomError, match=r"--resume|not finished"):
        copy(source, target)
    copy(source, target, resume=True)
    assert contents(target) == contents(source)
    source.close()
    target.close()


@pytest.mark.parametrize("kind", ["packed", "portable", "plain"])
def test_a_restore_leaves_what_was_there_and_does_not_blame_the_backup(
    disk: Disk, sample: Path, tmp_path: Path, kind: str
) -> None:
    source = Database(f"sqlite:///{sample}")
    saved = sample
    if kind != "plain":
        saved = backup.take(source, target=tmp_path / "b", is_portable=kind == "portable")
    source.close()
    with Workspace(str(disk.folder / "leads.db")) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
    db = Database(f"sqlite:///{disk.folder / 'leads.db'}")
    before = contents(db)
    db.close()
    with disk.full(leaving=40 * KIB), pytest.raises(DatabaseError, match=NO_ROOM) as caught:
        restore(db, saved, force=True)
    assert str(saved) not in str(caught.value)
    assert not [name for name in files(disk) if ".part" in name]
    assert contents(db) == before
    db.close()
    restore(db, saved, force=True)
    assert contents(db) != before
    db.close()


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda db: recover(db, db.folder / "saved.db"), id="recover"),
        pytest.param(lambda db: maintenance.maintain(db, is_full=True), id="maintain"),
    ],
)
def test_other_work_tells_it_too(
    disk: Disk, sample: Path, work: Callable[[Database], object]
) -> None:
    db = on(disk, sample)
    before = contents(db)
    with disk.full(leaving=44 * KIB), pytest.raises(LeadloomError, match=NO_ROOM):
        work(db)
    assert contents(db) == before
    assert files(disk) == {"leads.db"}
    db.close()


def test_who_was_forgotten_is_gone_though_the_file_cannot_be_written_anew(
    disk: Disk, sample: Path
) -> None:
    db = on(disk, sample)
    with Workspace(str(db.file)) as ws:
        lead = ws.leads.find(limit=1).items[0]
        with disk.full(leaving=400 * KIB):
            report = ws.privacy.forget([lead.id])
        assert not report.is_scrubbed
        with pytest.raises(NotFoundError):
            ws.leads.get(lead.id)
        assert ws.verify().differences == []
    db.close()


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.json", "x.vcf"])
@pytest.mark.filterwarnings("error")  # what Python can only tell of as it collects
def test_an_export_is_whole_or_not_there(disk: Disk, sample: Path, name: str) -> None:
    with Workspace(str(sample)) as ws:
        with disk.full(leaving=4 * KIB), pytest.raises(LeadloomError, match=NO_ROOM):
            ws.export(disk.folder / name)
        gc.collect()
        assert files(disk) == set()
        ws.export(disk.folder / name)
