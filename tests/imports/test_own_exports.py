"""What was exported from here is no news here."""

from pathlib import Path

import pytest

from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


@pytest.fixture
def ws(db: Database) -> Workspace:
    return Workspace(session=Session(db))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "jsonl", "vcf"])
def test_leads_of_nothing_but_a_name_are_not_made_again(
    ws: Workspace, tmp_path: Path, kind: str
) -> None:
    path, out = tmp_path / "list.csv", tmp_path / f"out.{kind}"
    path.write_text(
        "Name,Notes,Email\nCy Nut,met at the fair,\nBo Chan,,\n🔥 Di ASH,,\nAnn Lee,,a@b.example\n",
        encoding="utf-8",
    )
    ws.import_files([path])
    known = {one.id for one in ws.leads.find().items}
    ws.export(out)
    for _ in range(2):
        counts = ws.import_files([out]).counts
        assert counts["unchanged"] == sum(counts.values()) == 4
    assert {one.id for one in ws.leads.find().items} == known


def test_an_export_of_another_database_makes_the_leads_anew(ws: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text(
        "id,full_name,lead_score,stage,email_status,lead_status,linkedin_url,company_id\n"
        "01a20348-6c2b-7b17-8dc6-f3375d8007f6,Cy Nut,,,,,,\nno-id,Bo Chan,,,,,,\n",
        encoding="utf-8",
    )
    assert ws.import_files([out]).counts["created"] == 2
    assert ws.import_files([out]).counts["unchanged"] == 2
