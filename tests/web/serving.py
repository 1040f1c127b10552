"""A workspace served while a test lasts, and a page that is watched while it is visited."""

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from leadloom.web import Options, create_app
from leadloom.workspace import Workspace


@dataclass
class Site:
    """An open site: where it is, and the workspace behind it."""

    url: str
    ws: Workspace
    errors: list[Exception] = field(default_factory=list)


class served:  # noqa: N801  (used as a function)
    """A workspace served on a free port while the context lasts."""

    def __init__(self, ws: Workspace, *, needs_login: bool = False) -> None:
        self._site = Site("", ws)
        hosts = frozenset({"127.0.0.1", "localhost"})
        app = create_app(ws, Options(hosts, needs_login, self._explain))
        config = uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1)
        self._live = app.state.site.live
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def _explain(self, error: Exception) -> str:
        self._site.errors.append(error)
        return "Something went wrong."

    def __enter__(self) -> Site:
        self._thread.start()
        until = time.monotonic() + 60
        while not self._server.started:
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self._site.url = f"http://127.0.0.1:{port}"
        return self._site

    def __exit__(self, *_: object) -> None:
        self._live.stop()
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive(), "the server does not stop"
        assert self._site.errors == []


class watched:  # noqa: N801
    """Fails when a page complains, or asks anybody else for anything."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        # An answer of 4xx is told here too; tests that want one look at the page.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.complaints.append(f"request: {request.url}")

    def __enter__(self) -> "watched":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        assert kind or self.complaints == []


def picture(page: Page, name: str) -> None:
    """Keep a picture, when asked to."""
    if folder := os.environ.get("LEADLOOM_PICTURES"):
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"{name}.png")


def problems(page: Page) -> list[str]:
    """Return what axe finds serious on a page."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
