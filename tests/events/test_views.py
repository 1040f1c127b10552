"""The views that reports and other programs know events by."""

from pathlib import Path

import sqlalchemy as sa

from leadloom.events.event import change, record
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.workspace import Workspace

NAMES = [
    "activity_log",
    "daily_usage",
    "enrichment_success_rate",
    "job_summary",
    "lead_events",
    "pipeline_activities",
]


def rows(db: Database, view: str, order: str = "id") -> list[dict[str, object]]:
    with db.read() as conn:
        found = conn.execute(sa.text(f"SELECT * FROM {view} ORDER BY {order}"))
        return [dict(row._mapping) for row in found]


def test_they_come_with_the_schema_and_go_with_it(db: Database) -> None:
    with db.read() as conn:
        assert sorted(sa.inspect(conn).get_view_names()) == NAMES
    schema.downgrade(db, "0002")
    with db.read() as conn:
        assert sa.inspect(conn).get_view_names() == []
    schema.upgrade(db)


def test_what_happened_to_a_lead(db: Database) -> None:
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        ada = ws.leads.add({"full_name": "Ada Lind", "email": "ada@initech.example.com"}).lead
        ws.leads.set(ada.id, {"lead_status": "qualified", "title": "CTO"})
        ws.leads.delete(ada.id)
    found = rows(db, "lead_events")
    assert [row["event_type"] for row in found] == ["created", "updated", "deleted"]
    assert {row["lead_id"] for row in found} == {ada.key}
    assert {row["actor"] for row in found} == {"owner"}
    changed = found[1]
    assert (changed["old_status"], changed["new_status"]) == ("new", "qualified")
    assert "lead_status" in str(changed["changed_fields"])
    assert "title" in str(changed["changed_fields"])
    assert "CTO" not in str(changed)
    assert str(changed["event_timestamp"])[:4].isdigit()
    assert str(changed["event_timestamp"])[:19] == str(changed["created_at"])[:19]
    assert changed["event_description"] == "lead updated"
    assert {row["event_source"] for row in found} == {"edit"}


def test_activities_have_their_standard_names(db: Database) -> None:
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        ada = ws.leads.add({"full_name": "Ada Lind", "email": "ada@initech.example.com"}).lead
        ws.leads.set(ada.id, {"title": "CTO"})
        with ws._session.write() as tx:
            verified = change({"email_status": ["unverified", "verified"]})
            record(tx, "lead.updated", ada.key, data=verified)
        ws.groups.create("fair")
        ws.groups.add("fair", [str(ada.id)])
        ws.campaigns.create("fair mail", "fair", "intro", 1)
        ws.campaigns.generate("fair mail")
        ws.groups.remove("fair", [str(ada.id)])
    actions = [(row["action"], row["entity_type"]) for row in rows(db, "activity_log")]
    standard = [
        ("contact_uploaded", "contact"),
        ("contact_reviewed", "contact"),
        ("contact_verified", "contact"),
        ("lead_group_created", "lead_group"),
        ("contacts_added_to_group", "lead_group"),
        ("email_campaign_created", "email_campaign"),
        ("email_drafts_generated", "email_campaign"),
        ("contacts_removed_from_group", "lead_group"),
    ]
    assert [one for one in actions if one in standard] == standard


def test_what_agents_did(db: Database, tmp_path: Path) -> None:
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        path = tmp_path / "some.csv"
        path.write_text("name,title,email\nAda Lind,Head of Purchasing,ada@initech.example.com\n")
        ws.import_files([path])
        ws.enrich()
        ws.draft(template="intro")
    found = rows(db, "pipeline_activities")
    kinds = [row["activity_type"] for row in found]
    assert kinds[0] == "scraped"
    assert "enriched" in kinds
    assert kinds[-1] == "campaign_created"
    for row in found:
        assert row["activity_status"] == "success"
        assert row["agent_name"] in ("leadloom", "enricher")
        assert float(str(row["duration_seconds"])) >= 0
        assert str(row["started_at"]) <= str(row["completed_at"])
