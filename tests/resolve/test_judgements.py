"""A person's word about two leads: it outranks the machine's for ever, and can be taken back."""

from typing import Any

import pytest
from workbench import ADA, BO, BRIDGE, Desk, apart, doubtful

from leadloom.errors import UsageError


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


THIRD = "eva@third.org"


def a_third(desk: Desk) -> Any:
    """Another of that name, whom nothing joins to the two who are `apart`."""
    desk.take_in(f"Eva Roth,{THIRD},,,")
    return desk.ws.leads.get(THIRD).id


def joining(one: str, other: str) -> str:
    """A row that shows two addresses to be one person's."""
    return f'Eva Roth,"{one}; {other}",,,'


def words(desk: Desk) -> list[Any]:
    """What waits for a person, in full."""
    return desk.ws.leads.duplicates()


@pytest.mark.parametrize("is_kept", [True, False])
def test_different_holds_for_whom_either_is_merged_with(desk: Desk, is_kept: bool) -> None:
    one, other = apart(desk)
    desk.ws.leads.judge(one, other, "different")
    third = a_third(desk)
    desk.ws.leads.merge(*((other, third) if is_kept else (third, other)))
    desk.take_in(joining("eva@roth.ch", THIRD))
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(third).id
    assert desk.ws.leads.get(other).id == desk.ws.leads.get(third).id
    desk.assert_sound()


def test_different_holds_for_whom_a_file_merged_either_with(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.judge(one, other, "different")
    third = a_third(desk)
    desk.take_in(joining("eva.roth@gmail.com", THIRD))
    assert desk.ws.leads.get(third).id == desk.ws.leads.get(other).id
    both = desk.take_in(joining("eva@roth.ch", THIRD), joining("eva@roth.ch", "eva.roth@gmail.com"))
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id
    again = desk.take_in(f"Eva Roth,{THIRD},,Chair,")
    for report in (again, both):
        desk.ws.runs.undo(str(report.run.uuid))
        assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id
    desk.assert_sound()


def test_a_doubt_about_one_who_was_merged_is_settled_too(desk: Desk) -> None:
    one, other = doubtful(desk)
    desk.ws.leads.merge(ADA, one)
    assert [d.a for d in words(desk)] == [desk.ws.leads.get(ADA).id]
    desk.ws.leads.judge(ADA, other, "different")
    assert words(desk) == []
    assert desk.ws.stats()["duplicates_waiting"] == 0


def test_a_merge_overrules_an_earlier_different(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.judge(one, other, "different")
    third = a_third(desk)
    desk.take_in(joining("eva.roth@gmail.com", THIRD))
    merged = desk.ws.leads.merge(one, third)
    later = desk.take_in("Eva Roth,eva@roth.ch,,Chair,")
    desk.ws.runs.undo(str(later.run.uuid))
    assert {desk.ws.leads.get(ref).id for ref in (one, other, third)} == {merged.id}
    desk.assert_sound()


def test_undoing_that_merge_lets_the_different_hold_again(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.judge(one, other, "different")
    third = a_third(desk)
    desk.ws.leads.merge(third, other)
    desk.ws.leads.merge(one, third)
    desk.ws.runs.undo("last:edit")
    desk.take_in(BRIDGE, joining("eva@roth.ch", THIRD))
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id
    assert desk.ws.leads.get(third).id == desk.ws.leads.get(other).id
    desk.assert_sound()


def test_who_is_taken_out_again_is_different_from_all_the_others(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.judge(one, other, "different")
    third = a_third(desk)
    desk.ws.leads.merge(third, other)
    desk.ws.leads.merge(third, one)
    desk.ws.leads.unmerge(one)
    desk.ws.leads.unmerge(other)
    desk.take_in(BRIDGE)
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id


@pytest.mark.parametrize("verdict", ["different", "unsure", "same"])
def test_undoing_a_word_brings_the_doubt_back(desk: Desk, verdict: str) -> None:
    one, other = doubtful(desk)
    before, people = words(desk), desk.people()
    desk.ws.leads.judge(one, other, verdict)
    desk.ws.runs.undo("last:edit")
    assert words(desk) == before
    assert desk.people() == people
    desk.assert_sound()


def test_undoing_a_merge_brings_an_earlier_different_back(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.judge(one, other, "different")
    desk.ws.leads.merge(one, other)
    desk.ws.runs.undo("last:edit")
    desk.take_in(BRIDGE)
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id


def test_undoing_different_lets_files_speak_that_came_since(desk: Desk) -> None:
    one, other = apart(desk)
    desk.ws.leads.judge(one, other, "different")
    run = str(desk.ws.runs.get("last:edit").id)
    desk.take_in(BRIDGE)
    assert desk.ws.leads.get(one).id != desk.ws.leads.get(other).id
    desk.ws.runs.undo(run)
    assert desk.ws.leads.get(one).id == desk.ws.leads.get(other).id
    assert "lead.merged" in [event.type for event in desk.ws.leads.history(one)]
    desk.assert_sound()


def test_words_may_be_taken_back_in_any_order(desk: Desk) -> None:
    one, other = doubtful(desk)
    before = words(desk)
    desk.ws.leads.judge(one, other, "different")
    first = str(desk.ws.runs.get("last:edit").id)
    desk.ws.leads.judge(one, other, "unsure")
    second = str(desk.ws.runs.get("last:edit").id)
    assert [(d.score, d.reasons) for d in words(desk)] == [(d.score, d.reasons) for d in before]
    desk.ws.leads.judge(one, other, "different")
    third = str(desk.ws.runs.get("last:edit").id)
    desk.ws.runs.undo(second)
    assert words(desk) == []
    desk.ws.runs.undo(third)
    assert words(desk) == []
    desk.ws.runs.undo(first)
    assert words(desk) == before


@pytest.mark.parametrize(
    ("one", "other"), [("Bob Smith", "Robert Smith"), ("Wei Zhang", "Zhang Wei")]
)
def test_two_forms_of_a_name_at_one_firm_wait_for_a_word(desk: Desk, one: str, other: str) -> None:
    desk.take_in(f"{one},,Roth AG,Buyer,")
    desk.take_in(f"{other},,Roth AG,,")
    assert len(desk.people()) == 6
    assert [{d.a_name, d.b_name} for d in desk.ws.leads.duplicates()] == [{one, other}]


def test_who_marries_stays_one_lead_by_the_id_in_the_file(desk: Desk) -> None:
    head = "external_id,Name,Email,Company"
    desk.take_in("7,Eva Roth,,Roth AG", head=head, source="members")
    desk.take_in("7,Eva Lang,,Roth AG", "8,Kim Lang,,Roth AG", head=head, source="members")
    assert len(desk.people()) == 6
    assert desk.ws.leads.find("Eva").items[0].full_name == "Eva Lang"
    desk.assert_sound()
