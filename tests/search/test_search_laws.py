"""Whatever was done to the leads: what is found is what a new index would find."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloom.errors import LeadloomError
from leadloom.search import index
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

NAMES = ("Anna Weber", "Anna Müller", "王小明", "Bo Anders", "Weber Bo")
COMPANIES = ("Anders GmbH", "Weber & Söhne", "Acme")
QUESTIONS = (
    *("anna", "an", "weber", "wbeer", "anna weber", "小明", "anders", "acme", "astronaut"),
    *("tag:vip", "-tag:vip bo", "bo@two.org", "one.org", "muellre", "anna gmbh"),
)

_who = st.integers(0, 5)
_steps = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(NAMES), st.sampled_from(COMPANIES), _who),
    st.tuples(st.just("set"), _who, st.sampled_from(("title", "company", "notes")), _who),
    st.tuples(st.just("tag"), _who),
    st.tuples(st.just("delete"), _who),
    st.tuples(st.just("restore"), _who),
    st.tuples(st.just("merge"), _who, _who),
    st.tuples(st.just("unmerge"), _who),
    st.tuples(st.just("undo"), st.integers(0, 8)),
    st.tuples(st.just("import"), st.sampled_from(NAMES), _who),
    st.tuples(st.just("search")),
    st.tuples(st.just("take in")),
)


class Office:
    """A workspace in which things happen; what makes no sense is left alone."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.ws = Workspace(session=Session(db))
        self.ws._session.indexes.forget()
        self._folder = folder
        self._ids: list[str] = []
        self._runs: list[str] = []

    def do(self, step: tuple[object, ...]) -> None:
        verb, *values = step
        try:
            getattr(self, "_" + str(verb).replace(" ", "_"))(*values)
        except (LeadloomError, IndexError):
            return

    def _edited(self, edited: object) -> None:
        self._ids.append(str(edited.lead.id))  # type: ignore[attr-defined]
        self._runs.append(str(edited.run))  # type: ignore[attr-defined]

    def _add(self, name: str, company: str, number: int) -> None:
        values = {"full_name": name, "email": f"p{number}@one.org", "company": company}
        self._edited(self.ws.leads.add(values))

    def _import(self, name: str, number: int) -> None:
        path = self._folder / f"some{number}.csv"
        path.write_text(f"Name,Email,Company\n{name},p{number}@one.org,Acme\nBo,bo@two.org,\n")
        report = self.ws.import_files([path])
        self._runs.append(str(report.runs[0].id) if hasattr(report, "runs") else str(report.run))

    def _set(self, who: int, field: str, value: int) -> None:
        said = ("astronaut", "Anders GmbH", "anna knows", "", "Weber", "bo")[value]
        self._edited(self.ws.leads.set(self._ids[who], {field: said}))

    def _tag(self, who: int) -> None:
        self._edited(self.ws.leads.tag(self._ids[who], add=["vip"]))

    def _delete(self, who: int) -> None:
        self.ws.leads.delete(self._ids[who])

    def _restore(self, who: int) -> None:
        self.ws.leads.restore(self._ids[who])

    def _merge(self, one: int, other: int) -> None:
        self.ws.leads.merge(self._ids[one], self._ids[other])

    def _unmerge(self, who: int) -> None:
        self.ws.leads.unmerge(self._ids[who])

    def _undo(self, number: int) -> None:
        self.ws.runs.undo(self._runs[number])

    def _search(self) -> None:
        self.ws.leads.find("anna")
        self.ws.companies.find("acme")

    def _take_in(self) -> None:
        few, index._FEW_ROWS = index._FEW_ROWS, 0
        try:
            self._search()
        finally:
            index._FEW_ROWS = few

    def answers(self) -> dict[str, list[list[str]]]:
        """Return who and which companies are found, in order, also among the deleted."""
        return {
            text: [
                [str(lead.id) for lead in self.ws.leads.find(text, limit=100).items],
                [str(one.id) for one in self.ws.leads.find(text, deleted=True).items],
                [str(firm.id) for firm in self.ws.companies.find(text, limit=100).items],
            ]
            for text in QUESTIONS
        }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@settings(max_examples=10)
@given(steps=st.lists(_steps, min_size=3, max_size=14))
def test_searching_after_any_edits_is_searching_in_a_new_index(
    db: Database, folder: Path, steps: list[tuple[object, ...]]
) -> None:
    from emptied import empty

    empty(db)
    office = Office(db, folder)
    office.do(("search",))
    for step in steps:
        office.do(step)
    kept_up = office.answers()
    with office.ws.transaction() as inside:
        office.ws, outside = inside, office.ws
        assert office.answers() == kept_up
        office.ws = outside
    office.ws._session.indexes.forget()
    assert office.answers() == kept_up
