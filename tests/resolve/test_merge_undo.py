"""Merging, unmerging and undoing: exact, whatever happened in between."""

from pathlib import Path
from typing import Any

import pytest

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

HEAD = "Name,Email,Company,Title,Phone"
ADA, BO, CLEO, DAN = "ada@acme.com", "bo@nord.de", "cleo@voss.fr", "dan@berg.it"
ROWS = (
    f"Ada Lind,{ADA},Acme GmbH,CEO,",
    f"Bo Stern,{BO},Nord AG,Buyer,+49 30 23125001",
    f"Cleo Voss,{CLEO},Voss SA,,",
    f"Dan Berg,{DAN},Berg Srl,CTO,",
)


class Desk:
    """A workspace, and files to bring to it."""

    def __init__(self, ws: Workspace, folder: Path) -> None:
        self.ws = ws
        self.folder = folder
        self.files = 0

    def take_in(self, *lines: str, head: str = HEAD, **options: Any) -> Any:
        """Import lines as one file."""
        self.files += 1
        path = self.folder / f"{self.files}.csv"
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        return self.ws.import_files([path], **options)

    def people(self) -> dict[str, Any]:
        """All that is seen of every lead but when it was changed, by its id."""
        found = [*self.ws.leads.find(limit=500).items]
        found += self.ws.leads.find(limit=500, deleted=True).items
        return {str(lead.id): _lasting(lead.as_json()) for lead in found}

    def contents(self) -> list[Any]:
        """All that is seen of every lead but ids and times, in a fixed order."""
        moving = ("id", "company_id", "created_at")
        return sorted(
            repr({k: v for k, v in one.items() if k not in moving})
            for one in self.people().values()
        )

    def assert_sound(self) -> None:
        """Folding everything afresh finds no difference."""
        assert self.ws.verify().differences == []


def _lasting(shape: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shape.items() if name != "updated_at"}


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Desk:
    desk = Desk(Workspace(session=Session(db)), tmp_path)
    desk.take_in(*ROWS)
    return desk


def test_a_merged_lead_has_what_both_had_and_the_kept_ones_id(desk: Desk) -> None:
    ada, bo = desk.ws.leads.get(ADA), desk.ws.leads.get(BO)
    merged = desk.ws.leads.merge(ADA, BO)
    assert merged.id == ada.id
    assert set(merged.emails) == {ADA, BO}
    assert merged.phone == bo.phone
    assert len(desk.people()) == 3
    assert [one.id for one in desk.ws.leads.show(ADA).absorbed] == [bo.id]
    desk.assert_sound()


@pytest.mark.parametrize("end", [ADA, BO])
def test_unmerging_by_either_end_restores_both(desk: Desk, end: str) -> None:
    before, bo = desk.people(), desk.ws.leads.get(BO)
    desk.ws.leads.merge(ADA, BO)
    assert desk.ws.leads.unmerge(end).id == bo.id
    assert desk.people() == before
    desk.assert_sound()


def test_an_absorbed_lead_is_named_by_its_own_id(desk: Desk) -> None:
    bo = desk.ws.leads.get(BO)
    desk.ws.leads.merge(ADA, BO)
    desk.ws.leads.merge(ADA, CLEO)
    assert desk.ws.leads.unmerge(bo.id).id == bo.id
    assert set(desk.ws.leads.get(ADA).emails) == {ADA, CLEO}
    assert desk.ws.leads.get(BO).merged_into is None


def test_the_lead_that_absorbed_gives_back_the_latest_first(desk: Desk) -> None:
    before = desk.people()
    order = [DAN, BO, CLEO]
    ids = [desk.ws.leads.get(one).id for one in order]
    for one in order:
        desk.ws.leads.merge(ADA, one)
    assert [desk.ws.leads.unmerge(ADA).id for _ in order] == ids[::-1]
    assert desk.people() == before
    with pytest.raises(ConflictError, match="Nothing was merged"):
        desk.ws.leads.unmerge(ADA)


