"""Runs as they are followed: live, paused, gone on with, cancelled, taken back; and their rows."""

import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect
from serving import Site, served

import leadloom
from leadloom.imports import importer
from leadloom.runs import run as runs
from leadloom.workspace import bulk_run
from leadloom.workspace.bulk import Chosen

TOKEN = re.compile(r'name="_token" value="([^"]+)"')
BATCH, MANY = 60, 180


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a short file be one that can be stopped on its way."""
    monkeypatch.setattr(importer, "BATCH", BATCH)


@pytest.fixture
def client(own_site: Site) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=own_site.url, timeout=30) as opened:
        yield opened


def people(folder: Path, count: int) -> Path:
    path = folder / "people.csv"
    rows = [f"Ada{n} Lind{n},ada{n}@firm{n}.example,Firm {n}" for n in range(count)]
    path.write_text("\n".join(["Name,Email,Company", *rows]), encoding="utf-8")
    return path


def post(client: httpx2.Client, path: str, **fields: str) -> httpx2.Response:
    token = TOKEN.search(client.get("/import").text)
    assert token
    data = {"_token": token[1], **fields}
    return client.post(path, data=data, headers={"x-leadloom": "1"})


def stopped(site: Site, path: Path) -> str:
    """Import a file and stop after its first portion; return the run's id."""
    ws, seen = site.ws, list[str]()

    def stop(done: int, counts: dict[str, int]) -> None:
        if len(seen) == 1:
            seen.append("asked")
            ws.runs.cancel(seen[0])

    ws.import_files([path], on_start=lambda run: seen.append(str(run)), on_progress=stop)
    assert ws.runs.get(seen[0]).status == "cancelled"
    return seen[0]


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_runs_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    look("/runs", "runs")


def test_a_run_can_be_read_by_everybody(site: Site, look: Callable[..., None]) -> None:
    look(f"/runs/{site.ws.runs.get('last:import').id}", "run")


def test_a_run_is_followed_while_it_goes_on(own_site: Site, desk: Page) -> None:
    ws = own_site.ws
    with ws._session.write() as tx:
        run = runs.start(tx, "enrich", options={"budget_usd": "5"})
        runs.advance(tx, run.id, {"enriched": 10}, 10, total=100)
    desk.goto(f"{own_site.url}/runs/{run.uuid}")
    expect(desk.locator("#run")).to_contain_text("Running")
    with ws._session.write() as tx:
        counts = {"enriched": 60, "failed": 2}
        runs.advance(tx, run.id, counts, 62, actual_cost_usd=Decimal("1.25"))
    expect(desk.locator("#run")).to_contain_text("$1.25 of $5.00")
    expect(desk.locator("#run progress")).to_have_js_property("value", 62)
    desk.get_by_role("button", name="Pause").click()
    expect(desk.locator(".toast")).to_contain_text("stops after its present batch")
    desk.goto(f"{own_site.url}/runs")
    expect(desk.locator(".runs")).to_contain_text("62 of 100")
    with ws._session.write() as tx:
        runs.finish(tx, run.id, "cancelled")
    expect(desk.locator(".runs")).to_contain_text("Paused")


def test_an_import_goes_on_where_it_stopped(own_site: Site, desk: Page, tmp_path: Path) -> None:
    ws = own_site.ws
    run = stopped(own_site, people(tmp_path, MANY))
    assert 0 < ws.leads.count() < MANY
    desk.goto(f"{own_site.url}/runs/{run}")
    desk.get_by_role("button", name="Go on").click()
    expect(desk.locator("#run")).to_contain_text("Completed")
    assert ws.leads.count() == MANY
    desk.get_by_role("link", name="More").click()
    expect(desk.locator(".records tbody tr").first).to_contain_text("Ada50 Lind50")
    desk.go_back()
    expect(desk.locator(".records tbody tr").first).to_contain_text("Ada0 Lind0")


def test_an_edit_of_many_is_shown_while_it_goes_on(own_site: Site, client: httpx2.Client) -> None:
    with own_site.ws._session.write() as tx:
        run = runs.start(tx, "edit", options={"verb": "tag many"})
    assert str(run.uuid) in client.get("/runs").text
    with own_site.ws._session.write() as tx:
        runs.finish(tx, run.id, "completed")
    assert str(run.uuid) not in client.get("/runs").text
    assert str(run.uuid) in client.get("/runs?kind=edit").text


