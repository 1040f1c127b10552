"""An import tried out in part, told what one table's columns hold, and its run looked into."""

from pathlib import Path

import pytest

from leadloom.errors import UsageError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


@pytest.fixture
def ws(db: Database) -> Workspace:
    return Workspace(session=Session(db))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files with a column of the same name that means something else in each."""
    fair, list_ = tmp_path / "fair.csv", tmp_path / "list.csv"
    fair.write_text("Name,Info\nAda Lind,Hall 4\nBo Kast,Hall 5\n,Hall 6\n", encoding="utf-8")
    list_.write_text("Name,Info\nCid Rohn,Buyer\n,nobody\n", encoding="utf-8")
    return [fair, list_]


def test_what_is_said_of_one_table_holds_for_it_alone(ws: Workspace, files: list[Path]) -> None:
    tried = ws.import_files(files, dry_run=True)
    assert [one.key for one in tried.tables] == ["0:0", "1:0"]
    ws.import_files(files, of_table={"1:0": {"Info": "title"}})
    assert ws.leads.find("Cid Rohn").items[0].title == "Buyer"
    ada = ws.leads.find("Ada Lind").items[0]
    assert ada.title is None
    notes = [one.value for one in ws.leads.show(ada.id).fields if one.field == "notes"]
    assert notes == [["Hall 4"]]


def test_a_dry_run_may_look_at_the_first_rows_only(ws: Workspace, files: list[Path]) -> None:
    tried = ws.import_files(files, dry_run=True, dry_rows=1)
    assert (tried.rows, [one.name for one in tried.previews]) == (2, ["Ada Lind", "Cid Rohn"])
    assert len(tried.tables) == 2
    assert ws.import_files(files).rows == 5


def test_a_run_is_looked_into_page_by_page(ws: Workspace, files: list[Path]) -> None:
    begun: list[str] = []
    ws.import_files(files, on_start=lambda run: begun.append(str(run)))
    run = begun[0]
    assert str(ws.runs.get("last").id) == run
    first = ws.runs.record_page(run, limit=2)
    assert [(one.name, one.record.row) for one in first.items] == [("Ada Lind", 2), ("Bo Kast", 3)]
    assert first.next is not None
    rest = ws.runs.record_page(run, after=int(first.next), limit=3)
    assert [one.record.file for one in rest.items] == ["fair.csv", "list.csv", "list.csv"]
    assert rest.next is None
    failed = ws.runs.record_page(run, "failed").items
    assert [(one.name, one.record.file) for one in failed] == [
        (None, "fair.csv"),
        (None, "list.csv"),
    ]
    (reason,) = ws.runs.reasons(run)
    assert (reason.status, reason.records) == ("failed", 2)
    assert "identifies" in (reason.reason or "")
    assert ws.runs.asked(run) == []
    with pytest.raises(UsageError, match="outcome"):
        ws.runs.record_page(run, "nonsense")
