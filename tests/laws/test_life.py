"""A life of a workspace: whatever is done, in whatever order, can be taken back to the letter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from emptied import empty
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from laws.people import World, differences, files, world
from leadloom.errors import LeadloomError
from leadloom.imports import importer
from leadloom.imports.request import POLICIES
from leadloom.resolve import undo
from leadloom.storage.database import Database

places = st.integers(0, 9)
EDITS = (
    {"title": "Boss"},
    {"phone": ""},
    {"tags": "mine"},
    {"email": "new@acme.com"},
    {"email": "bob@acme.com"},
    {"first_name": "Zoe"},
    {"company": "Nordwind AG"},
)
FIRM_EDITS = ({"city": "Kiel"}, {"name": "Acme"}, {"domain": "acme.com"}, {"name": ""})


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs together must not depend on falling into one batch."""
    monkeypatch.setattr(importer, "BATCH", 2)
    monkeypatch.setattr(undo, "BATCH", 2)


@dataclass
class Done:
    """A run that stands, and what there was before it, while that can still be said."""

    run: str
    what: str
    before: Any


class Life(RuleBasedStateMachine):
    """People import, edit, merge, part, judge, delete, restore, enrich, and take back."""

    make: ClassVar[Callable[[], World]]

    def __init__(self) -> None:
        super().__init__()
        self.one = type(self).make()
        self.done: list[Done] = []

    def do(self, what: str, act: Callable[[], Any]) -> None:
        """Do something; what makes no sense is refused in a sentence, and leaves no trace."""
        known, before = self.runs(), self.one.seen()
        try:
            act()
        except LeadloomError:
            assert differences(self.one.seen(), before) == {}
        self.done += [Done(run, what, before) for run in self.runs() if run not in known]

    def runs(self) -> list[str]:
        """The runs that stand, oldest first."""
        found = self.one.ws.runs.list(limit=500, edits=True).items
        return [str(run.id) for run in reversed(found) if run.undone_at is None]

    def lead(self, place: int, **filters: Any) -> Any:
        found = self.one.ws.leads.find(limit=500, sort="id", **filters).items
        return found[place % len(found)].id if found else "nobody"

    @rule(
        content=files,
        name=st.sampled_from(["a.csv", "b.csv"]),
        policy=st.sampled_from(sorted(POLICIES)),
    )
    def take_in(self, content: Any, name: str, policy: str) -> None:
        self.do("import", lambda: self.one.take_in(content, name, policy=policy))

    @rule(content=files, goes_on=st.booleans())
    def break_off(self, content: Any, goes_on: bool) -> None:
        def stop(*_: Any) -> None:
            raise KeyboardInterrupt

        def act() -> None:
            try:
                self.one.take_in(content, "a.csv", on_progress=stop)
            except KeyboardInterrupt:
                pass
            else:
                return
            if goes_on:
                self.one.ws.runs.resume("last")

        self.do("broken import", act)

    @rule(place=places, values=st.sampled_from(EDITS))
    def edit(self, place: int, values: dict[str, str]) -> None:
        self.do("edit", lambda: self.one.ws.leads.set(self.lead(place), values))

    @rule(place=places, values=st.sampled_from(FIRM_EDITS))
    def edit_company(self, place: int, values: dict[str, str]) -> None:
        self.do("company edit", lambda: self.one.ws.companies.set(self.company(place), values))

    def company(self, place: int) -> Any:
        found = self.one.ws.companies.find(limit=500, sort="id").items
        return found[place % len(found)].id if found else "nothing"

    @rule(a=places, b=places)
    def merge_companies(self, a: int, b: int) -> None:
        firms = self.one.ws.companies
        self.do("company merge", lambda: firms.merge(self.company(a), self.company(b)))

    @rule(place=places)
    def part_companies(self, place: int) -> None:
        firms = self.one.ws.companies
        self.do("company unmerge", lambda: firms.unmerge(self.company(place)))

    @rule(a=places, b=places, verdict=st.sampled_from(["different", "unsure"]))
    def judge_companies(self, a: int, b: int, verdict: str) -> None:
        firms = self.one.ws.companies
        self.do(verdict, lambda: firms.judge(self.company(a), self.company(b), verdict))

    @rule(a=places, b=places)
    def merge(self, a: int, b: int) -> None:
        self.do("merge", lambda: self.one.ws.leads.merge(self.lead(a), self.lead(b)))

    @rule(place=places)
    def part(self, place: int) -> None:
        self.do("unmerge", lambda: self.one.ws.leads.unmerge(self.lead(place)))

    @rule(a=places, b=places, verdict=st.sampled_from(["different", "unsure"]))
    def judge(self, a: int, b: int, verdict: str) -> None:
        self.do(verdict, lambda: self.one.ws.leads.judge(self.lead(a), self.lead(b), verdict))

    @rule(place=places)
    def delete(self, place: int) -> None:
        self.do("delete", lambda: self.one.ws.leads.delete(self.lead(place)))

    @rule(place=places)
    def restore(self, place: int) -> None:
        self.do("restore", lambda: self.one.ws.leads.restore(self.lead(place, deleted=True)))

    @rule()
    def enrich(self) -> None:
        self.do("enrich", self.one.ws.enrich)

    @rule()
    def take_the_last_back(self) -> None:
        if self.done:
            last = self.done.pop()
            self.one.ws.runs.undo(last.run)
            if last.before is not None:
                assert differences(self.one.seen(), last.before) == {}, last.what

    @rule(place=places)
    def take_any_back(self, place: int) -> None:
        if self.done:
            place %= len(self.done)
            self.one.ws.runs.undo(self.done.pop(place).run)
            for later in self.done[place:]:
                later.before = None

    @invariant()
    def folding_afresh_changes_nothing(self) -> None:
        assert self.one.ws.verify().differences == []

    def teardown(self) -> None:
        """When all is taken back, nothing is left."""
        for done in self.done[::2] + self.done[1::2]:
            self.one.ws.runs.undo(done.run)
        assert self.one.seen() == []
        assert self.one.ws.verify().differences == []


def test_whatever_is_done_can_be_taken_back(db: Database, tmp_path: Path) -> None:
    def make() -> World:
        empty(db)
        return world(db, tmp_path)

    Life.make = staticmethod(make)
    # A life takes as long as many an example of another law.
    lives = max(settings.default.max_examples // 2, 5)
    run_state_machine_as_test(Life, settings=settings(max_examples=lives, stateful_step_count=20))
