"""Rows by their position, how many there are, and which values they have: what grids ask."""

import pytest

import leadloom
from leadloom.errors import NotFoundError, UsageError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.bulk import Chosen

PEOPLE = [
    ("Anna Kern", "anna@initech.example.com", "DE", "vip; buyer"),
    ("Bob Stone", "bob@acme.example.org", "US", "vip"),
    ("Carla Anders", "carla@globex.example.net", "DE", ""),
    ("Dan Kern", "dan@umbrella.example.com", "", ""),
]


@pytest.fixture
def ws(db: Database) -> Workspace:
    with leadloom.open(db.url.render_as_string(hide_password=False)) as opened:
        for name, email, country, tags in PEOPLE:
            values = {"full_name": name, "email": email, "country": country, "tags": tags}
            opened.leads.add({key: value for key, value in values.items() if value})
        yield opened


def names(found: list[leadloom.workspace.views.Lead]) -> list[str | None]:
    return [lead.full_name for lead in found]


def test_windows_together_are_the_whole_list_and_its_count(ws: Workspace) -> None:
    for options in ({}, {"sort": "country"}, {"sort": "-country"}, {"where": ["country=DE"]}):
        whole = names(ws.leads.find(**options).items)
        parts = [names(ws.leads.window(offset=at, limit=1, **options)) for at in range(5)]
        assert [name for part in parts for name in part] == whole
        total = ws.leads.count(**options)
        assert total == len(whole)
        parts = [
            names(ws.leads.window(offset=at, limit=2, total=total, **options)) for at in (0, 2)
        ]
        assert [name for part in parts for name in part] == whole


def test_windows_of_a_search_are_its_answers(ws: Workspace) -> None:
    whole = names(ws.leads.find("kern").items)
    assert len(whole) == 2
    assert [names(ws.leads.window("kern", offset=at, limit=1))[0] for at in (0, 1)] == whole
    assert ws.leads.count("kern") == 2
    assert ws.leads.count("kern", where=["country=DE"]) == 1
    assert names(ws.leads.window("kern", sort="-full_name")) == ["Dan Kern", "Anna Kern"]


def test_the_most_frequent_values_come_first(ws: Workspace) -> None:
    assert ws.leads.values("country") == {"DE": 2, "US": 1, None: 1}
    assert ws.leads.values("tags") == {"vip": 2, "buyer": 1}
    assert ws.leads.values("country", where=["tags=vip"]) == {"DE": 1, "US": 1}
    with pytest.raises(UsageError, match="nothing to count"):
        ws.leads.values("id")


def test_all_that_match_are_tagged_in_one_run_that_is_undone(ws: Workspace) -> None:
    carla = ws.leads.get("carla@globex.example.net")
    chosen = Chosen(where=["country=DE"], besides=[str(carla.id)])
    plan = ws.bulk.plan_tags(chosen, add=["new"])
    assert (plan.rows, plan.changing, names(plan.examples)) == (1, 1, ["Anna Kern"])
    run = ws.bulk.tag(chosen, add=["new"], remove=["Buyer"])
    assert run.counts == {"updated": 1}
    assert sorted(ws.leads.get("anna@initech.example.com").tags) == ["new", "vip"]
    assert ws.bulk.plan_tags(chosen, add=["new"]).changing == 0
    ws.runs.undo(str(run.id))
    assert sorted(ws.leads.get("anna@initech.example.com").tags) == ["buyer", "vip"]


def test_those_chosen_are_deleted_in_one_run_that_is_undone(ws: Workspace) -> None:
    ids = [str(lead.id) for lead in ws.leads.find("kern").items]
    run = ws.bulk.delete(Chosen(ids=ids))
    assert run.counts == {"deleted": 2}
    assert ws.leads.count() == 2
    ws.runs.undo(str(run.id))
    assert ws.leads.count() == 4
    with pytest.raises(NotFoundError):
        ws.bulk.keys(Chosen(ids=["0190a000-0000-7000-8000-000000000000"]))


def test_a_saved_view_is_ones_own(ws: Workspace) -> None:
    ws.views.save("leads", " Best  ones ", "f=country%3DDE")
    ws.users.add("jo@example.com")
    jo = ws.logins
    jo.set_password("jo@example.com", "four words are good")
    token = jo.begin("jo@example.com", "four words are good")
    acting = jo.find(token or "")
    assert acting is not None
    assert ws.acting_as(acting).views.list("leads") == []
    assert [(view.name, view.query) for view in ws.views.list("leads")] == [
        ("Best ones", "f=country%3DDE")
    ]
    ws.views.remove("leads", "Best ones")
    assert ws.views.list("leads") == []
