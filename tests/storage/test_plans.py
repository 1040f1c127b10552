"""How the databases go about what people ask for most: by an index, and never by sorting it all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from leadloom.ids import new_uuid
from leadloom.leads.order import Order
from leadloom.resolve.family import merged_into
from leadloom.resolve.judgement import kept_apart
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.dialect import insert_rows
from leadloom.storage.health import maintenance
from leadloom.storage.tables import companies, judgements, leads
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

COUNT, FIRMS = 2_000, 1_000


@pytest.fixture(scope="module")
def filled(database_url: str) -> Iterator[Workspace]:
    """A database of leads that a planner knows about."""
    db = Database(database_url)
    schema.ensure(db)
    stamp = {"created_at": db.now(), "updated_at": db.now(), "workspace_id": 1}
    with db.write() as conn:
        firms = [
            {"id": n, "uuid": new_uuid(), "name": f"Firm {n}", "winners": "[]", **stamp}
            for n in range(1, FIRMS + 1)
        ]
        insert_rows(conn, companies, firms)
        insert_rows(conn, leads, [_lead(number, stamp) for number in range(1, COUNT + 1)])
        insert_rows(conn, judgements, [_doubt(number, stamp) for number in range(1, COUNT)])
    maintenance.maintain(db)
    yield Workspace(session=Session(db))
    schema.downgrade(db, schema.BASE, allow_data_loss=True)
    db.close()


def _lead(number: int, stamp: dict[str, Any]) -> dict[str, Any]:
    states = {"status": "raw", "stage": "new", "enrichment_status": "pending"}
    return {
        "id": number,
        "uuid": new_uuid(),
        "full_name": f"Person {number}",
        "email": f"p{number}@one.org",
        "company_id": number % FIRMS + 1,
        "tags": ["All", "Rare Ünit"] if number == 700 else ["All"],
        "custom": {"Seats": number, "Owner": f"Owner {number % 500}"},
        "lead_status": "new",
        "lead_score": 10,
        "do_not_contact": False,
        **states,
        **stamp,
    }


def _doubt(number: int, stamp: dict[str, Any]) -> dict[str, Any]:
    said = {"verdict": "unsure", "is_person": False, "reasons": [], "score": 0.5}
    return {"entity": "lead", "low_id": number, "high_id": number + 1, **said, **stamp}


def plan_of(ws: Workspace, ask: Callable[[], Any], begins: str = "SELECT leads.id") -> str:
    """Return how the database goes about what `ask` asks by statements that begin so."""
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith(begins):
            seen.append((statement, parameters))

    sa.event.listen(ws.db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(ws.db.engine, "before_cursor_execute", note)
    word = "EXPLAIN QUERY PLAN " if ws.db.file else "EXPLAIN "
    lines = []
    with ws.db.read() as conn:
        for statement, parameters in seen:
            rows = conn.exec_driver_sql(word + statement, parameters)
            lines += [" ".join(map(str, row)) for row in rows]
    return "\n".join(lines)


def kind(ws: Workspace) -> str:
    return ws.db.engine.dialect.name


def later(ws: Workspace) -> str:
    return Order.of(leads, None).cursor(COUNT // 2, COUNT // 2)


@pytest.mark.parametrize("page", ["first", "later"])
def test_no_page_sorts_or_counts_its_way_to_its_rows(filled: Workspace, page: str) -> None:
    after = later(filled) if page == "later" else None
    found: list[Any] = []
    plan = plan_of(filled, lambda: found.append(filled.leads.find(limit=50, after=after)))
    assert len(found[0].items) == 50
    assert found[0].items[0].full_name == (
        f"Person {COUNT // 2 - 1}" if after else f"Person {COUNT}"
    )
    assert not any(word in plan for word in ("Sort", "filesort", "TEMP B-TREE", "OFFSET"))
    if page == "later":
        wanted = {"sqlite": "PRIMARY KEY (rowid<?)", "postgresql": "pk_leads", "mysql": "PRIMARY"}
        assert wanted[kind(filled)] in plan


@pytest.mark.parametrize(
    ("where", "count", "index"),
    [
        ("tags=rare ünit", 1, "sx_leads_tags"),
        ("tags=nobody has it", 0, "sx_leads_tags"),
        ("custom.Seats=77", 1, "sx_leads_custom"),
        ("custom.Owner=owner 3", 4, "sx_leads_custom"),
        ("custom.owner=owner 3", 0, "sx_leads_custom"),
    ],
)
def test_what_is_inside_json_is_found_by_an_index_on_postgresql(
    filled: Workspace, where: str, count: int, index: str
) -> None:
    found: list[Any] = []
    plan = plan_of(filled, lambda: found.append(filled.leads.find(where=[where])))
    assert len(found[0].items) == count
    assert (index in plan) == (kind(filled) == "postgresql")


def test_a_value_that_everybody_has_is_not_sorted_first(filled: Workspace) -> None:
    plan = plan_of(filled, lambda: filled.leads.find(where=["tags=all"]))
    assert not any(word in plan for word in ("Sort", "filesort", "TEMP B-TREE"))


def test_the_leads_of_a_company_are_found_by_an_index(filled: Workspace) -> None:
    firm = str(filled.companies.find(limit=1).items[0].id)
    found: list[Any] = []
    plan = plan_of(filled, lambda: found.append(filled.leads.find(where=[f"company_id={firm}"])))
    assert len(found[0].items) == COUNT // FIRMS
    assert "ix_leads_company_id" in plan
    assert "coalesce" not in plan.lower().partition("ix_leads_company_id")[0]


def test_an_address_that_nobody_has_is_looked_up_on_postgresql(filled: Workspace) -> None:
    plan = plan_of(filled, lambda: filled.leads.get("p9@one.org"))
    assert ("sx_leads_email" in plan) == (kind(filled) == "postgresql")


def test_what_was_said_of_some_is_found_by_an_index_from_either_side(filled: Workspace) -> None:
    def ask() -> None:
        with Session(filled.db).read() as tx:
            assert kept_apart(tx, [7, 700, COUNT]) == {}

    plan = plan_of(filled, ask, "SELECT judgements.low_id")
    wanted = {
        "sqlite": ("judgements USING INDEX", "AND low_id=?)\n", "AND high_id=?)\n"),
        "postgresql": ("Index Cond", "(low_id = ANY", "(high_id = ANY"),
        "mysql": ("judgements range",),
    }
    for words in wanted[kind(filled)]:
        assert words in plan
    assert not any(words in plan for words in ("Seq Scan", "SCAN judgements", " ALL "))


def test_who_was_merged_into_one_is_found_by_an_index(filled: Workspace) -> None:
    def ask() -> None:
        with Session(filled.db).read() as tx:
            assert merged_into(tx, [7], 7) == []

    plan = plan_of(filled, ask)
    assert "ix_leads_root_id" in plan
    assert not any(words in plan for words in ("Seq Scan", "SCAN leads", " ALL "))
