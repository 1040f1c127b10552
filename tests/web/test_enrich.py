"""Enriching from the browser: whom, what, by whom, for how much; begun and followed."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect
from serving import Site, served

import leadloom
from leadloom.web.enrich_money import read_usd, usd

sys.path.append(str(Path(__file__).parents[1] / "enrich"))
from fake import Server, provided

TOKEN = re.compile(r'name="_token" value="([^"]+)"')


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A provider's server on this machine, and a package with providers that ask it."""
    with provided(tmp_path / "packages", monkeypatch) as server:
        yield server


@pytest.fixture
def people(own_site: Site, tmp_path: Path) -> Site:
    """A site with six people, half of them in Bonn."""
    path = tmp_path / "people.csv"
    rows = [
        f"Ada Lind{n},ada.{n}@firm{n}.com,Firm {n},{'Bonn' if n % 2 else 'Ulm'}" for n in range(6)
    ]
    path.write_text("\n".join(["Name,Email,Company,City", *rows]), encoding="utf-8")
    own_site.ws.import_files([path])
    return own_site


def ask_only(page: Page, *names: str) -> None:
    for box in page.locator("input[name=provider]:enabled").all():
        box.set_checked(box.get_attribute("value") in names)


def test_enriching_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    def reckoned(page: Page) -> None:
        expect(page.locator("#estimate")).to_contain_text("158 leads")

    look("/enrich", "enrich", reckoned)


def test_leads_and_fields_are_chosen_and_the_cost_is_said_before(
    people: Site, server: Server, desk: Page
) -> None:
    desk.goto(f"{people.url}/enrich")
    estimate = desk.locator("#estimate")
    expect(estimate).to_contain_text("for 6 leads")
    desk.locator("summary", has_text="Filter").click()
    desk.get_by_label("Field", exact=True).select_option("city")
    desk.get_by_label("Value", exact=True).fill("Bonn")
    desk.keyboard.press("Enter")
    expect(desk.locator(".chip.on")).to_contain_text("Bonn")
    desk.go_back()
    expect(estimate).to_contain_text("for 6 leads")
    desk.go_forward()
    expect(desk.locator(".chip.on")).to_contain_text("Bonn")
    ask_only(desk, "paid")
    expect(estimate).to_contain_text("for 3 leads")
    expect(estimate).to_contain_text("$0.03")
    expect(desk.locator(".providers li", has_text="Keyed")).to_contain_text("Key missing")
    assert not server.asked
    desk.get_by_label("Budget in USD").fill("0.02")
    desk.get_by_role("button", name="Find what is missing").click()
    expect(desk.locator("#run")).to_contain_text("Budget reached")
    expect(desk.locator("#run")).to_contain_text("$0.02 of $0.02")
    expect(desk.locator("#run tr", has_text="Paid")).to_contain_text("2")
    desk.get_by_label("Budget in USD").fill("1")
    desk.get_by_role("button", name="Go on").click()
    expect(desk.locator("#run")).to_contain_text("Completed")
    assert sum(server.asked.values()) == 3
    assert {one.industry for one in people.ws.leads.find(where=["city=Bonn"]).items} == {"Steel"}
    desk.goto(f"{people.url}/enrich")
    expect(desk.locator("#recent")).to_contain_text("$0.03 of $1.00")


def test_a_run_outlives_the_request_and_a_reload(people: Site, server: Server, desk: Page) -> None:
    server.delay_s = 1.0
    desk.goto(f"{people.url}/enrich")
    ask_only(desk, "paid", "firm")
    desk.get_by_role("button", name="Find what is missing").click()
    expect(desk.locator("#run")).to_contain_text("Running")
    desk.reload()
    expect(desk.locator("#run")).to_contain_text("Running")
    expect(desk.locator("#run")).to_contain_text("Completed")


def test_a_server_that_ends_lets_its_runs_go_on_later(tmp_path: Path, server: Server) -> None:
    path = tmp_path / "many.csv"
    rows = [f"Ada Lind{n},ada.{n}@firm{n}.com" for n in range(60)]
    path.write_text("\n".join(["Name,Email", *rows]), encoding="utf-8")
    server.delay_s = 0.5
    with leadloom.open(f"sqlite:///{tmp_path / 'leads.db'}") as ws:
        ws.import_files([path])
        with served(ws) as site, httpx2.Client(base_url=site.url, timeout=30) as client:
            token = TOKEN.search(client.get("/import").text)
            assert token
            client.post("/enrich/run", data={"_token": token[1], "provider": "paid"})
            until = time.monotonic() + 60
            while not server.asked and time.monotonic() < until:
                time.sleep(0.02)
        assert ws.runs.get("last:enrich").status == "cancelled"
        server.delay_s = 0.0
        command = ["-m", "leadloom", "--db", str(tmp_path / "leads.db"), "run", "resume"]
        subprocess.run([sys.executable, *command, "last:enrich"], check=True, timeout=60)
        assert ws.runs.get("last:enrich").counts == {"enriched": 60}
    assert set(server.asked.values()) == {1}


def test_what_cannot_be_meant_is_said(people: Site) -> None:
    with httpx2.Client(base_url=people.url, timeout=30) as client:
        token = TOKEN.search(client.get("/import").text)
        assert token

        def refused(**fields: str) -> str:
            data = {"_token": token[1], **fields}
            answer = client.post("/enrich/run", data=data, headers={"x-leadloom": "1"})
            assert answer.status_code == 400
            return str(answer.json()["error"])

        assert "number of US dollars" in refused(budget="much")
        assert "Choose at least one provider" in refused(providers_shown="1")
        assert "Nobody answers" in refused(f="city=Atlantis")
        assert "no field that a provider finds" in refused(find="nonsense")


def test_without_leads_the_page_says_what_it_is_for(own_site: Site) -> None:
    assert "Nobody to enrich yet" in httpx2.get(f"{own_site.url}/enrich").text


@pytest.mark.parametrize(
    ("text", "shown"), [("5", "$5.00"), ("$0,5", "$0.50"), ("", None), ("0.0004 USD", "$0.0004")]
)
def test_amounts_are_read_as_they_are_typed(text: str, shown: str | None) -> None:
    amount = read_usd(text)
    assert (usd(amount) if amount is not None else None) == shown
