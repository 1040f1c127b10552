"""Ids of another workspace at every address: nothing of it is told, and nothing there changes."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from servers import fresh
from serving import Site, served

from leadloom.accounts.moving import owned_tables
from leadloom.storage.tables import metadata
from leadloom.web.routes import ROUTES
from leadloom.workspace import Workspace

MARK = "Zebra"
TOKEN = re.compile(r'name="_token" value="([^"]+)"')
PART = re.compile(r"\{(\w+)\}")
# What stands in an address for {…} and is no id: the same everywhere.
NO_IDS = ("field", "key")
TRIED = [
    one
    for one in ROUTES
    if one.path != "/live"
    and one.role != "anyone"
    and set(PART.findall(one.path)).isdisjoint(NO_IDS)
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sites(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Site]]:
    """Our site and theirs, over one database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('house') / 'leads.db'}"
    if request.param == "postgresql":
        url = fresh(sa.make_url(request.getfixturevalue("postgres")), f"strangers_{os.getpid()}")
    with ExitStack() as opened:
        ours = opened.enter_context(Workspace(url, workspace="default"))
        ours.workspaces.create("theirs")
        theirs = opened.enter_context(Workspace(url, workspace="theirs"))
        yield opened.enter_context(served(ours)), opened.enter_context(served(theirs))


def filled(site: Site, folder: Path) -> dict[str, str]:
    """Give a workspace one of everything; return their ids by the first part of their address."""
    ws = site.ws
    path = folder / "people.csv"
    rows = "Name,Email,Company\nZebra Anna,anna@zebra.example.com,Zebra AG\nZebra Bob,b@z.example,"
    path.write_text(rows, encoding="utf-8")
    run = ws.import_files([path]).run
    lead = ws.leads.find("anna").items[0]
    group = ws.groups.create(f"{MARK} group", where=["email!="])
    ws.templates.add(f"{MARK}-letter", "body", "Hello {{ first_name }}")
    show = ws.shows.create(f"{MARK} fair")
    ws.campaigns.create(f"{MARK} campaign", f"{MARK} group", "intro", 1)
    ws.campaigns.generate(f"{MARK} campaign")
    ws.users.add("zebra@example.com", name=MARK)
    ws.logins.set_password("zebra@example.com", "four words are good")
    ws.logins.begin("zebra@example.com", "four words are good", MARK)
    ws.secrets.set("zebra_key", f"{MARK} secret")
    ws.config.set("sender_name", MARK)
    ws.views.save("leads", f"{MARK} view", "q=zebra")
    ws.schedules.add(f"{MARK} drop", "@hourly", ["import", f"{MARK}.csv"], folder=folder)
    with httpx2.Client(base_url=site.url) as client:
        sent = client.post(
            "/import/upload",
            data={"_token": token(client)},
            files={"file": ("zebra.csv", rows.encode(), "text/csv")},
            headers={"x-leadloom": "1"},
        )
    return {
        "leads": str(lead.id),
        "companies": str(lead.company_id),
        "runs": str(run),
        "groups": str(group.id),
        "templates": f"{MARK}-letter",
        "shows": str(show.id),
        "campaigns": str(ws.campaigns.list()[0].id),
        "drafts": str(ws.messages().items[0].id),
        "settings/users": str(ws.users.get("zebra@example.com").id),
        "settings/logins": str(ws.logins.list()[0].id),
        "settings/schedules": str(ws.schedules.list()[0].id),
        "import": sent.json()["go"].rpartition("/")[2],
    }


def token(client: httpx2.Client) -> str:
    found = TOKEN.search(client.get("/import").text)
    assert found
    return found[1]


def fields(ids: dict[str, str]) -> dict[str, Any]:
    """Return what any form may hold, all of it about what is theirs."""
    lead = ids["leads"]
    return {
        "chosen": json.dumps({"ids": [lead, ids["companies"]]}),
        "row": lead,
        "column": "title",
        "text": "Thief",
        "a": lead,
        "b": lead,
        "verdict": "same",
        "lead": lead,
        "gone": lead,
        "only": ids["drafts"],
        "run": ids["runs"],
        "campaign": ids["campaigns"],
        "template": ids["templates"],
        "name": "ours",
        "group": "ours",
        "field": "title",
        "value": "Thief",
        "agreed": "1",
        "kind": "csv",
        "trust": "70",
        "role": "viewer",
        "password": "another long one",
        "add": "stolen",
        "subject": "A",
        "body": "B",
    }


def rows_of(ws: Workspace) -> dict[str, list[str]]:
    key = ws.workspaces.current().key
    with ws.db.read() as conn:
        return {
            name: sorted(map(repr, conn.execute(_mine(metadata.tables[name], key))))
            for name in owned_tables()
        }


def _mine(table: sa.Table, key: int) -> sa.Select[Any]:
    return sa.select(table).where(table.c.workspace_id == key)


def test_nothing_of_another_workspace_is_told_or_changed_at_any_address(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    ours, theirs = sites
    ids = filled(theirs, tmp_path)
    before = rows_of(theirs.ws)
    assert MARK in "".join(before["leads"]), "what is looked for would be found"
    with httpx2.Client(base_url=ours.url, timeout=30) as client:
        data = {"_token": token(client), **fields(ids)}
        seen = {}
        for route in TRIED:
            kind = next((one for one in ids if route.path.startswith(f"/{one}/{{")), "")
            path = PART.sub(ids.get(kind, ""), route.path)
            assert bool(kind) == ("{" in route.path), f"{route.path}: whose id is that?"
            if route.method == "GET":
                told = {"lead": ids["leads"], "campaign": ids["campaigns"], "q": "anna"}
                answer = client.get(path, params=told)
            else:
                answer = client.post(path, data=data, headers={"x-leadloom": "1"})
            if kind:
                seen[route.name] = answer.status_code
            assert MARK not in answer.text.replace(ids["templates"], ""), route.name
    assert {name: status for name, status in seen.items() if status not in (400, 404)} == {}
    after = rows_of(theirs.ws)
    assert {name for name in before if after[name] != before[name]} == set()
