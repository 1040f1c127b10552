"""A database that an earlier release left behind is brought up, with everything in it."""

import gzip
from pathlib import Path

import pytest

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("real_starts")

_RELEASES = Path(__file__).parent.parent / "data" / "releases"


@pytest.fixture(params=sorted(path.name for path in _RELEASES.glob("*.db.gz")))
def left_behind(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The database file of an earlier release: two imports, enrichment, drafts, edits, a merge."""
    database = tmp_path / "leadloom.db"
    database.write_bytes(gzip.decompress((_RELEASES / request.param).read_bytes()))
    return database


def test_it_is_brought_up_with_everything_in_it(left_behind: Path) -> None:
    with Workspace(str(left_behind)) as ws:
        found = ws.leads.find(limit=200).items
        assert len(found) == 90
        assert [lead.full_name for lead in found if lead.city == "Rom"] != []
        assert not ws.verify().differences
        merged = next(
            lead
            for lead in found
            if any(e.type == "lead.merged" for e in ws.leads.history(lead.id))
        )
        ws.leads.unmerge(merged.id)
        assert len(ws.leads.find(limit=200).items) == 91
    assert list(left_behind.parent.glob("backups/*")) != []


def test_down_to_it_and_up_again_loses_nothing(left_behind: Path) -> None:
    with Workspace(str(left_behind)) as ws:
        before = [lead.as_json() for lead in ws.leads.find(limit=200).items]
    db = Database(str(left_behind))
    schema.downgrade(db, "0001", allow_data_loss=True)
    schema.upgrade(db)
    db.close()
    with Workspace(str(left_behind)) as ws:
        assert [lead.as_json() for lead in ws.leads.find(limit=200).items] == before
        assert not ws.verify().differences
