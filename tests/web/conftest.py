"""The site as people meet it: a real server on a free port, and a real Chromium.

`site` has the sample people in it and is the same for a module; `own_site` is empty and one test's
own. `visit(path)` opens a page; a console error or a request to elsewhere fails the test. `look`
opens it light and dark, on a desk and on a phone, runs axe on each and keeps the pictures when
LEADLOOM_PICTURES names a folder.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import FLAGS, NoBrowserError, find_aside
from httpx2._config import DEFAULT_TIMEOUT_CONFIG
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import Site, overflow, picture, problems, served, watched

import leadloom

ROOT = Path(__file__).parents[2]
DESK, PHONE = {"width": 1400, "height": 860}, {"width": 390, "height": 800}
SAMPLES = ("hannover-fair-2026.xlsx", "Connections.csv", "google-contacts.csv", "phone-book.vcf")
PATIENCE_MS = 60_000  # a busy machine is slow; only what fails waits for so long
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module", autouse=True)
def _patience() -> Iterator[None]:
    """Who asks the site directly waits as long as the browser does, and not 5 s."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DEFAULT_TIMEOUT_CONFIG, "read", PATIENCE_MS / 1000)
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    try:
        found = find_aside()
    except NoBrowserError as error:
        if "CI" in os.environ:
            pytest.fail(str(error))
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path, args=FLAGS, env={**os.environ, **found.environment}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the sample people, one for a module: tests leave it as they found it."""
    folder = tmp_path_factory.mktemp("site")
    with leadloom.open(f"sqlite:///{folder / 'leads.db'}") as ws:
        ws.import_files([ROOT / "examples" / name for name in SAMPLES])
        with served(ws) as opened:
            yield opened


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """An empty site, one test's own."""
    with leadloom.open(f"sqlite:///{tmp_path / 'leads.db'}") as ws, served(ws) as opened:
        yield opened


@pytest.fixture
def desk(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser window on a desk; light, unless a test is marked otherwise."""
    context = chromium.new_context(viewport=DESK, color_scheme="light", reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    with watched(page):
        yield page
    context.close()


@pytest.fixture
def visit(desk: Page, site: Site) -> Callable[[str], Page]:
    """Open a page of the site with the sample people."""

    def go(path: str) -> Page:
        desk.goto(site.url + path)
        return desk

    return go


@pytest.fixture
def look(chromium: Browser, site: Site) -> Callable[..., None]:
    """Open a page in every way and let axe find nothing serious; `then` acts on it first."""

    def go(path: str, name: str, then: Callable[[Page], None] | None = None) -> None:
        for scheme in ("light", "dark"):
            for size, viewport in (("desk", DESK), ("phone", PHONE)):
                context = chromium.new_context(
                    viewport=viewport, color_scheme=scheme, reduced_motion="reduce"
                )
                page = context.new_page()
                page.set_default_timeout(PATIENCE_MS)
                with watched(page):
                    page.goto(site.url + path)
                    page.evaluate("document.fonts.ready.then(() => 0)")
                    if then:
                        then(page)
                    picture(page, f"{name}-{scheme}-{size}")
                    assert problems(page) == []
                    assert overflow(page) <= 0, f"{name} on a {size} is wider than the window"
                context.close()

    return go
