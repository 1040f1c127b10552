"""What people said, taken back in any order, leaves what would be had they never said it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from emptied import empty
from hypothesis import given
from hypothesis import strategies as st

from laws.people import World, differences, files, world
from leadloom.errors import LeadloomError
from leadloom.imports import importer
from leadloom.resolve import undo
from leadloom.storage.database import Database

places = st.integers(0, 5)
EDITS = ({"title": "Boss"}, {"email": "new@acme.com"}, {"company": "Nordwind AG"}, {"phone": ""})
FIRM_EDITS = ({"city": "Kiel"}, {"name": "Acme"}, {"domain": "acme.com"}, {"domain": ""})
KINDS = ("merge", "different", "unsure", "unmerge", "set", "company")


@dataclass(frozen=True)
class Word:
    """What a person says, of those at two places, or of one with one of some values."""

    kind: str
    a: int
    b: int
    taken_back: bool


def words(*kinds: str) -> st.SearchStrategy[list[Word]]:
    return st.lists(
        st.builds(Word, st.sampled_from(kinds), places, places, st.booleans()), max_size=4
    )


@dataclass
class Room:
    """A world, and those who were there from the start, by their places."""

    one: World
    people: Sequence[Any]
    firms: Sequence[Any]

    def say(self, word: Word) -> str | None:
        """Say it, of leads that speak for themselves; return the run, or None if it is refused."""
        ws = self.one.ws
        a, b = (self.people[place % len(self.people)] for place in (word.a, word.b))
        if (ws.leads.get(a).id != a) != (word.kind == "unmerge") or ws.leads.get(b).id != b:
            return None
        acts: dict[str, Callable[[], Any]] = {
            "merge": lambda: ws.leads.merge(a, b),
            "different": lambda: ws.leads.judge(a, b, "different"),
            "unsure": lambda: ws.leads.judge(a, b, "unsure"),
            "unmerge": lambda: ws.leads.unmerge(a),
            "set": lambda: ws.leads.set(a, EDITS[word.b % len(EDITS)]),
            "company": lambda: self._set_company(word),
            "delete": lambda: ws.leads.delete(a),
            "restore": lambda: ws.leads.restore(a),
        }
        try:
            acts[word.kind]()
        except LeadloomError:
            return None
        return str(ws.runs.get("last:edit").id)

    def _set_company(self, word: Word) -> None:
        ref = self.firms[word.a % len(self.firms)] if self.firms else "nobody"
        self.one.ws.companies.set(ref, FIRM_EDITS[word.b % len(FIRM_EDITS)])


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", 2)
    monkeypatch.setattr(undo, "BATCH", 2)


@pytest.fixture
def enter(db: Database, tmp_path: Path) -> Callable[[Any], Room]:
    """Make an empty world and bring the first file in, as often as asked for."""

    def make(content: Any) -> Room:
        empty(db)
        one = world(db, tmp_path)
        one.take_in(content, "a.csv")
        one.ws.enrich()
        people = [lead.id for lead in one.ws.leads.find(limit=500, sort="id").items]
        firms = [firm.id for firm in one.ws.companies.find(limit=500, sort="id").items]
        return Room(one, people, firms)

    return make


def rests_on_what_is_taken_back(said: Sequence[tuple[Word, str | None]]) -> bool:
    """A parting shares out for good what came in meanwhile, by all that was said until then."""
    stood = [word for word, run in said if run]
    partings = [place for place, word in enumerate(stood) if word.kind == "unmerge"]
    return any(word.taken_back for place in partings for word in stood[:place])


@given(
    before=files,
    early=words(*KINDS),
    later=files,
    late=words(*KINDS, "delete", "restore"),
    order=st.randoms(use_true_random=False),
)
def test_words_taken_back_in_any_order_were_never_said(
    enter, before, early, later, late, order
) -> None:
    room = enter(before)
    if not room.people:
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
    assert room.one.ws.verify().differences == []
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
