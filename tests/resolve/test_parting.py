"""What came in while two leads were one goes with the one it speaks of when they are parted."""

from typing import Any

import pytest
import sqlalchemy as sa
from workbench import ADA, BO, BRIDGE, CLEO, DAN, Desk, apart, doubtful

from leadloom.storage.tables import lead_keys


def keys_of(desk: Desk, ref: Any) -> set[int]:
    query = sa.select(lead_keys.c.hash).where(lead_keys.c.lead_id == desk.ws.leads.get(ref).key)
    with desk.ws.db.read() as conn:
        return set(conn.scalars(query))


def part(desk: Desk, way: str, ref: Any) -> None:
    """Part the two that were merged last, by a new word or by taking the old one back."""
    if way == "unmerge":
        desk.ws.leads.unmerge(ref)
    else:
        run = next(r for r in desk.ws.runs.list(kind="edit").items if r.options["verb"] == "merge")
        desk.ws.runs.undo(str(run.id))


both_ways = pytest.mark.parametrize("way", ["unmerge", "undo"])


@both_ways
def test_a_row_goes_with_the_one_it_speaks_of(desk: Desk, way: str) -> None:
    before, held = desk.people(), keys_of(desk, ADA)
    bo = desk.ws.leads.merge(ADA, BO) and desk.ws.leads.show(ADA).absorbed[0].id
    report = desk.take_in(f"Bo Stern,{BO},Nord AG,Head of Purchasing,+49 30 23125009")
    assert (report.counts["updated"], report.counts["created"]) == (1, 0)
    part(desk, way, bo)
    given_back = desk.ws.leads.get(BO)
    assert given_back.id == bo
    assert given_back.title == "Head of Purchasing"
    assert given_back.phones == ["+493023125009", "+493023125001"]
    others = {ref: one for ref, one in desk.people().items() if ref != str(bo)}
    assert others == {ref: one for ref, one in before.items() if ref != str(bo)}
    assert keys_of(desk, ADA) == held
    assert len(desk.ws.leads.show(BO).history) > 0
    desk.assert_sound()


@both_ways
def test_what_found_it_finds_the_one_it_went_with(desk: Desk, way: str) -> None:
    desk.ws.leads.merge(ADA, BO)
    desk.take_in(f"Bo Stern,{BO},Nord AG,,+49 30 23125009", "Bo Stern,,,Chair,+49 30 23125009")
    part(desk, way, BO)
    assert desk.ws.leads.get(BO).title == "Chair"
    desk.take_in("Bo Stern,,,Owner,+49 30 23125009")
    assert desk.ws.leads.get(BO).title == "Owner"
    assert desk.ws.leads.get(ADA).phones == []
    assert len(desk.people()) == 4


@both_ways
def test_of_two_who_look_alike_the_better_match_has_it(desk: Desk, way: str) -> None:
    one, other = doubtful(desk)
    desk.ws.leads.merge(one, other)
    desk.take_in(f"Eva Roth,{other},Roth AG,Chair,", f"Eva Roth,{one},Roth AG,Buyer,")
    part(desk, way, other)
    assert (desk.ws.leads.get(one).title, desk.ws.leads.get(other).title) == ("Buyer", "Chair")
    desk.assert_sound()


