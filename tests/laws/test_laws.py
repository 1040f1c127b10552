"""The laws of facts and folds, on every database."""

from pathlib import Path

import pytest
from emptied import empty
from hypothesis import given
from hypothesis import strategies as st

from laws.people import World, files, rows, world
from leadloom.imports import importer
from leadloom.resolve import undo
from leadloom.storage.database import Database

edits = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(
            [
                {"title": "Boss"},
                {"phone": ""},
                {"tags": "mine"},
                {"email": "new@acme.com"},
                {"first_name": "Zoe"},
                {"notes": "met twice"},
            ]
        ),
    ),
    max_size=3,
)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs together must not depend on falling into one batch."""
    monkeypatch.setattr(importer, "BATCH", 2)
    monkeypatch.setattr(undo, "BATCH", 2)


@pytest.fixture
def fresh(db: Database, tmp_path: Path):
    """Make an empty world, as often as asked for."""

    def make() -> World:
        empty(db)
        return world(db, tmp_path)

    return make


def assert_sound(one: World) -> None:
    assert one.ws.verify().differences == []


def edit(one: World, changes) -> None:
    for place, values in changes:
        found = one.ws.leads.find(limit=500, sort="id").items
        if found:
            one.ws.leads.set(found[place % len(found)].id, values)


@given(first=files, second=files)
def test_every_row_has_one_outcome_and_a_reason(fresh, first, second) -> None:
    one = fresh()
    for content in (first, second):
        report = one.take_in(content, "a.csv")
        told = list(one.ws.runs.records(str(report.run.uuid)))
        assert report.rows == sum(report.counts.values()) == len(told) == len(content)
        assert [record.position for record in told] == list(range(1, len(content) + 1))
        for record in told:
            assert record.status == "created" or record.reason


@given(first=files, second=files, changes=edits)
def test_folding_afresh_changes_nothing(fresh, first, second, changes) -> None:
    one = fresh()
    one.take_in(first, "a.csv")
    edit(one, changes)
    one.take_in(second, "b.csv")
    one.ws.enrich()
    assert_sound(one)


@given(first=files, second=files, changes=edits)
def test_the_same_files_twice_change_nothing(fresh, first, second, changes) -> None:
    one = fresh()
    one.take_in(first, "a.csv")
    one.take_in(second, "b.csv")
    edit(one, changes)
    before = one.state()
    for content, name in ((first, "a.csv"), (second, "b.csv")):
        report = one.take_in(content, name)
        assert report.counts["created"] == report.counts["updated"] == 0
    assert one.state() == before


@given(before=files, undone=files, after=files)
def test_an_undone_run_leaves_what_would_be_without_it(fresh, before, undone, after) -> None:
    one = fresh()
    one.take_in(before, "a.csv")
    one.take_in(after, "c.csv")
    wanted = one.state()

    one = fresh()
    one.take_in(before, "a.csv")
    run = one.take_in(undone, "b.csv").run
    one.take_in(after, "c.csv")
    one.ws.runs.undo(str(run.uuid))
    assert one.state() == wanted
    assert_sound(one)


@given(content=files)
def test_undoing_a_repeated_import_leaves_the_repetition(fresh, content) -> None:
    one = fresh()
    run = one.take_in(content, "a.csv").run
    one.take_in(content, "a.csv")
    wanted = one.state()
    one.ws.runs.undo(str(run.uuid))
    assert one.state() == wanted
    assert_sound(one)


@given(before=files, undone=files, changes=edits)
def test_undoing_keeps_what_people_did_since(fresh, before, undone, changes) -> None:
    one = fresh()
    one.take_in(before, "a.csv")
    known = {lead.id for lead in one.ws.leads.find(limit=500).items}
    run = one.take_in(undone, "b.csv").run
    for place, _ in changes:
        found = [x for x in one.ws.leads.find(limit=500, sort="id").items if x.id in known]
        if found:
            one.ws.leads.set(found[place % len(found)].id, {"title": "Kept"})
    edited = [x.id for x in one.ws.leads.find(limit=500, where=["title=Kept"]).items]
    one.ws.runs.undo(str(run.uuid))
    for ref in edited:
        assert one.ws.leads.get(ref).title == "Kept"
    assert_sound(one)


@given(
    content=files,
    later=files,
    pairs=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=3),
)
def test_merging_and_unmerging_is_the_identity(fresh, content, later, pairs) -> None:
    one = fresh()
    one.take_in(content, "a.csv")
    before = one.state()
    absorbed = []
    for a, b in pairs:
        found = one.ws.leads.find(limit=500, sort="id").items
        kept, other = (
            found[a % len(found)] if found else None,
            found[b % len(found)] if found else None,
        )
        if kept and other and kept.id != other.id:
            one.ws.leads.merge(kept.id, other.id)
            absorbed.append(other.id)
            assert_sound(one)
    for ref in reversed(absorbed):
        one.ws.leads.unmerge(ref)
    assert one.state() == before
    assert_sound(one)


@given(content=files, row=rows)
def test_an_edit_after_a_merge_survives_the_unmerge(fresh, content, row) -> None:
    one = fresh()
    one.take_in(content, "a.csv")
    found = one.ws.leads.find(limit=500, sort="id").items
    if len(found) < 2:
        return
    kept, other = found[0], found[1]
    one.ws.leads.merge(kept.id, other.id)
    one.ws.leads.set(kept.id, {"notes": "after the merge"})
    returned = one.ws.leads.unmerge(other.id)
    assert returned.id == other.id
    assert returned.notes == other.notes
    assert one.ws.leads.get(kept.id).notes.endswith("after the merge")
    assert_sound(one)


def two_of(one: World, a: int, b: int):
    """Two leads by their places, or nothing when it is one."""
    found = one.ws.leads.find(limit=500, sort="id").items
    pair = (found[a % len(found)], found[b % len(found)]) if found else ()
    return pair if len({lead.id for lead in pair}) == 2 else None


places = st.tuples(st.integers(0, 9), st.integers(0, 9))


@given(before=files, later=files, last=files, apart=places, merges=st.lists(places, max_size=2))
def test_a_persons_different_is_never_overruled_by_files(
    fresh, before, later, last, apart, merges
) -> None:
    one = fresh()
    one.take_in(before, "a.csv")
    if (pair := two_of(one, *apart)) is None:
        return
    one.ws.leads.judge(pair[0].id, pair[1].id, "different")
    for place in merges:
        if other := two_of(one, *place):
            ends = [{one.ws.leads.get(lead.id).id for lead in both} for both in (other, pair)]
            if ends[0] != ends[1]:  # joining those two would be another word of theirs
                one.ws.leads.merge(other[0].id, other[1].id)
    run = one.take_in(later, "b.csv").run
    one.take_in(last, "c.csv")
    assert one.ws.leads.get(pair[0].id).id != one.ws.leads.get(pair[1].id).id
    one.ws.runs.undo(str(run.uuid))
    assert one.ws.leads.get(pair[0].id).id != one.ws.leads.get(pair[1].id).id
    assert_sound(one)


def doubts(one: World) -> list[str]:
    """Which comes first of two is by their ids, and those may be others."""
    found = one.ws.leads.duplicates()
    return sorted(repr((sorted(map(str, (d.a_name, d.b_name))), d.score, d.reasons)) for d in found)


@given(before=files, later=files, pair=places, verdict=st.sampled_from(["same", "different"]))
def test_an_undone_word_leaves_what_would_be_without_it(
    fresh, before, later, pair, verdict
) -> None:
    one = fresh()
    one.take_in(before, "a.csv")
    one.take_in(later, "b.csv")
    wanted, waiting = one.state(), doubts(one)

    one = fresh()
    one.take_in(before, "a.csv")
    if (ends := two_of(one, *pair)) is None:
        return
    one.ws.leads.judge(ends[0].id, ends[1].id, verdict)
    run = one.ws.runs.get("last:edit")
    one.take_in(later, "b.csv")
    one.ws.runs.undo(str(run.id))
    assert one.state() == wanted
    assert doubts(one) == waiting
    assert_sound(one)


@given(before=files, later=files, last=files, pair=places)
def test_parting_after_files_loses_nothing_and_is_sound(fresh, before, later, last, pair) -> None:
    one = fresh()
    one.take_in(before, "a.csv")
    if (ends := two_of(one, *pair)) is None:
        return
    one.ws.leads.merge(ends[0].id, ends[1].id)
    one.take_in(later, "b.csv")
    one.ws.enrich()
    one.ws.leads.unmerge(ends[1].id)
    assert one.ws.leads.get(ends[0].id).id != one.ws.leads.get(ends[1].id).id
    assert_sound(one)
    after = one.state()
    for content, name in ((before, "a.csv"), (later, "b.csv")):
        report = one.take_in(content, name)
        assert report.counts["created"] == report.counts["updated"] == 0
    assert one.state() == after
    one.ws.runs.undo(str(one.take_in(last, "c.csv").run.uuid))
    assert one.ws.leads.get(ends[0].id).id != one.ws.leads.get(ends[1].id).id
    assert_sound(one)
