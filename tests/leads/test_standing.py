"""What is remembered of whole lists is what would be found now."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

import leadloom
from leadloom.leads import standing, window
from leadloom.storage.database import Database
from leadloom.workspace import Workspace

NAMES = ("Dora", "Anna", "Emil", "Carl", "Berta")


@pytest.fixture
def ws(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Five leads; every place of a sorted list is deep, and what just happened is long ago."""
    monkeypatch.setattr(window, "DEEP", 0)
    monkeypatch.setattr(window, "STEP", 2)
    monkeypatch.setattr(standing, "QUIET", dt.timedelta(days=-1))
    with leadloom.open(db.url.render_as_string(hide_password=False)) as opened:
        for name in NAMES:
            opened.leads.add({"full_name": name, "email": f"{name.lower()}@acme.example.org"})
        yield opened


@pytest.fixture
def asked(ws: Workspace) -> Iterator[list[str]]:
    """The statements that the database gets."""
    statements: list[str] = []

    def listen(conn: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement.lower())

    engine = ws._session.db.engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", listen)


def order(ws: Workspace, **options: object) -> list[str | None]:
    total = ws.leads.count(**options)
    found = [ws.leads.window(offset=at, limit=2, total=total, **options) for at in (0, 2, 4, 6)]
    return [lead.full_name for some in found for lead in some]


def sorting(asked: list[str]) -> int:
    return sum("full_name" in one.partition("order by")[2] for one in asked)


def counting(asked: list[str]) -> int:
    return sum("count(*)" in one for one in asked)


def test_an_order_and_a_count_are_found_out_once(ws: Workspace, asked: list[str]) -> None:
    for _ in range(3):
        assert order(ws, sort="full_name") == sorted(NAMES)
    assert (sorting(asked), counting(asked)) == (1, 1)
    assert order(ws, sort="-full_name") == sorted(NAMES, reverse=True)
    assert (sorting(asked), counting(asked)) == (2, 1)


@pytest.mark.parametrize("sort", [None, "-id", "id", "created_at"])
def test_positions_by_key_are_counted_from_the_nearest_that_is_known(
    ws: Workspace, asked: list[str], sort: str | None
) -> None:
    whole = [lead.full_name for lead in ws.leads.find(sort=sort).items]
    assert whole == list(NAMES if sort in ("id", "created_at") else NAMES[::-1])
    for _ in range(2):
        for at in (4, 1, 3, 0, 2, 5, 8):
            found = ws.leads.window(offset=at, limit=2, sort=sort)
            assert [lead.full_name for lead in found] == whole[at : at + 2]
    asked.clear()
    ws.leads.window(offset=4, limit=2, sort=sort)
    assert any("leads.id <=" in one or "leads.id >=" in one for one in asked)
    ws.leads.delete("emil@acme.example.org")
    whole.remove("Emil")
    for at in (4, 2, 3):
        found = ws.leads.window(offset=at, limit=2, sort=sort)
        assert [lead.full_name for lead in found] == whole[at : at + 2]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda ws: ws.leads.add({"full_name": "Aaron"}), ["Aaron", *sorted(NAMES)]),
        (
            lambda ws: ws.leads.set("anna@acme.example.org", {"full_name": "Zoe"}),
            ["Berta", "Carl", "Dora", "Emil", "Zoe"],
        ),
        (lambda ws: ws.leads.delete("carl@acme.example.org"), ["Anna", "Berta", "Dora", "Emil"]),
        (
            lambda ws: ws.leads.merge("anna@acme.example.org", "emil@acme.example.org"),
            ["Berta", "Carl", "Dora", "Emil"],
        ),
    ],
    ids=["add", "set", "delete", "merge"],
)
def test_a_change_is_seen_at_once(
    ws: Workspace, change: Callable[[Workspace], object], expected: list[str]
) -> None:
    assert order(ws, sort="full_name") == sorted(NAMES)
    with leadloom.open(ws._session.db.url.render_as_string(hide_password=False)) as another:
        change(another)
    assert order(ws, sort="full_name") == expected
    assert ws.leads.count() == len(expected)


def test_what_was_taken_back_is_not_remembered(ws: Workspace) -> None:
    def fail() -> None:
        with ws.transaction() as together:
            together.leads.add({"full_name": "Aaron"})
            assert order(together, sort="full_name") == ["Aaron", *sorted(NAMES)]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert order(ws, sort="full_name") == sorted(NAMES)
    ws.leads.add({"full_name": "Zoe"})
    assert order(ws, sort="full_name") == [*sorted(NAMES), "Zoe"]


def test_what_is_deleted_has_an_order_of_its_own(ws: Workspace) -> None:
    ws.leads.delete("carl@acme.example.org")
    assert order(ws, sort="full_name") == ["Anna", "Berta", "Dora", "Emil"]
    assert order(ws, sort="full_name", deleted=True) == ["Carl"]


def test_nothing_is_remembered_while_things_happen(
    ws: Workspace, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "QUIET", dt.timedelta(days=1))
    for _ in range(2):
        assert order(ws, sort="full_name") == sorted(NAMES)
    assert sorting(asked) > 2
    assert counting(asked) == 2


def test_only_so_much_is_remembered(ws: Workspace, asked: list[str]) -> None:
    fields = ("full_name", "title", "city", "state", "country", "industry", "domain", "notes")
    for field in fields:
        order(ws, sort=field)
    assert len(next(iter(standing._memories[ws._session.db.engine].known))) == 2
    assert len(standing._memories[ws._session.db.engine].known) == standing._KEPT
    assert order(ws, sort="full_name") == sorted(NAMES)
    assert sorting(asked) == 2
