"""Merging, unmerging and undoing: exact, whatever happened in between."""

import pytest
from workbench import ADA, BO, BRIDGE, CLEO, DAN, Desk, apart, lasting

from leadloom.errors import ConflictError, NotFoundError


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
    assert lasting(desk.ws.leads.get(bo.id).as_json()) == before[str(bo.id)]
    desk.assert_sound()


def test_an_edit_of_before_a_merge_goes_back_with_its_lead(desk: Desk) -> None:
    desk.ws.leads.set(BO, {"title": "Chair"})
    before = desk.people()
    desk.ws.leads.merge(ADA, BO)
    assert desk.ws.leads.get(ADA).title == "Chair"
    desk.ws.leads.unmerge(ADA)
    assert desk.people() == before


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
    desk.ws.runs.undo("last:edit")
    assert desk.people() == before
    assert desk.ws.runs.get("last:edit").undone_at is not None
    with pytest.raises(NotFoundError, match="'last:edit' that was not undone"):
        desk.ws.runs.undo("last:edit")
    with pytest.raises(ConflictError, match="undone already"):
        desk.ws.runs.undo(str(desk.ws.runs.get("last:edit").id))
    desk.assert_sound()


def test_an_undone_merge_leaves_the_two_to_what_files_say(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.merge(one, other)
    desk.ws.runs.undo("last:edit")
    before = desk.contents()
    bridge = desk.take_in(BRIDGE)
    assert desk.ws.leads.get(one).id == desk.ws.leads.get(other).id
    # It was the file that joined them this time, so they part when that is taken back.
    desk.ws.runs.undo(str(bridge.run.uuid))
    assert desk.contents() == before


def test_an_undone_merge_does_not_come_back_when_an_import_is_undone(desk: Desk) -> None:
    before = desk.people()
    desk.ws.leads.merge(ADA, BO)
    desk.ws.runs.undo("last:edit")
    report = desk.take_in(f"Ada Lind,{ADA},Acme GmbH,Chair,", f"Bo Stern,{BO},Nord AG,Chair,")
    desk.ws.runs.undo(str(report.run.uuid))
    assert desk.people() == before
    desk.assert_sound()


def test_undoing_the_first_merge_of_a_chain_leaves_the_second(desk: Desk) -> None:
    bo = desk.ws.leads.get(BO)
    desk.ws.leads.merge(ADA, BO)
    first = str(desk.ws.runs.get("last:edit").id)
    desk.ws.leads.merge(CLEO, ADA)
    desk.ws.runs.undo(first)
    assert desk.ws.leads.get(BO).id == bo.id
    assert set(desk.ws.leads.get(CLEO).emails) == {ADA, CLEO}
    desk.assert_sound()


def test_undoing_an_unmerge_restores_what_was_one(desk: Desk) -> None:
    desk.ws.leads.merge(ADA, BO)
    desk.take_in(f"Bo Stern,{BO},Nord AG,Chair,", "Ada Lind,,,Owner,+49 30 23125001")
    desk.ws.enrich()
    before = desk.people()
    desk.ws.leads.unmerge(ADA)
    assert len(desk.people()) == 4
    desk.ws.runs.undo("last:edit")
    assert desk.people() == before
    desk.assert_sound()


def test_what_came_after_the_parting_is_there_when_it_is_undone(desk: Desk) -> None:
    merged = desk.ws.leads.merge(ADA, BO)
    desk.ws.leads.unmerge(ADA)
    desk.take_in(f"Bo Stern,{BO},Nord AG,,+49 30 23125009")
    desk.ws.runs.undo("last:edit")
    again = desk.ws.leads.get(BO)
    assert again.id == merged.id
    assert set(again.phones) == {*merged.phones, "+493023125009"}
    desk.assert_sound()


def test_a_deleted_lead_is_merged_with_nobody(desk: Desk) -> None:
    gone = desk.ws.leads.delete(ADA).id
    before = desk.people()
    for pair in ((gone, BO), (BO, gone)):
        with pytest.raises(ConflictError, match="restore it before merging"):
            desk.ws.leads.merge(*pair)
        with pytest.raises(ConflictError, match="restore it before merging"):
            desk.ws.leads.judge(*pair, "same")
    assert desk.people() == before


@pytest.mark.parametrize("end", [0, 1])
def test_a_row_that_speaks_of_a_deleted_and_a_living_lead_goes_to_the_living(
    desk: Desk, end: int
) -> None:
    two = apart(desk)
    gone, alive = two[end], two[1 - end]
    desk.ws.leads.delete(gone)
    before = desk.people()
    bridge = desk.take_in(BRIDGE)
    assert len(desk.ws.leads.find().items) == 5
    living = desk.ws.leads.get(alive)
    assert (living.id, living.deleted_at) == (alive, None)
    assert set(living.emails) == {"eva@roth.ch", "eva.roth@gmail.com"}
    assert [one.id for one in desk.ws.leads.find(deleted=True).items] == [gone]
    desk.assert_sound()
    desk.ws.runs.undo(str(bridge.run.uuid))
    assert desk.people() == before
    desk.ws.runs.undo("last:edit")
    assert desk.ws.leads.get(gone).deleted_at is None
    desk.assert_sound()


def test_a_row_that_speaks_of_a_deleted_lead_alone_is_skipped(desk: Desk) -> None:
    desk.ws.leads.delete(ADA)
    before = desk.people()
    report = desk.take_in(f"Ada Lind,{ADA},Acme GmbH,Chair,")
    assert report.counts["skipped"] == 1
    assert desk.people() == before
    desk.ws.runs.undo(str(report.run.uuid))
    assert desk.people() == before


def test_deleting_and_restoring_are_runs_that_are_taken_back_one_by_one(desk: Desk) -> None:
    before = desk.people()
    gone = desk.ws.leads.delete(ADA).id
    without = desk.people()
    desk.ws.leads.restore(gone)
    assert desk.people() == before
    desk.ws.runs.undo("last:edit")
    assert desk.people() == without
    desk.ws.runs.undo("last:edit")
    assert desk.people() == before
    told = [event.type for event in desk.ws.leads.history(gone)][::-1]
    wanted = ["created", "deleted", "restored", "deleted", "restored"]
    assert told == [f"lead.{word}" for word in wanted]
    edits = desk.ws.runs.list(kind="edit").items
    assert [(one.options["verb"], one.counts) for one in edits] == [
        ("restore", {"restored": 1}),
        ("delete", {"deleted": 1}),
    ]
    desk.assert_sound()


def test_of_two_deletions_the_one_that_stands_counts(desk: Desk) -> None:
    gone = desk.ws.leads.delete(ADA).id
    first = str(desk.ws.runs.get("last:edit").id)
    desk.ws.leads.restore(gone)
    desk.ws.leads.delete(gone)
    desk.ws.runs.undo(first)
    assert desk.ws.leads.get(gone).deleted_at is not None
    desk.ws.runs.undo("last:edit")
    assert desk.ws.leads.get(gone).deleted_at is None


@pytest.mark.parametrize("what", ["edit", "import"])
def test_undoing_keeps_what_enrichment_answered_before(desk: Desk, what: str) -> None:
    desk.ws.enrich()
    before = desk.people()
    assert desk.ws.leads.get(DAN).seniority == "c-level"
    if what == "edit":
        desk.ws.leads.set(DAN, {"city": "Rome"})
    else:
        desk.take_in(f"Dan Berg,{DAN},Berg Srl,CTO,+39 06 6982 1234")
    assert desk.people() != before
    desk.ws.runs.undo(f"last:{what}")
    assert desk.people() == before
    desk.assert_sound()


def test_undoing_takes_an_answer_to_what_would_not_have_been_asked(desk: Desk) -> None:
    desk.ws.leads.set(CLEO, {"title": "Directrice commerciale"})
    desk.ws.enrich()
    assert desk.ws.leads.get(CLEO).seniority is not None
    desk.ws.runs.undo("last:edit")
    assert desk.ws.leads.get(CLEO).seniority is None
    desk.assert_sound()


def test_undoing_the_last_walks_back_a_run_at_a_time(desk: Desk) -> None:
    desk.take_in("Eva Roth,eva@roth.ch,,,")
    desk.take_in("Fay Lund,fay@lund.se,,,")
    left = []
    while desk.ws.leads.find().items:
        run = desk.ws.runs.undo("last").run
        assert desk.ws.runs.get(str(run)).status == "undone"
        left.append(len(desk.ws.leads.find().items))
    assert left == [5, 4, 0]
    with pytest.raises(NotFoundError, match="'last' that was not undone"):
        desk.ws.runs.undo("last")


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


def test_a_chain_of_merges_survives_the_undo_of_imports(desk: Desk) -> None:
    cleo = desk.ws.leads.get(CLEO).id
    desk.ws.leads.merge(BO, CLEO)
    desk.ws.leads.merge(ADA, BO)
    for title in ("Chair", "Owner"):
        report = desk.take_in(f"Cleo Voss,{CLEO},Voss SA,{title},")
        desk.ws.runs.undo(str(report.run.uuid))
        assert set(desk.ws.leads.get(ADA).emails) == {ADA, BO, CLEO}
    assert set(desk.ws.leads.unmerge(BO).emails) == {BO, CLEO}
    assert desk.ws.leads.unmerge(CLEO).id == cleo
    desk.assert_sound()


def test_who_is_woven_in_keeps_their_name_when_an_import_is_undone(desk: Desk) -> None:
    desk.ws.leads.merge(ADA, BO)
    report = desk.take_in(f"Ada Lind,{ADA},Acme GmbH,Chair,")
    undone = desk.ws.runs.undo(str(report.run.uuid))
    assert undone.leads_changed == 1
    assert [one.full_name for one in desk.ws.leads.show(ADA).absorbed] == ["Bo Stern"]


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
