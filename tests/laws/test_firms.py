"""Companies that people merge, part and judge: every word can be taken back to the letter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from emptied import empty
from hypothesis import given
from hypothesis import strategies as st

from laws.people import World, differences, world
from laws.test_words import Word, rests_on_what_is_taken_back, words
from leadloom.errors import LeadloomError
from leadloom.imports import importer
from leadloom.resolve import firm_weaving, undo
from leadloom.storage.database import Database

rows = st.fixed_dictionaries(
    {
        "Email": st.sampled_from(["ada@gmail.com", "bo@gmail.com", "cleo@gmail.com", ""]),
        "Company": st.sampled_from(["Acme GmbH", "Acme Werke", "Acme Werkee", "Nordwind AG", ""]),
        "Company Domain": st.sampled_from(["", "", "acme.com", "acme.de", "nordwind.de"]),
        "Company LinkedIn": st.sampled_from(["", "", "linkedin.com/company/acme"]),
        "Company City": st.sampled_from(["", "Kiel", "Ulm"]),
        "Company Phone": st.sampled_from(["", "+49 431 2312500", "+49 431 2312500"]),
    }
)
files = st.lists(rows, min_size=1, max_size=6)
EDITS = ({"city": "Bern"}, {"name": "Acme Werke"}, {"domain": "acme.com"}, {"domain": ""})
KINDS = ("merge", "merge", "different", "unsure", "unmerge", "set")
places = st.tuples(st.integers(0, 9), st.integers(0, 9))


@dataclass
class Room:
    """A world, and the companies that were there from the start, by their places."""

    one: World
    firms: Sequence[Any]

    def say(self, word: Word) -> str | None:
        """Say it, of companies that speak for themselves; return the run, or None if refused."""
        ws = self.one.ws
        a, b = (self.firms[place % len(self.firms)] for place in (word.a, word.b))
        try:
            if (ws.companies.get(a).id != a) != (word.kind == "unmerge"):
                return None
            if ws.companies.get(b).id != b:
                return None
            acts: dict[str, Callable[[], Any]] = {
                "merge": lambda: ws.companies.merge(a, b),
                "different": lambda: ws.companies.judge(a, b, "different"),
                "unsure": lambda: ws.companies.judge(a, b, "unsure"),
                "unmerge": lambda: ws.companies.unmerge(a),
                "set": lambda: ws.companies.set(a, EDITS[word.b % len(EDITS)]),
            }
            acts[word.kind]()
        except LeadloomError:
            return None
        return str(ws.runs.get("last:edit").id)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", 2)
    monkeypatch.setattr(undo, "BATCH", 2)
    monkeypatch.setattr(firm_weaving, "BATCH", 2)


@pytest.fixture
def enter(db: Database, tmp_path: Path) -> Callable[[Any], Room]:
    """Make an empty world and bring the first file in, as often as asked for."""

    def make(content: Any) -> Room:
        empty(db)
        one = world(db, tmp_path)
        one.take_in(content, "a.csv")
        return Room(one, [firm.id for firm in one.ws.companies.find(limit=500, sort="id").items])

    return make


def assert_sound(one: World) -> None:
    assert one.ws.verify().differences == []


@given(before=files, pairs=st.lists(places, min_size=1, max_size=3), edit=st.booleans())
def test_merging_and_unmerging_is_the_identity(enter, before, pairs, edit) -> None:
    room = enter(before)
    ws = room.one.ws
    left, absorbed, edits = room.one.state(), [], []
    for a, b in pairs:
        found = ws.companies.find(limit=500, sort="id").items
        if not found or (kept := found[a % len(found)]) == (other := found[b % len(found)]):
            continue
        ws.companies.merge(kept.id, other.id)
        absorbed.append(other.id)
        assert_sound(room.one)
        if edit:
            ws.companies.set(kept.id, {"description": "merged"})
            edits.append(str(ws.runs.get("last:edit").id))
    for ref in reversed(absorbed):
        assert ws.companies.unmerge(ref).id == ref
    for run in edits:
        ws.runs.undo(run)
    assert differences(list(map(repr, room.one.state())), list(map(repr, left))) == {}
    assert_sound(room.one)


@given(
    before=files,
    early=words(*KINDS),
    later=files,
    late=words(*KINDS),
    order=st.randoms(use_true_random=False),
)
def test_words_taken_back_in_any_order_were_never_said(
    enter, before, early, later, late, order
) -> None:
    room = enter(before)
    if not room.firms:
        return
    said = [(word, room.say(word)) for word in early]
    room.one.take_in(later, "b.csv")
    said += [(word, room.say(word)) for word in late]
    if rests_on_what_is_taken_back(said):
        return
    gone = [run for word, run in said if run and word.taken_back]
    order.shuffle(gone)
    for run in gone:
        room.one.ws.runs.undo(run)
    assert_sound(room.one)
    left = room.one.seen()

    room = enter(before)
    for place, (word, run) in enumerate(said):
        if place == len(early):
            room.one.take_in(later, "b.csv")
        if run and not word.taken_back and room.say(word) is None:
            return  # it rested on what was taken back
    if len(said) == len(early):
        room.one.take_in(later, "b.csv")
    assert differences(left, room.one.seen()) == {}


@given(before=files, said=words("merge", "different", "set"), undone=files, after=files)
def test_an_undone_import_leaves_what_would_be_without_it(
    enter, before, said, undone, after
) -> None:
    room = enter(before)
    if not room.firms:
        return
    stood = [word for word in said if room.say(word)]
    run = room.one.take_in(undone, "b.csv").run
    room.one.take_in(after, "c.csv")
    room.one.ws.runs.undo(str(run.uuid))
    assert_sound(room.one)
    left = room.one.seen()

    room = enter(before)
    assert [word for word in said if room.say(word)] == stood
    room.one.take_in(after, "c.csv")
    assert differences(left, room.one.seen()) == {}


@given(before=files, early=words(*KINDS), later=files, late=words(*KINDS))
def test_an_undone_resolve_was_never_run(enter, before, early, later, late) -> None:
    """Companies that it wove, and people said more of, and those it left, are as without it."""
    room = enter(before)
    if not room.firms:
        return
    stood = [word for word in early if room.say(word)]
    run = room.one.ws.resolution.run().run
    assert_sound(room.one)
    heard = [(word, room.say(word) is not None) for word in late]
    room.one.take_in(later, "b.csv")
    room.one.ws.runs.undo(str(run))
    assert_sound(room.one)
    left = room.one.state()

    room = enter(before)
    assert [word for word in early if room.say(word)] == stood
    if [(word, room.say(word) is not None) for word in late] != heard:
        return  # it rested on what was woven
    room.one.take_in(later, "b.csv")
    assert differences(list(map(repr, left)), list(map(repr, room.one.state()))) == {}


@given(before=files, later=files)
def test_what_a_resolve_wove_stands_whatever_is_undone_beside_it(enter, before, later) -> None:
    room = enter(before)
    room.one.ws.resolution.run()
    left = room.one.state()
    run = room.one.take_in(later, "b.csv").run
    room.one.ws.runs.undo(str(run.uuid))
    assert differences(list(map(repr, room.one.state())), list(map(repr, left))) == {}
    assert_sound(room.one)


@given(before=files, pair=places, later=files, last=files)
def test_parting_loses_nothing_and_keeps_apart(enter, before, pair, later, last) -> None:
    room = enter(before)
    ws = room.one.ws
    if not room.firms:
        return
    a, b = (room.firms[place % len(room.firms)] for place in pair)
    if a == b:
        return
    ws.companies.merge(a, b)
    room.one.take_in(later, "b.csv")
    left = room.one.seen()
    ws.companies.unmerge(b)
    assert ws.companies.get(a).id != ws.companies.get(b).id
    assert_sound(room.one)
    parted = room.one.seen()
    for content, name in ((before, "a.csv"), (later, "b.csv")):
        assert room.one.take_in(content, name).counts["created"] == 0
    assert room.one.seen() == parted
    ws.runs.undo(str(room.one.take_in(last, "c.csv").run.uuid))
    assert ws.companies.get(a).id != ws.companies.get(b).id
    assert differences(room.one.seen(), parted) == {}
    ws.runs.undo("last:edit")
    assert differences(room.one.seen(), left) == {}
    assert_sound(room.one)
