"""The site as a whole: how much it sends, how it starts and stops, and what happens meanwhile."""

import gzip
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect
from serving import Site

STATIC = Path(__file__).parents[2] / "src" / "leadloom" / "web" / "static"
FIRST_VISIT_BYTES = 100_000
SCRIPT_BYTES, WRITTEN_BYTES = 20_000, 42_000


def test_a_first_visit_and_all_scripts_are_small(chromium: Browser, site: Site) -> None:
    page = chromium.new_page()
    sent: dict[str, int] = {}
    page.on("requestfinished", lambda one: sent.update({one.url: _sent(one)}))
    page.goto(f"{site.url}/leads")
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.wait_for_timeout(300)
    page.close()
    assert any(url.endswith("manrope.ttf") for url in sent)
    assert sum(sent.values()) < FIRST_VISIT_BYTES, sent
    scripts = [path.read_bytes() for path in STATIC.glob("*.js")]
    assert sum(len(gzip.compress(one, 9)) for one in scripts) < SCRIPT_BYTES
    assert sum(map(len, scripts)) < WRITTEN_BYTES, (
        "it may shrink: say less here, more on the server"
    )


def _sent(request: object) -> int:
    sizes = request.sizes()  # type: ignore[attr-defined]
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])


def test_files_are_kept_for_ever_under_the_name_of_what_they_hold(site: Site) -> None:
    page = httpx2.get(f"{site.url}/leads").text
    found = re.findall(r'"(/static/[^"]+)"', page)
    assert found
    for url in set(found):
        answer = httpx2.get(site.url + url)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    old = re.sub("/static/[^/]+/", "/static/000000000000/", found[0])
    assert httpx2.get(site.url + old).status_code == 404


def test_what_happens_elsewhere_is_seen_in_every_tab(
    site: Site, visit: Callable[[str], Page]
) -> None:
    page = visit("/leads")
    other = page.context.new_page()
    other.goto(f"{site.url}/companies")
    count = page.locator("[data-count=leads]")
    expect(count).to_have_text("158")
    added = site.ws.leads.add({"full_name": "Zoe Tester", "email": "zoe@tester.example.com"})
    expect(count).to_have_text("159")
    expect(other.locator("[data-count=leads]")).to_have_text("159")
    site.ws.runs.undo(str(added.run))
    expect(count).to_have_text("158")


def test_a_page_that_is_not_there_says_so(visit: Callable[[str], Page]) -> None:
    page = visit("/nothing")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    page.get_by_role("link", name="Back to Leadloom").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def test_an_empty_site_teaches_how_to_begin(chromium: Browser, own_site: Site) -> None:
    page = chromium.new_page()
    page.goto(f"{own_site.url}/leads")
    expect(page.get_by_role("heading", name="No leads yet")).to_be_visible()
    expect(page.locator("main").get_by_role("link", name="Import files")).to_be_visible()
    page.close()


def test_the_palette_goes_anywhere(visit: Callable[[str], Page]) -> None:
    page = visit("/leads")
    page.keyboard.press("Control+k")
    page.keyboard.type("compan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Companies")).to_be_visible()


def test_light_and_dark_are_switched_and_kept(visit: Callable[[str], Page]) -> None:
    page = visit("/leads")
    page.get_by_role("button", name="Light or dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


def serve(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "leadloom", "serve", "--db", str(folder / "leads.db"), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_starts_says_where_and_stops_at_once_with_listeners(tmp_path: Path) -> None:
    with serve(tmp_path, "--port", "0", "--json") as running:
        assert running.stdout is not None
        url = json.loads(running.stdout.readline())["url"]
        with httpx2.stream("GET", f"{url}/live", timeout=60) as news:
            assert next(news.iter_text()).startswith("retry")
            taken = serve(tmp_path, "--port", url.rpartition(":")[2])
            said = taken.communicate(timeout=60)[1]
            assert taken.returncode == 2
            assert "choose another port with --port" in said
            assert said.count("\n") == 1
            began = time.monotonic()
            running.send_signal(signal.SIGINT)
            assert running.wait(60) == 0
            assert time.monotonic() - began < 20
        assert running.stderr is not None
        assert running.stderr.read() == ""


@pytest.mark.parametrize("how", [("--host", "0.0.0.0"), ("--name", "leads.example.com")])
def test_nobody_can_come_from_elsewhere_before_there_is_a_password(
    tmp_path: Path, how: tuple[str, str]
) -> None:
    refused = serve(tmp_path, *how, "--port", "0")
    said = refused.communicate(timeout=60)[1]
    assert refused.returncode == 2
    assert "leadloom users password" in said