def test_a_lead_given_back_from_the_middle_keeps_what_it_had_absorbed(desk: Desk) -> None:
    before, bo, cleo = desk.people(), desk.ws.leads.get(BO), desk.ws.leads.get(CLEO)
    desk.ws.leads.merge(BO, CLEO)
    with_cleo = desk.people()
    desk.ws.leads.merge(ADA, BO)
    assert set(desk.ws.leads.get(CLEO).emails) == {ADA, BO, CLEO}
    assert desk.ws.leads.unmerge(bo.id).id == bo.id
    assert desk.people() == with_cleo
    assert desk.ws.leads.unmerge(cleo.id).id == cleo.id
    assert desk.people() == before
    desk.assert_sound()


def test_the_end_of_a_chain_may_be_given_back_first(desk: Desk) -> None:
    cleo, dan = desk.ws.leads.get(CLEO), desk.ws.leads.get(DAN)
    desk.ws.leads.merge(CLEO, DAN)
    desk.ws.leads.merge(BO, CLEO)
    desk.ws.leads.merge(ADA, BO)
    assert desk.ws.leads.unmerge(cleo.id).id == cleo.id
    assert set(desk.ws.leads.get(DAN).emails) == {CLEO, DAN}
    assert set(desk.ws.leads.get(ADA).emails) == {ADA, BO}
    assert desk.ws.leads.unmerge(dan.id).emails == [DAN]
    desk.assert_sound()


def test_an_edit_in_between_stays_with_the_lead_that_was_edited(desk: Desk) -> None:
    before = desk.people()
    desk.ws.leads.merge(ADA, BO)
    desk.ws.leads.set(BO, {"title": "Chair", "city": "Berlin"})
    desk.ws.leads.tag(ADA, add=["vip"])
    assert desk.ws.leads.get(ADA).title == "Chair"
    bo = desk.ws.leads.unmerge(ADA)
    ada = desk.ws.leads.get(ADA)
    assert (ada.title, ada.city, ada.tags) == ("Chair", "Berlin", ["vip"])
    assert _lasting(desk.ws.leads.get(bo.id).as_json()) == before[str(bo.id)]
    desk.assert_sound()


def test_an_edit_of_before_a_merge_goes_back_with_its_lead(desk: Desk) -> None:
    desk.ws.leads.set(BO, {"title": "Chair"})
    before = desk.people()
    desk.ws.leads.merge(ADA, BO)
    assert desk.ws.leads.get(ADA).title == "Chair"
    desk.ws.leads.unmerge(ADA)
    assert desk.people() == before


def test_rows_that_arrive_in_between_are_not_lost_by_an_unmerge(desk: Desk) -> None:
    desk.ws.leads.merge(ADA, BO)
    report = desk.take_in(f"Bo Stern,{BO},Nord AG,Head of Purchasing,+49 30 23125009")
    assert (report.counts["updated"], report.counts["created"]) == (1, 0)
    assert len(desk.people()) == 3
    desk.ws.leads.unmerge(ADA)
    leads = desk.ws.leads.find(limit=50).items
    assert len(leads) == 4
    phones = sorted(phone for lead in leads for phone in lead.phones)
    assert "+493023125009" in phones
    desk.assert_sound()


def test_groups_are_seen_through_a_merge_and_given_back(desk: Desk) -> None:
    groups = desk.ws.groups
    for name in ("fair", "press", "both"):
        groups.create(name)
    groups.add("fair", [ADA])
    groups.add("press", [BO])
    groups.add("both", [ADA, BO])
    ids = {one: desk.ws.leads.get(one).id for one in (ADA, BO)}
    desk.ws.leads.merge(ADA, BO)
    assert desk.ws.leads.show(BO).groups == ["both", "fair", "press"]
    for name in ("fair", "press", "both"):
        assert [lead.id for lead in groups.members(name).items] == [ids[ADA]]
    desk.ws.leads.unmerge(ADA)
    members = {name: {m.id for m in groups.members(name).items} for name in ("fair", "press")}
    assert members == {"fair": {ids[ADA]}, "press": {ids[BO]}}
    assert {m.id for m in groups.members("both").items} == set(ids.values())


