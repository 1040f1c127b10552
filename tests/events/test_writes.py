"""Whatever changes something says so, in the past tense, in the same transaction."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadloom.workspace import Workspace
from leadloom.workspace.events import FeedEvent


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(str(tmp_path / "leads.db")) as opened:
        yield opened


class Ears:
    """Hears what happened since it was last asked."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.last = 0

    def heard(self) -> list[FeedEvent]:
        found = self.ws.events.list(self.last, limit=500).items
        self.last = found[-1].id if found else self.last
        return found

    def types(self) -> list[str]:
        return [one.type for one in self.heard() if not one.type.startswith(("run.", "source."))]


ADA = {"full_name": "Ada Lind", "email": "ada@initech.example.com", "title": "Buyer"}
BO = {"full_name": "Bo Berg", "email": "bo@globex.example.com"}


def test_leads(ws: Workspace) -> None:
    ears = Ears(ws)
    ada = ws.leads.add(ADA).lead
    assert "lead.created" in ears.types()
    ws.leads.set(ada.id, {"title": "Head of Purchasing", "lead_status": "contacted"})
    updated = next(one for one in ears.heard() if one.type == "lead.updated")
    assert {"title", "lead_status"} <= set(updated.changed)
    assert (updated.old, updated.new) == ({"lead_status": "new"}, {"lead_status": "contacted"})
    assert updated.entity_id == ada.id
    assert updated.actor == "owner"
    assert updated.run is not None
    assert "Purchasing" not in str(updated)
    ws.leads.tag(ada.id, ["vip"])
    assert [one.changed for one in ears.heard() if one.type == "lead.updated"] == [["tags"]]
    ws.leads.delete(ada.id)
    ws.leads.restore(ada.id)
    assert ears.types() == ["lead.deleted", "lead.restored"]


def test_what_is_one_and_what_is_not(ws: Workspace) -> None:
    ada, bo = ws.leads.add(ADA).lead, ws.leads.add(BO).lead
    ears = Ears(ws)
    ears.heard()
    ws.leads.judge(ada.id, bo.id, "unsure")
    heard = [one for one in ears.heard() if one.type == "lead.judged"]
    assert {one.entity_id for one in heard} == {ada.id, bo.id}
    assert heard[0].data == {"other": str(bo.id), "verdict": "unsure"}
    ws.leads.merge(ada.id, bo.id)
    assert {"lead.merged", "lead.absorbed"} <= set(ears.types())
    ws.leads.unmerge(bo.id)
    assert {"lead.unmerged", "lead.returned"} <= set(ears.types())


def test_what_an_undone_run_brought_is_removed(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,email\nAda Lind,ada@initech.example.com\n")
    ears = Ears(ws)
    ws.import_files([path])
    created = next(one for one in ears.heard() if one.type == "lead.created")
    ws.runs.undo("last")
    heard = ears.heard()
    assert heard[-1].type == "run.undone"
    removed = next(one for one in heard if one.type == "lead.removed")
    assert removed.entity_id == created.entity_id


def test_groups_campaigns_drafts_and_files_of_them(ws: Workspace, tmp_path: Path) -> None:
    ws.templates.list()
    ada = ws.leads.add(ADA).lead
    ears = Ears(ws)
    ears.heard()
    ws.groups.create("fair")
    ws.groups.add("fair", [str(ada.id)])
    ws.campaigns.create("mail", "fair", "intro", 1)
    ws.campaigns.generate("mail")
    heard = {one.type: one for one in ears.heard()}
    assert {"group.created", "group.members_added", "campaign.created"} <= set(heard)
    assert (heard["campaign.generated"].old, heard["campaign.generated"].new) == (
        {"status": "draft"},
        {"status": "ready"},
    )
    ws.campaigns.export("mail", tmp_path / "mail.csv")
    heard = {one.type: one for one in ears.heard()}
    message = ws.messages(campaign="mail").items[0]
    assert heard["message.exported"].entity_id == message.id
    assert heard["campaign.exported"].new == {"status": "exported"}
    assert [one.type for one in ws.events.list(0, lead=ada.id).items][-1] == "message.exported"
    ws.groups.remove("fair", [str(ada.id)])
    assert ears.types() == ["group.members_removed"]


def test_a_draft_written_anew_says_what_changed_but_not_from_what(ws: Workspace) -> None:
    ada = ws.leads.add(ADA).lead
    ws.draft(template="intro")
    ears = Ears(ws)
    ears.heard()
    ws.leads.set(ada.id, {"full_name": "Ida Lind", "company": "Initech GmbH"})
    ws.draft(template="intro")
    redrafted = next(one for one in ears.heard() if one.type == "message.redrafted")
    assert "body" in redrafted.changed
    assert "was" not in redrafted.data


def test_templates_and_settings(ws: Workspace) -> None:
    ears = Ears(ws)
    ws.templates.add("mine", "subject", "Hello")
    ws.templates.edit("mine", "subject", "Hello {{ first_name }}")
    ws.templates.activate("mine", active=False)
    ws.templates.activate("mine")
    mine = [one.type for one in ears.heard() if one.data.get("name") == "mine"]
    assert mine == [
        "template.created",
        "template.edited",
        "template.deactivated",
        "template.activated",
    ]
    ws.config.set("variants", "2")
    ws.config.set("variants", "2")
    ws.config.set("variants", "1")
    assert [one.changed for one in ears.heard()] == [["variants"], ["variants"]]


def test_what_fails_says_nothing(ws: Workspace) -> None:
    ears = Ears(ws)
    with contextlib.suppress(LookupError), ws.transaction() as together:
        together.leads.add(ADA)
        raise LookupError
    assert ears.heard() == []