def test_a_run_whose_files_are_gone_says_what_to_do(
    own_site: Site, client: httpx2.Client, tmp_path: Path
) -> None:
    path = people(tmp_path, MANY)
    run = stopped(own_site, path)
    path.unlink()
    answer = post(client, f"/runs/{run}/resume")
    assert answer.status_code == 409
    assert "people.csv is no longer kept: import it again" in answer.json()["error"]


def test_a_run_is_cancelled_and_taken_back(own_site: Site, client: httpx2.Client) -> None:
    ws = own_site.ws
    ws.leads.add({"full_name": "Ada Lind", "email": "ada@acme.example"})
    with ws._session.write() as tx:
        run = runs.start(tx, "import", options={"files": []})
    answer = post(client, f"/runs/{run.uuid}/cancel", undo="1")
    assert "taking back" in answer.json()["said"]
    with ws._session.write() as tx:
        assert runs.is_cancel_requested(tx, run.id)
        runs.finish(tx, run.id, "cancelled")
    wait_for(lambda: ws.runs.get(str(run.uuid)).status == "undone")
    assert ws.leads.count() == 1


def test_reasons_lead_to_their_rows(own_site: Site, client: httpx2.Client, tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("Name,Remark\nAda Lind,\n,no name\n,none either\n", encoding="utf-8")
    own_site.ws.import_files([path])
    run = own_site.ws.runs.get("last").id
    head = client.get(f"/runs/{run}/head").text
    assert f'href="/runs/{run}?status=failed"><span class="num bad">2</span>' in head
    rows = client.get(f"/runs/{run}/records?status=failed").text
    assert rows.count("identifies") == 2
    assert "Ada Lind" not in rows
    assert client.get(f"/runs/{run}?status=nonsense").status_code == 400
    problems = client.get(f"/runs/{run}/problems")
    assert problems.headers["content-disposition"].startswith("attachment")
    assert "none either" in problems.text


def test_only_problems_are_ever_given_away(own_site: Site, client: httpx2.Client) -> None:
    with own_site.ws._session.write() as tx:
        run = runs.start(tx, "import", options={"files": []})
        runs.finish(tx, run.id, "completed", output="/etc/passwd")
    assert client.get(f"/runs/{run.uuid}/problems").status_code == 404


def test_without_runs_the_page_says_what_they_are(client: httpx2.Client) -> None:
    assert "Nothing was done yet" in client.get("/runs").text


def test_what_is_done_with_many_is_paused_found_again_and_gone_on_with(
    own_site: Site, client: httpx2.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_run, "_BATCH", 2)
    ws = own_site.ws
    ws.import_files([people(tmp_path, 5)])
    run = ws.bulk.delete(
        Chosen(), on_progress=lambda done, counts: ws.runs.cancel("last:edit") and None
    )
    assert f"/runs/{run.id}" in client.get("/runs").text
    assert post(client, f"/runs/{run.id}/resume").status_code == 200
    until = time.monotonic() + 60
    while ws.runs.get(str(run.id)).status != "completed":
        assert time.monotonic() < until, "it does not go on"
        time.sleep(0.05)
    assert ws.leads.count() == 0
    assert f"/runs/{run.id}" not in client.get("/runs").text


def test_what_is_done_with_many_goes_on_when_the_server_is_there_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_run, "_BATCH", 2)
    with leadloom.open(f"sqlite:///{tmp_path / 'leads.db'}") as ws:
        ws.import_files([people(tmp_path, 5)])
        run = ws.bulk.tag(
            Chosen(), add=["vip"], on_progress=lambda done, counts: ws.runs.halt() and None
        )
        assert (run.status, run.processed) == ("cancelled", 2)
        with served(ws):
            until = time.monotonic() + 60
            while ws.runs.get(str(run.id)).status != "completed":
                assert time.monotonic() < until, "it does not go on"
                time.sleep(0.05)
        assert ws.leads.count(where=["tags=vip"]) == 5