def test_a_row_that_speaks_of_both_stays_with_the_one_that_went_on(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.merge(other, one)
    desk.take_in(BRIDGE)
    desk.ws.leads.unmerge(one)
    assert desk.ws.leads.get(one).emails == ["eva@roth.ch"]
    assert set(desk.ws.leads.get(other).emails) == {"eva.roth@gmail.com", "eva@roth.ch"}
    desk.assert_sound()


def test_a_row_that_cannot_be_told_stays_for_good(desk: Desk) -> None:
    desk.ws.leads.merge(ADA, BO)
    # Her name and his number: together they were one who has both.
    desk.take_in("Ada Lind,,,Chair,+49 30 23125001")
    desk.ws.leads.unmerge(BO)
    assert desk.ws.leads.get(ADA).title == "Chair"
    assert desk.ws.leads.get(BO).title == "Buyer"
    desk.assert_sound()
    later = desk.take_in(f"Bo Stern,{BO},Nord AG,Owner,")
    desk.ws.runs.undo(str(later.run.uuid))
    assert desk.ws.leads.get(ADA).title == "Chair"
    assert len(desk.people()) == 4


def test_rows_of_before_the_merge_stay_where_they_were(desk: Desk) -> None:
    one, other = doubtful(desk)
    desk.take_in(f"Eva Roth,{one},Roth AG,Buyer,+41 44 668 18 00")
    before = desk.people()
    desk.ws.leads.merge(one, other)
    desk.ws.leads.unmerge(other)
    assert desk.people() == before


def test_down_a_chain_each_row_comes_to_its_own(desk: Desk) -> None:
    desk.ws.leads.merge(BO, CLEO)
    desk.ws.leads.merge(ADA, BO)
    desk.take_in(
        f"Cleo Voss,{CLEO},Voss SA,Directrice,",
        f"Bo Stern,{BO},Nord AG,Chair,",
        f"Ada Lind,{ADA},Acme GmbH,Owner,",
    )
    desk.ws.leads.unmerge(BO)
    assert desk.ws.leads.get(ADA).title == "Owner"
    assert set(desk.ws.leads.get(BO).emails) == {BO, CLEO}
    desk.ws.leads.unmerge(CLEO)
    titles = [desk.ws.leads.get(ref).title for ref in (ADA, BO, CLEO)]
    assert titles == ["Owner", "Chair", "Directrice"]
    desk.assert_sound()


def test_rows_that_came_between_two_a_file_merged_are_parted_too(desk: Desk) -> None:
    one, other = apart(desk)
    desk.take_in("Eva Roth,eva.roth@gmail.com,,,+49 30 23125077")
    desk.take_in(BRIDGE)
    desk.take_in("Eva Roth,,,Chair,+49 30 23125077")
    absorbed = desk.ws.leads.show(one).absorbed[0].id
    desk.ws.leads.unmerge(absorbed)
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id
    assert desk.ws.leads.get(other).title == "Chair"
    desk.assert_sound()


@both_ways
def test_what_enrichment_answered_about_two_as_one_is_withdrawn(desk: Desk, way: str) -> None:
    desk.ws.enrich(where=[f"email={CLEO}"])
    before = desk.people()
    desk.ws.leads.merge(CLEO, DAN)
    desk.ws.enrich()
    assert desk.ws.leads.get(CLEO).seniority == "c-level"
    part(desk, way, DAN)
    assert desk.ws.leads.get(CLEO).seniority is None
    told = {ref for ref, one in desk.people().items() if one == before[ref]}
    assert {str(desk.ws.leads.get(ref).id) for ref in (CLEO, DAN)} <= told
    desk.assert_sound()
    desk.ws.enrich()
    assert desk.ws.leads.get(DAN).seniority == "c-level"


def test_an_absorbed_lead_is_named_by_its_own_address(desk: Desk) -> None:
    bo = desk.ws.leads.get(BO).id
    desk.ws.leads.merge(ADA, BO)
    desk.ws.leads.merge(ADA, CLEO)
    desk.take_in(f"Bo Stern,{BO},Nord AG,Chair,")
    assert desk.ws.leads.unmerge(BO).id == bo
    assert set(desk.ws.leads.get(ADA).emails) == {ADA, CLEO}
    desk.assert_sound()


def test_a_merge_taken_back_after_the_parting_changes_nothing(desk: Desk) -> None:
    desk.ws.leads.merge(CLEO, DAN)
    merge = str(desk.ws.runs.get("last:edit").id)
    desk.ws.leads.unmerge(DAN)
    desk.ws.enrich()
    before = desk.people()
    desk.ws.runs.undo(merge)
    assert desk.people() == before
