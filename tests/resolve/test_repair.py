"""What is stored beside the facts can be made anew from them, whatever became of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from leadloom.accounts.acting import FIRST
from leadloom.cli.app import app
from leadloom.errors import AccessError
from leadloom.storage.database import Database
from leadloom.storage.tables import (
    companies,
    company_keys,
    events,
    lead_keys,
    leads,
    metadata,
    records,
)
from leadloom.workspace import Workspace, repair
from leadloom.workspace.session import Session

FILE = """\
Name,Email,Company,City,Tags
Ann Lee,ann@acme.example.com,Acme GmbH,Ulm,vip
Bo Stern,bo@acme.example.com,Acme GmbH,Ulm,
Cy Kane,cy@initech.example.com,Initech Ltd,Rome,
"""
# Written anew when something is mended, and no part of what the facts say.
_TOLD = ("runs", "events", "counters")

Break = Callable[[sa.Connection], Any]


@pytest.fixture
def ws(db: Database, tmp_path: Path) -> Workspace:
    (tmp_path / "people.csv").write_text(FILE)
    opened = Workspace(session=Session(db))
    opened.import_files([tmp_path / "people.csv"])
    opened.leads.add({"full_name": "Ann Lee", "email": "ann.lee@web.example"})
    opened.leads.merge("ann@acme.example.com", "ann.lee@web.example")
    opened.leads.set("bo@acme.example.com", {"title": "Buyer"})
    assert opened.verify().differences == []
    return opened


BREAKS: dict[str, tuple[set[tuple[str, str]], Break]] = {
    "a value": (
        {("lead", "title"), ("lead", "lead_score")},
        lambda conn: conn.execute(
            leads.update().where(leads.c.full_name == "Bo Stern").values(title=None, lead_score=99)
        ),
    ),
    "keys": ({("lead", "keys")}, lambda conn: conn.execute(lead_keys.delete())),
    "keys of an absorbed lead": (
        {("lead", "keys")},
        lambda conn: conn.execute(
            lead_keys.delete().where(
                lead_keys.c.lead_id.in_(
                    conn.scalars(sa.select(leads.c.id).where(leads.c.root_id.is_not(None))).all()
                )
            )
        ),
    ),
    "a company's value": (
        {("company", "city")},
        lambda conn: conn.execute(
            companies.update().where(companies.c.name == "Acme GmbH").values(city="Bonn")
        ),
    ),
    "what a company keeps": (
        {("company", "winners")},
        lambda conn: conn.execute(companies.update().values(winners="[]")),
    ),
    "a company's keys": ({("company", "keys")}, lambda conn: conn.execute(company_keys.delete())),
    "whose a lead is": (
        {("lead", "company_id")},
        lambda conn: conn.execute(
            leads.update().where(leads.c.full_name == "Cy Kane").values(company_id=None)
        ),
    ),
    "a lead's event": (
        {("lead", "event")},
        lambda conn: conn.execute(
            events.delete().where(
                events.c.entity == "lead",
                events.c.entity_id
                == conn.scalar(sa.select(leads.c.id).where(leads.c.full_name == "Cy Kane")),
            )
        ),
    ),
}


def stored(db: Database) -> dict[str, list[Any]]:
    """All rows of all tables, but those that tell of the mending, without when it was."""
    found = {}
    with db.read() as conn:
        for name, table in metadata.tables.items():
            if name not in _TOLD:
                kept = [one for one in table.c if one.name not in ("updated_at", "updated_by")]
                found[name] = sorted(map(repr, conn.execute(sa.select(*kept))))
    return found


@pytest.mark.parametrize("what", BREAKS)
def test_what_was_broken_is_made_anew(ws: Workspace, what: str) -> None:
    sound = stored(ws.db)
    expected, spoil = BREAKS[what]
    with ws.db.write() as conn:
        spoil(conn)
    found = ws.verify(repair=True)
    assert {(one.kind, one.field) for one in found.differences} == expected
    assert found.repaired is not None
    assert ws.verify().differences == []
    assert stored(ws.db) == sound
    run = ws.runs.get(str(found.repaired.run))
    assert (run.kind, run.status, run.counts) == ("repair", "completed", found.repaired.counts)


def test_what_is_sound_is_left_alone(ws: Workspace) -> None:
    count = len(ws.runs.list().items)
    assert ws.verify(repair=True).repaired is None
    assert len(ws.runs.list().items) == count


def test_who_has_no_facts_left_is_kept_and_told(ws: Workspace) -> None:
    """Folded from nothing, nothing would be left of them."""
    with ws.db.write() as conn:
        cy = conn.scalar(sa.select(leads.c.id).where(leads.c.full_name == "Cy Kane"))
        conn.execute(records.delete().where(records.c.lead_id == cy))
    found = ws.verify(repair=True)
    assert found.repaired is not None
    assert found.repaired.counts["leads_without_facts"] == 1
    assert found.remain
    assert ws.leads.get("cy@initech.example.com").full_name == "Cy Kane"


def test_a_lead_that_no_event_told_of_is_found_by_a_search(ws: Workspace) -> None:
    """An earlier program wrote it beside the index."""
    ws.leads.find("ann")
    added = ws.leads.add({"full_name": "Dee Moor", "email": "dee@moor.example.com"}).lead
    with ws.db.write() as conn:
        conn.execute(events.delete().where(events.c.entity_id == added.key))
    ws.leads.set("bo@acme.example.com", {"title": "Head buyer"})
    ws.verify(repair=True)
    assert [one.full_name for one in ws.leads.find("moor").items] == ["Dee Moor"]


def test_mending_that_was_stopped_goes_on(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = stored(ws.db)
    with ws.db.write() as conn:
        for name in ("a value", "keys", "a company's keys"):
            BREAKS[name][1](conn)

    def stop(tx: Any, ids: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(repair, "give_lead_keys", stop)
        with pytest.raises(KeyboardInterrupt):
            ws.verify(repair=True)
    left = {(one.kind, one.field) for one in ws.verify().differences}
    assert left == {("lead", "keys")}
    ws.verify(repair=True)
    assert stored(ws.db) == sound


def test_the_command_tells_what_it_mended(lite: Database, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(FILE)
    ws = Workspace(session=Session(lite))
    ws.import_files([tmp_path / "people.csv"])
    with lite.write() as conn:
        conn.execute(lead_keys.delete())

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, ["--db", str(lite.url), "db", "verify", *words])

    assert "--repair" in run().output
    mended = run("--repair")
    assert mended.exit_code == 0
    assert "leads given keys  3" in mended.output
    assert "leadloom resolve" in mended.output
    assert run().exit_code == 0


def test_a_viewer_mends_nothing(ws: Workspace) -> None:
    with ws.db.write() as conn:
        conn.execute(lead_keys.delete())
    looking = Workspace(session=Session(ws.db, acting=replace(FIRST, role="viewer")))
    assert looking.verify().differences
    with pytest.raises(AccessError):
        looking.verify(repair=True)
