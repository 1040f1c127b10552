"""Accepting, editing and skipping drafts: what is decided stays, and can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadloom.errors import ConflictError, UsageError
from leadloom.outreach.messages import Message
from leadloom.storage.database import Database
from leadloom.workspace import Workspace


@pytest.fixture
def ws(db: Database) -> Iterator[Workspace]:
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        _fill(ws)
        yield ws


def _fill(ws: Workspace) -> None:
    for name in ("Ada Lind", "Bo Berg", "Cy Dahl"):
        first, last = name.lower().split()
        email = f"{first}@{last}.example"
        ws.leads.add({"full_name": name, "email": email, "company": f"{last.title()} AB"})
    ws.draft(template="intro")


def waiting(ws: Workspace) -> list[Message]:
    return list(ws.drafts.list().items)


def test_a_decision_stays_and_can_be_taken_back_step_by_step(ws: Workspace) -> None:
    first, second, third = waiting(ws)
    ws.drafts.accept(str(first.id))
    ws.drafts.skip(str(second.id))
    counts = {"waiting": 1, "accepted": 1, "skipped": 1, "sent": 0}
    assert ws.drafts.counts() == ws.drafts.counts("intro") == counts
    edited = ws.drafts.edit(str(third.id), "Hello Cy", "Free money!!! Act now!!!")
    assert edited.quality_score < third.quality_score
    assert edited.quality_reasons
    ws.drafts.accept(str(third.id))
    back = ws.drafts.take_back(str(third.id))
    assert (back.review, back.subject, back.edited_at) == (None, "Hello Cy", edited.edited_at)
    back = ws.drafts.take_back(str(third.id))
    assert (back.subject, back.body, back.edited_at) == (third.subject, third.body, None)
    assert back.quality_reasons == third.quality_reasons
    with pytest.raises(ConflictError, match="nothing to take back"):
        ws.drafts.take_back(str(third.id))
    ws.mark([str(first.id)], "sent")
    with pytest.raises(ConflictError, match="sent already"):
        ws.drafts.skip(str(first.id))
    with pytest.raises(UsageError, match="subject and a text"):
        ws.drafts.edit(str(third.id), "Hello", " ")


def test_what_was_decided_is_not_written_anew_nor_undone(ws: Workspace) -> None:
    first, second, third = waiting(ws)
    ws.drafts.accept(str(first.id))
    ws.drafts.edit(str(second.id), "Mine", "My own words to you.")
    for lead in (first, second, third):
        ws.leads.set(str(lead.lead), {"company": "Other Inc", "first_name": "Zoe"})
    report = ws.draft(template="intro")
    assert (report.kept, report.updated) == (2, 1)
    assert report.run is not None
    ws.runs.undo("last:draft")
    ws.runs.undo("last:draft")
    left = {one.id: one.subject for one in ws.messages().items}
    assert left == {first.id: first.subject, second.id: "Mine"}


def test_a_file_leaves_out_what_was_skipped(ws: Workspace, tmp_path: Path) -> None:
    first, second, _ = waiting(ws)
    ws.drafts.skip(str(first.id))
    ws.drafts.accept(str(second.id))
    assert ws.campaigns.export("intro", tmp_path / "all.csv").rows == 2
    assert ws.campaigns.export("intro", tmp_path / "some.csv", only_accepted=True).rows == 1


def test_a_preview_keeps_nothing(ws: Workspace) -> None:
    lead = ws.leads.find("Ada Lind").items[0]
    before = ws.templates.list()
    hook, proof = ws.templates.preview("intro", lead.id, variants=2)
    assert "Hi Ada," in hook.body  # type: ignore[union-attr]
    assert hook != proof
    assert ws.templates.list() == before
    ws.suppress("ada@lind.example")
    (skipped,) = ws.templates.preview("intro", lead.id)
    assert "suppressed" in skipped.reason  # type: ignore[union-attr]
