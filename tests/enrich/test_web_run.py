"""A run with defaults: what needs no key is asked on the web, where that can be reached."""

import asyncio
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asking import LOCAL, Site, answer, standing
from books import ledger
from name_server import NameServer, name_serving
from test_website import ABOUT, CONTACT, HOME, IMPRINT, PAGES

from leadloom.connect import reach, web
from leadloom.enrich import crew, registry
from leadloom.enrich.providers import mail_check, website
from leadloom.enrich.questions import enrichment_sources, questions
from leadloom.errors import UsageError
from leadloom.resolve.shelf import load_leads
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

Fill = Callable[..., None]


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with name_serving() as server:
        yield server


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, names: NameServer) -> Iterator[Site]:
    """Every website is a server on this machine, and so is the name server."""
    server, loop, stop = Site(dict(PAGES)), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with standing(server):
            ready.set()
            await stop.wait()

    ready = threading.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(60)
    here = functools.partial(web.Web, resolver=server.resolve, allowed=LOCAL, pause_s=0.0)
    monkeypatch.setattr(crew, "open_web", here)
    monkeypatch.setattr(web, "_scheme_of", lambda target: "http")
    checked = (website.PROVIDER, mail_check.provider(names.resolver))
    monkeypatch.setattr(registry, "OUTSIDE", checked)
    registry.registry.cache_clear()
    monkeypatch.delenv(reach.OFFLINE)
    monkeypatch.setattr(reach, "is_online", lambda: True)
    yield server
    loop.call_soon_threadsafe(stop.set)
    thread.join(5)
    loop.close()
    registry.registry.cache_clear()


def state(ws: Workspace) -> list[dict[str, Any]]:
    leads = [lead.as_json() for lead in ws.leads.find(limit=50, sort="id").items]
    firms = [firm.as_json() for firm in ws.companies.find(limit=50).items]
    return [{k: v for k, v in one.items() if k != "updated_at"} for one in [*leads, *firms]]


def test_what_a_website_says_belongs_to_the_company_and_is_read_once(
    db: Database, site: Site, fill: Fill
) -> None:
    ws = Workspace(session=Session(db))
    fill(ws, "ada@nordwerk.de", "info@nordwerk.de", company="Nordwerk GmbH")
    fill(ws, "bob@nomail.com", company="Bob Ltd")
    before = state(ws)
    report = ws.enrich()
    assert (report.run.status, report.cost, report.left_out) == ("completed", 0, {})
    assert site.asked.count("nordwerk.de/") == 1
    [firm] = [one for one in ws.companies.find(limit=50).items if one.domain == "nordwerk.de"]
    assert (firm.city, firm.street, firm.country) == ("Hannover", "Lange Straße 12a", "DE")
    assert firm.description.startswith("Anlagenbau aus Hannover")
    people = ("ada@nordwerk.de", "info@nordwerk.de", "bob@nomail.com")
    ada, info, bob = map(ws.leads.get, people)
    assert (ada.industry, ada.custom["language"]) == ("Mechanical engineering", "de")
    assert ada.city is None  # where the company is says nothing of where she is
    assert (bob.email_status, bob.email_confidence) == ("invalid", "real")
    assert (info.email_status, info.email_confidence) == ("risky", "real")
    told = next(f for f in ws.leads.show("bob@nomail.com").fields if f.field == "email_status")
    assert told.source == "mail check"
    assert ws.verify().differences == []
    assert all(row.cost_micro_usd == 0 for row in ledger(db))

    with ws._session.read() as tx:
        known = dict(questions(tx, load_leads(tx, [ada.key]), enrichment_sources(tx)))
    # What it found itself must not change its mind the next time.
    assert known[ada.key].company["description"] is None
    assert known[ada.key].company["name"] == "Nordwerk GmbH"

    after = state(ws)
    asked = list(site.asked)
    again = ws.enrich()
    assert again.counts.get("enriched", 0) == again.cost == 0
    assert (state(ws), site.asked) == (after, asked)

    ws.runs.undo(str(again.run.uuid))
    ws.runs.undo(str(report.run.uuid))
    assert state(ws) == before
    assert ws.verify().differences == []