def test_a_merged_persons_second_message_is_set_aside_and_given_back(desk: Desk) -> None:
    desk.ws.draft(variants=1)
    bo = desk.ws.leads.get(BO).id
    before = {one: [m.id for m in desk.ws.messages(lead=one).items] for one in (ADA, BO)}
    assert all(before.values())
    desk.ws.leads.merge(ADA, BO)
    # One person gets one message of a campaign, whichever end it was made for.
    assert [m.id for m in desk.ws.messages(lead=BO).items] == before[ADA]
    desk.ws.leads.unmerge(bo)
    after = {one: [m.id for m in desk.ws.messages(lead=one).items] for one in (ADA, BO)}
    assert after == before


def test_history_tells_of_a_merge_at_both_ends(desk: Desk) -> None:
    desk.ws.leads.merge(ADA, BO)
    assert {"lead.merged", "lead.absorbed"} <= {e.type for e in desk.ws.leads.history(ADA)}
    desk.ws.leads.unmerge(ADA)
    assert [e.type for e in desk.ws.leads.history(BO)][:1] == ["lead.returned"]
    kinds = [e.type for e in desk.ws.leads.history(ADA)]
    assert "lead.unmerged" in kinds
    assert "lead.absorbed" not in kinds


def test_a_lead_cannot_be_merged_with_itself_or_with_nobody(desk: Desk) -> None:
    with pytest.raises(ConflictError, match="one lead already"):
        desk.ws.leads.merge(ADA, ADA)
    with pytest.raises(NotFoundError):
        desk.ws.leads.merge(ADA, "nobody@acme.com")
    desk.ws.leads.merge(ADA, BO)
    with pytest.raises(ConflictError, match="one lead already"):
        desk.ws.leads.merge(BO, ADA)


