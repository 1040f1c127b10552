"""A run of enrichment: what it writes, what it leaves alone, and how it is gone back on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from leadloom.enrich import enricher
from leadloom.leads.match_key import hash_of
from leadloom.storage.database import Database
from leadloom.storage.tables import lead_keys
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

HEAD = "Name,Email,Company,Title,Phone"
ADA = "ada.lind@acme.com"
COLLEAGUES = (
    "Ben Stern,ben.stern@acme.com,Acme GmbH,,",
    "Cleo Voss,cleo.voss@acme.com,Acme GmbH,,",
)
TakeIn = Callable[..., Any]


@pytest.fixture
def ws(db: Database) -> Workspace:
    return Workspace(session=Session(db))


@pytest.fixture
def take_in(ws: Workspace, tmp_path: Path) -> TakeIn:
    made = iter(range(100))

    def take_in(*lines: str) -> Any:
        path = tmp_path / f"{next(made)}.csv"
        path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
        return ws.import_files([path])

    return take_in


def people(ws: Workspace) -> list[dict[str, Any]]:
    found = [lead.as_json() for lead in ws.leads.find(limit=500, sort="id").items]
    return [{k: v for k, v in one.items() if k != "updated_at"} for one in found]


def test_what_is_missing_is_found_and_says_where_from(ws: Workspace, take_in: TakeIn) -> None:
    take_in("Ada Lind,ada@acme.com,Acme GmbH,Head of Sales,+49 30 23125001")
    report = ws.enrich()
    assert report.counts == {"enriched": 1}
    lead = ws.leads.get("ada@acme.com")
    assert (lead.seniority, lead.department, lead.country) == ("head", "sales", "DE")
    assert (lead.status, lead.enrichment_status) == ("enriched", "enriched")
    assert report.by_field["seniority"] == report.by_field["country"] == 1
    assert "status" not in report.by_field
    field = next(f for f in ws.leads.show("ada@acme.com").fields if f.field == "country")
    assert (field.source, field.confidence) == ("own data", 0.7)
    assert ws.verify().differences == []


def test_what_was_received_is_never_replaced(ws: Workspace, take_in: TakeIn) -> None:
    take_in("Ada Lind,ada@acme.com,Acme GmbH,CEO,+49 30 23125001")
    ws.leads.set("ada@acme.com", {"country": "AT", "seniority": "owner"})
    ws.enrich()
    lead = ws.leads.get("ada@acme.com")
    assert (lead.country, lead.seniority) == ("AT", "owner")


def test_what_is_received_later_outweighs_what_was_found(ws: Workspace, take_in: TakeIn) -> None:
    take_in("Ada Lind,ada@acme.com,Acme GmbH,CEO,+49 30 23125001")
    ws.enrich()
    ws.leads.set("ada@acme.com", {"country": "AT"})
    assert ws.leads.get("ada@acme.com").country == "AT"
    ws.enrich()
    assert ws.leads.get("ada@acme.com").country == "AT"


def test_a_second_run_changes_nothing_and_says_so(ws: Workspace, take_in: TakeIn) -> None:
    take_in(*COLLEAGUES, "Ada Lind,,Acme GmbH,CEO,+49 30 23125001", "Bo Berg,bo@gmail.com,,,")
    first = ws.enrich()
    before, total = people(ws), ws.stats()["records"]
    second = ws.enrich()
    assert second.counts.get("enriched", 0) == 0
    assert second.counts["unchanged"] == first.counts["enriched"]
    assert sum(second.counts.values()) == sum(first.counts.values()) == 4
    assert people(ws) == before
    assert dict(second.by_field) == {}
    assert ws.stats()["records"] >= total
    assert ws.verify().differences == []


def test_a_lead_of_which_nothing_can_be_found_is_skipped_with_a_reason(
    ws: Workspace, take_in: TakeIn
) -> None:
    take_in("Bo Berg,bo@gmail.com,,,")
    before = people(ws)
    assert ws.enrich().counts == {"skipped": 1}
    assert people(ws) == before
    [record] = ws.runs.records("last")
    assert record.status == "skipped"
    assert record.reason


def test_an_address_is_suggested_when_two_colleagues_agree(ws: Workspace, take_in: TakeIn) -> None:
    take_in(COLLEAGUES[0], "Ada Lind,,Acme GmbH,,")
    ws.enrich()
    assert ws.leads.find("ada").items[0].email is None
    take_in(COLLEAGUES[1])
    ws.enrich()
    ada = ws.leads.find("ada").items[0]
    assert (ada.email, ada.email_confidence, ada.email_status) == (ADA, "pattern", "unverified")


def test_suggested_addresses_do_not_suggest_others(ws: Workspace, take_in: TakeIn) -> None:
    take_in(COLLEAGUES[0], "Ada Lind,,Acme GmbH,,")
    second = take_in(COLLEAGUES[1])
    ws.enrich()
    ws.runs.undo(str(second.run.uuid))
    assert ws.leads.get(ws.leads.find("ada").items[0].id).email == ADA
    take_in("Dan Berg,,Acme GmbH,,")
    ws.enrich()
    assert ws.leads.find("dan").items[0].email is None


def test_a_suggested_address_never_finds_anybody(ws: Workspace, take_in: TakeIn) -> None:
    take_in(*COLLEAGUES, "Ada Lind,,Acme GmbH,,")
    ws.enrich()
    with ws.db.read() as conn:
        found = conn.execute(sa.select(lead_keys).where(lead_keys.c.hash == hash_of("email", ADA)))
        assert found.all() == []
    report = take_in(f"Aada Lindqvist,{ADA},Other Oy,,")
    assert report.counts["created"] == 1
    assert [lead.full_name for lead in ws.leads.find("lindqvist").items] == ["Aada Lindqvist"]


def test_a_suggested_address_that_a_file_confirms_is_real(ws: Workspace, take_in: TakeIn) -> None:
    take_in(*COLLEAGUES, "Ada Lind,,Acme GmbH,,")
    ws.enrich()
    report = take_in(f"Ada Lind,{ADA},Acme GmbH,,")
    assert (report.counts["updated"], report.counts["created"]) == (1, 0)
    ada = ws.leads.get(ADA)
    assert (ada.full_name, ada.email_confidence) == ("Ada Lind", "real")
    assert ws.verify().differences == []
    ws.runs.undo(str(report.run.uuid))
    # What was suggested before the file came is a suggestion again.
    assert [(lead.email, lead.email_confidence) for lead in ws.leads.find("ada").items] == [
        (ADA, "pattern")
    ]
    assert ws.verify().differences == []


def test_deleted_colleagues_show_no_pattern(ws: Workspace, take_in: TakeIn) -> None:
    take_in(*COLLEAGUES, "Ada Lind,,Acme GmbH,,")
    ws.leads.delete("ben.stern@acme.com")
    ws.enrich()
    assert ws.leads.find("ada").items[0].email is None


def test_a_colleague_at_a_shared_address_counts_neither_way(ws: Workspace, take_in: TakeIn) -> None:
    take_in(*COLLEAGUES, "Ira Kern,info@acme.com,Acme GmbH,,", "Ada Lind,,Acme GmbH,,")
    ws.enrich()
    assert ws.leads.find("ada").items[0].email == ADA


def test_only_those_asked_for_are_enriched(ws: Workspace, take_in: TakeIn) -> None:
    take_in("Ada Lind,ada@acme.com,,CEO,", "Bo Berg,bo@nord.de,,CTO,", "Cy Orr,cy@orr.io,,CFO,")
    ws.enrich(where=["email=ada@acme.com"])
    key = ws.leads.get("bo@nord.de").key
    ws.enrich(lead_keys=[key])
    assert ws.enrich(lead_keys=[]).counts == {}
    ranks = {lead.email: lead.seniority for lead in ws.leads.find().items}
    assert ranks == {"ada@acme.com": "c-level", "bo@nord.de": "c-level", "cy@orr.io": None}


def test_deleted_and_absorbed_leads_are_left_alone(ws: Workspace, take_in: TakeIn) -> None:
    take_in("Ada Lind,ada@acme.com,,CEO,", "Bo Berg,bo@nord.de,,CTO,", "Cy Orr,cy@orr.io,,CFO,")
    ws.leads.delete("cy@orr.io")
    ws.leads.merge("ada@acme.com", "bo@nord.de")
    assert ws.enrich().counts == {"enriched": 1}
    ws.leads.restore("cy@orr.io")
    assert ws.leads.get("cy@orr.io").seniority is None


def test_a_dry_run_says_what_would_be_found_and_leaves_nothing(
    ws: Workspace, take_in: TakeIn
) -> None:
    take_in("Ada Lind,ada@acme.com,,CEO,")
    before = people(ws)
    report = ws.enrich(dry_run=True)
    assert report.counts == {"enriched": 1}
    assert people(ws) == before
    assert [run.kind for run in ws.runs.list().items] == ["import"]


def test_the_run_is_accounted_for_and_costs_nothing(ws: Workspace, take_in: TakeIn) -> None:
    take_in("Ada Lind,ada@acme.com,,CEO,", "Bo Berg,bo@gmail.com,,,")
    heard: list[int] = []
    ws.enrich(on_progress=lambda done, counts: heard.append(done))
    run = ws.runs.get("last")
    assert (run.kind, run.status, run.total, run.processed) == ("enrich", "completed", 2, 2)
    assert run.counts == {"enriched": 1, "skipped": 1}
    assert run.actual_cost_usd == 0
    assert heard[-1] == 2


def test_a_cancelled_enrichment_stops_after_its_batch(
    lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = Workspace(session=Session(lite))
    rows = [f"Ada{n} Lind{n},a{n}@firm{n}.com,,CEO," for n in range(6)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n")
    ws.import_files([path])
    keys = [lead.key for lead in ws.leads.find(sort="id").items]

    def pages(tx: Any, after: int) -> list[int]:
        return [key for key in keys if key > after][:2]

    def cancel(done: int, counts: dict[str, int]) -> None:
        if done == 4:
            ws.runs.cancel("last")

    done = enricher.enrich(ws._session.write, pages, cancel)
    assert done.run.status == "cancelled"
    assert dict(done.counts) == {"enriched": 4}
    assert ws.enrich().counts == {"unchanged": 4, "enriched": 2}