def test_a_website_that_has_not_changed_is_not_sent_again(
    lite: Database, site: Site, fill: Fill
) -> None:
    told: list[int] = []

    def page(body: str, mark: str) -> Callable[[Any], None]:
        def reply(writer: asyncio.StreamWriter) -> None:
            is_known = f'If-None-Match: "{mark}"' in site.heads[-1]
            told.append(304 if is_known else 200)
            fresh = answer(body, f'ETag: "{mark}"')
            writer.write(answer(status="304 Not Modified") if is_known else fresh)

        return reply

    bodies = {"/": HOME, "/ueber-uns/": ABOUT, "/impressum": IMPRINT, "/kontakt.html": CONTACT}
    site.pages = {path: page(body, "v1") for path, body in bodies.items()}
    ws = Workspace(session=Session(lite))
    fill(ws, "ada@nordwerk.de", company="Nordwerk GmbH")
    ws.enrich(providers=["website"])
    assert told == [200] * 4
    after = state(ws)
    again = ws.enrich(providers=["website"], refresh=True)
    assert (told[4:], state(ws)) == ([304] * 4, after)
    assert (again.by_provider["website"]["found"], again.cost) == (1, 0)
    site.pages["/impressum"] = page(IMPRINT.replace("Lange Straße 12a", "Neue Straße 1"), "v2")
    ws.enrich(providers=["website"], refresh=True)
    [firm] = ws.companies.find(limit=50).items
    assert (firm.street, firm.city) == ("Neue Straße 1", "Hannover")
    told.clear()
    ws.enrich(providers=["website"], refresh=True)
    assert told == [304] * 4


def test_where_the_web_cannot_be_reached_it_says_so_and_does_the_rest(
    lite: Database, site: Site, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = Workspace(session=Session(lite))
    fill(ws, "jane.doe@nordwerk.de")
    monkeypatch.setattr(reach, "is_online", lambda: False)
    report = ws.enrich()
    assert (report.run.status, report.cost) == ("completed", 0)
    assert set(report.left_out) == {"website", "mail check"}
    assert "cannot be reached" in report.left_out["website"]
    assert (site.asked, ledger(lite)) == ([], [])
    after = state(ws)
    assert ws.enrich().counts.get("enriched", 0) == 0
    assert state(ws) == after


def test_nobody_reads_the_web_who_was_told_not_to(
    lite: Database, site: Site, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = Workspace(session=Session(lite))
    fill(ws, "jane.doe@nordwerk.de")
    monkeypatch.setenv(reach.OFFLINE, "1")
    assert ws.enrich().left_out == {}
    with pytest.raises(UsageError, match=reach.OFFLINE):
        ws.enrich(providers=["website"])
    monkeypatch.delenv(reach.OFFLINE)
    ws.enrich(asking_outside=False)  # as the main job does
    assert (site.asked, ledger(lite)) == ([], [])


def test_a_website_that_is_down_is_told_and_rests_nobody(
    lite: Database, site: Site, fill: Fill
) -> None:
    ws = Workspace(session=Session(lite))
    site.where.update({f"{www}firm{n}.com": [] for n in range(8) for www in ("", "www.")})
    fill(ws, *[f"ada.{n}@firm{n}.com" for n in range(8)])
    fill(ws, "ada@nordwerk.de", company="Nordwerk GmbH")
    report = ws.enrich(providers=["website"], concurrency=1)
    told = report.by_provider["website"]
    assert (told["failed"], told["found"], told.get("resting", 0)) == (8, 1, 0)
    reasons = {str(one.reason) for one in ws.runs.records("last:enrich") if one.status == "skipped"}
    assert any("cannot be resolved" in reason for reason in reasons)


def test_whether_there_is_a_network_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.delenv(reach.OFFLINE)
    monkeypatch.setattr(reach, "_last", None)
    monkeypatch.setattr(reach, "_asks_the_root", lambda: bool(asked.append(1)))
    assert (reach.is_online(), reach.is_online(), len(asked)) == (False, False, 1)
    monkeypatch.setenv(reach.OFFLINE, "1")
    monkeypatch.setattr(reach, "_last", None)
    assert (reach.is_online(), len(asked)) == (False, 1)