def test_two_who_were_parted_are_not_woven_together_again(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.merge(one, other)
    desk.ws.leads.unmerge(other)
    desk.take_in(BRIDGE)
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id
    desk.assert_sound()


def test_undoing_a_merge_restores_both(desk: Desk) -> None:
    before = desk.people()
    desk.ws.leads.merge(ADA, BO)
    desk.ws.runs.undo("last")
    assert desk.people() == before
    assert desk.ws.runs.get("last").undone_at is not None
    with pytest.raises(ConflictError, match="undone already"):
        desk.ws.runs.undo("last")
    desk.assert_sound()


def test_an_undone_merge_leaves_the_two_to_what_files_say(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.merge(one, other)
    desk.ws.runs.undo("last")
    before = desk.contents()
    bridge = desk.take_in(BRIDGE)
    assert desk.ws.leads.get(one).id == desk.ws.leads.get(other).id
    # It was the file that joined them this time, so they part when that is taken back.
    desk.ws.runs.undo(str(bridge.run.uuid))
    assert desk.contents() == before


def test_an_undone_merge_does_not_come_back_when_an_import_is_undone(desk: Desk) -> None:
    before = desk.people()
    desk.ws.leads.merge(ADA, BO)
    desk.ws.runs.undo("last")
    report = desk.take_in(f"Ada Lind,{ADA},Acme GmbH,Chair,", f"Bo Stern,{BO},Nord AG,Chair,")
    desk.ws.runs.undo(str(report.run.uuid))
    assert desk.people() == before
    desk.assert_sound()


def test_undoing_the_first_merge_of_a_chain_leaves_the_second(desk: Desk) -> None:
    bo = desk.ws.leads.get(BO)
    desk.ws.leads.merge(ADA, BO)
    first = str(desk.ws.runs.get("last").id)
    desk.ws.leads.merge(CLEO, ADA)
    desk.ws.runs.undo(first)
    assert desk.ws.leads.get(BO).id == bo.id
    assert set(desk.ws.leads.get(CLEO).emails) == {ADA, CLEO}
    desk.assert_sound()


def test_an_unmerge_is_not_undone_but_merged_again(desk: Desk) -> None:
    merged = desk.ws.leads.merge(ADA, BO)
    desk.ws.leads.unmerge(ADA)
    with pytest.raises(ConflictError, match="merging the two again"):
        desk.ws.runs.undo("last")
    again = desk.ws.leads.merge(ADA, BO)
    assert _lasting(again.as_json()) == _lasting(merged.as_json())


def test_undoing_an_import_takes_its_leads_and_its_updates_back(desk: Desk) -> None:
    before, firms = desk.people(), desk.ws.stats()["companies"]
    report = desk.take_in(
        f"Ada Lind,{ADA},Acme GmbH,Chair,+49 30 23125002", "Eva Roth,eva@roth.ch,Roth AG,,"
    )
    plan = desk.ws.runs.undo("last", dry_run=True)
    assert (plan.leads_removed, plan.leads_changed) == (1, 1)
    assert len(desk.people()) == 5
    undone = desk.ws.runs.undo("last")
    assert (undone.records, undone.leads_removed) == (report.rows, 1)
    assert desk.people() == before
    assert desk.ws.stats()["companies"] == firms
    desk.assert_sound()


def test_undoing_an_import_keeps_what_people_did_since(desk: Desk) -> None:
    desk.take_in(f"Ada Lind,{ADA},Acme GmbH,Chair,", "Eva Roth,eva@roth.ch,Roth AG,,")
    run = str(desk.ws.runs.get("last").id)
    desk.ws.leads.set(ADA, {"city": "Berlin"})
    desk.ws.leads.set("eva@roth.ch", {"city": "Bern"})
    desk.ws.runs.undo(run)
    ada = desk.ws.leads.get(ADA)
    assert (ada.title, ada.city) == ("CEO", "Berlin")
    assert [lead.city for lead in desk.ws.leads.find(where=["city=Bern"]).items] == ["Bern"]
    desk.assert_sound()


def test_undoing_an_import_takes_what_was_found_by_it_back_too(desk: Desk) -> None:
    before = desk.contents()
    report = desk.take_in(
        f"Cleo Voss,{CLEO},Voss SA,Directrice commerciale,+33 1 42 68 53 00",
        "Eva Roth,eva@roth.ch,Roth AG,Einkaufsleiterin,+41 44 668 18 00",
    )
    desk.ws.enrich(where=["email=eva@roth.ch"])
    desk.ws.enrich(where=[f"email={CLEO}"])
    assert desk.ws.leads.get(CLEO).country == "FR"
    assert desk.ws.leads.get("eva@roth.ch").country == "CH"
    desk.ws.runs.undo(str(report.run.uuid))
    assert desk.contents() == before
    desk.assert_sound()


def test_undoing_an_enrichment_leaves_the_import(desk: Desk) -> None:
    before = desk.people()
    desk.ws.enrich()
    assert desk.people() != before
    desk.ws.runs.undo("last")
    assert desk.people() == before
    desk.assert_sound()


def test_a_row_that_only_repeated_an_undone_one_speaks_for_itself(desk: Desk) -> None:
    row = "Eva Roth,eva@roth.ch,Roth AG,,"
    first = desk.take_in(row, source="fair")
    before = desk.contents()
    second = desk.take_in(row, source="fair")
    assert second.counts["unchanged"] == 1
    desk.ws.runs.undo(str(first.run.uuid))
    assert desk.contents() == before
    desk.ws.runs.undo(str(second.run.uuid))
    assert len(desk.people()) == 4
    desk.assert_sound()


def test_a_bridge_taken_back_parts_the_two_it_joined(desk: Desk) -> None:
    desk.take_in("Eva Roth,eva@roth.ch,,,", "Eva Roth,eva.roth@gmail.com,,,")
    before = desk.contents()
    assert len(desk.people()) == 6
    bridge = desk.take_in('Eva Roth,"eva@roth.ch; eva.roth@gmail.com",,,')
    assert len(desk.people()) == 5
    desk.ws.runs.undo(str(bridge.run.uuid))
    assert desk.contents() == before
    desk.assert_sound()


def test_the_same_import_can_be_taken_back_in_any_order(desk: Desk) -> None:
    before = desk.contents()
    runs = [
        str(desk.take_in(f"Ada Lind,{ADA},Acme GmbH,{title},").run.uuid)
        for title in ("Chair", "Founder", "Owner")
    ]
    assert desk.ws.leads.get(ADA).title == "Owner"
    desk.ws.runs.undo(runs[1])
    assert desk.ws.leads.get(ADA).title == "Owner"
    desk.ws.runs.undo(runs[2])
    assert desk.ws.leads.get(ADA).title == "Chair"
    desk.ws.runs.undo(runs[0])
    assert desk.contents() == before


def test_undoing_an_import_below_a_merge_keeps_the_merge_of_the_rest(desk: Desk) -> None:
    run = str(desk.take_in(f"Bo Stern,{BO},Nord AG,Chair,").run.uuid)
    desk.ws.leads.merge(ADA, BO)
    desk.ws.runs.undo(run)
    merged = desk.ws.leads.get(BO)
    assert merged.id == desk.ws.leads.get(ADA).id
    assert "Chair" not in [o.value for f in desk.ws.leads.show(ADA).fields for o in f.others]
    desk.assert_sound()


def test_undo_in_small_steps_comes_to_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadloom.resolve.undo.BATCH", 2)
    before = desk.contents()
    rows = [f"Eva{n} Roth{n % 3},eva{n % 3}@roth.ch,Roth AG,," for n in range(9)]
    run = str(desk.take_in(*rows).run.uuid)
    heard: list[int] = []
    desk.ws.runs.undo(run, on_progress=heard.append)
    assert heard == sorted(heard)
    assert desk.contents() == before
    desk.assert_sound()


def doubtful(desk: Desk) -> tuple[str, str]:
    """Two who may be one person: the same name and firm, and two mailboxes there."""
    desk.take_in("Eva Roth,eva@roth.ch,Roth AG,,")
    desk.take_in("Eva Roth,roth@roth.ch,Roth AG,,")
    assert [one.a_name for one in desk.ws.leads.duplicates()] == ["Eva Roth"]
    return "eva@roth.ch", "roth@roth.ch"


def apart(desk: Desk) -> tuple[Any, Any]:
    """Two of one name with addresses at two places; a row with both addresses would join them."""
    desk.take_in("Eva Roth,eva@roth.ch,,,", "Eva Roth,eva.roth@gmail.com,,,")
    return desk.ws.leads.get("eva@roth.ch").id, desk.ws.leads.get("eva.roth@gmail.com").id


BRIDGE = 'Eva Roth,"eva@roth.ch; eva.roth@gmail.com",,,'


def test_a_doubt_is_settled_by_a_persons_word(desk: Desk) -> None:
    one, other = doubtful(desk)
    desk.ws.leads.judge(one, other, "different")
    assert desk.ws.leads.duplicates() == []
    desk.take_in("Eva Roth,roth@roth.ch,Roth AG,Chair,")
    assert desk.ws.leads.duplicates() == []


def test_two_called_different_are_not_joined_by_a_later_file(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.judge(one, other, "different")
    desk.take_in(BRIDGE)
    assert len(desk.people()) == 6
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id
    desk.assert_sound()


def test_without_that_word_the_same_file_joins_them(desk: Desk) -> None:
    one, other = apart(desk)
    desk.take_in(BRIDGE)
    assert len(desk.people()) == 5
    assert desk.ws.leads.get(one).id == desk.ws.leads.get(other).id


def test_a_different_judgement_survives_the_undo_of_what_came_later(desk: Desk) -> None:
    desk.ws.leads.judge(*apart(desk), "different")
    bridge = desk.take_in(BRIDGE)
    desk.ws.runs.undo(str(bridge.run.uuid))
    desk.take_in(BRIDGE)
    assert len(desk.people()) == 6


def test_calling_two_the_same_merges_them(desk: Desk) -> None:
    one, other = doubtful(desk)
    desk.ws.leads.judge(one, other, "same")
    assert desk.ws.leads.get(other).id == desk.ws.leads.get(one).id
    assert desk.ws.leads.duplicates() == []


def test_a_judgement_has_to_make_sense(desk: Desk) -> None:
    with pytest.raises(UsageError, match="same, different, unsure"):
        desk.ws.leads.judge(ADA, BO, "maybe")
    with pytest.raises(UsageError, match="one lead already"):
        desk.ws.leads.judge(ADA, ADA, "different")
