"""How much of a lead is known, and how sure that is."""

from pathlib import Path

from leadloom.leads.completeness import WANTED, completeness, mean_confidence
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


def test_nothing_all_and_a_part() -> None:
    assert completeness({}) == 0
    assert completeness(dict.fromkeys(WANTED, "x")) == 1
    assert completeness({"full_name": "Ada", "email": ["a@b.de"], "notes": ["met"]}) == 0.17


def test_how_sure_nothing_is_cannot_be_said() -> None:
    assert mean_confidence([]) is None
    assert mean_confidence([1.0, 0.5]) == 0.75


def test_a_lead_says_how_much_of_it_is_known_and_how_sure_enrichment_is(
    db: Database, tmp_path: Path
) -> None:
    ws = Workspace(session=Session(db))
    path = tmp_path / "a.csv"
    path.write_text("Name,Email,Title\nAda Lind,ada@acme.com,Head of Sales\n", encoding="utf-8")
    ws.import_files([path])
    before = ws.leads.show("ada@acme.com")
    assert before.enrichment_confidence is None
    ws.enrich()
    after = ws.leads.show("ada@acme.com")
    assert after.completeness > before.completeness
    assert after.enrichment_confidence is not None
    assert 0 < after.enrichment_confidence < 1
