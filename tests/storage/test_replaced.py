"""A database on a server is replaced by a backup, or upgraded, while an import writes to it: what
the import still holds in mind is not mixed with what is there now."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.errors import ConflictError, SchemaError
from leadloom.imports import importer
from leadloom.storage import schema
from leadloom.storage.backups import backup
from leadloom.storage.database import Database
from leadloom.storage.restore import restore
from leadloom.workspace import Workspace

ROWS = 6
Strike = Callable[[Database, Path], None]


def _before(db: Database, saved: Path) -> None:
    """Put back what was there before the import began."""
    restore(db, saved, force=True)


def _before_and_begin_another(db: Database, saved: Path) -> None:
    """And begin another run, which gets the same number."""
    restore(db, saved, force=True)
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        ws.leads.add({"full_name": "Ben Stern"})


@pytest.mark.parametrize("strike", [_before, _before_and_begin_another])
def test_an_import_ends_when_its_database_was_replaced(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strike: Strike
) -> None:
    db = _import_struck(postgres, tmp_path, monkeypatch, strike)
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        there = {lead.full_name for lead in ws.leads.find().items}
        assert there == {"Ada Lind"} | ({"Ben Stern"} if strike is not _before else set())
        assert {run.status for run in ws.runs.list(edits=True).items} == {"completed"}
        assert ws.verify().differences == []
    db.close()


def test_an_import_ends_when_it_was_put_back_to_an_earlier_stage(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strike(db: Database, _: Path) -> None:
        strike_at.append(len(strike_at))
        if len(strike_at) == 1:
            backup.take(db, target=tmp_path / "stage.backup", is_portable=True)
        else:
            restore(db, tmp_path / "stage.backup", force=True)

    strike_at: list[int] = []
    db = _import_struck(postgres, tmp_path, monkeypatch, strike)
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        assert ws.stats()["leads"] == 2
        ws.runs.resume("last")
        assert ws.stats()["leads"] == ROWS + 1
    db.close()


def test_an_import_ends_when_a_newer_version_upgraded_its_database(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it wrote from then on would lack what followed the upgrade."""
    monkeypatch.setattr(importer, "BATCH", 1)
    people = tmp_path / "people.csv"
    people.write_text("Name\n" + "".join(f"Person {chr(65 + n)}lind\n" for n in range(ROWS)))
    db = Database(database_url)

    def upgrade_to(revision: str) -> None:
        with db.write() as conn:
            told = sa.text("UPDATE alembic_version SET version_num = :revision")
            conn.execute(told, {"revision": revision})

    with Workspace(database_url) as ws:
        with pytest.raises(SchemaError, match="brought to revision 9999"):
            ws.import_files([str(people)], on_progress=lambda done, counts: upgrade_to("9999"))
        assert ws.stats()["leads"] == 1
        upgrade_to(schema.HEAD)
        ws.runs.resume("last")
        assert ws.stats()["leads"] == ROWS
    db.close()


def _import_struck(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strike: Strike
) -> Database:
    """Import row by row into a database with one lead, and strike after each."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(importer, "BATCH", 1)
    url = fresh(server, "t_replaced")
    db = Database(url)
    people = tmp_path / "people.csv"
    people.write_text("Name\n" + "".join(f"Person {chr(65 + n)}lind\n" for n in range(ROWS)))
    with Workspace(url) as ws:
        ws.leads.add({"full_name": "Ada Lind"})
        saved = backup.take(db, target=tmp_path / "before.backup", is_portable=True)
        with pytest.raises(ConflictError, match="replaced meanwhile"):
            ws.import_files([str(people)], on_progress=lambda done, counts: strike(db, saved))
    return db
