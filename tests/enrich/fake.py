"""A provider's server that answers, delays, fails and lies, on 127.0.0.1; and its package."""

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from leadloom.enrich.registry import registry

PACKAGE = """
import os
from decimal import Decimal

from leadloom.connect import http
from leadloom.enrich.provider import Answer, Found, OutsideProvider


async def ask(question, line):
    url = os.environ["FAKE_PROVIDER_URL"]
    key = {"Idempotency-Key": line.idempotency_key, "Authorization": line.secret or ""}
    reply = await http.call(line.http, "POST", url, headers=key, body=dict(question.values))
    told = (reply.content or {}).get("facts", {})
    answers = [
        Answer(name, one["value"], one["sure"], "https://x.test/") for name, one in told.items()
    ]
    return Found(
        answers,
        None if answers else Decimal(0),
        http_status=reply.http_status,
        request_bytes=reply.request_bytes,
        response_bytes=reply.response_bytes,
    )


PAID = OutsideProvider(
    "paid", ("industry", "city"), ("email",), ask, price_usd=Decimal("0.01"), timeout_s=2.5
)
FIRM = OutsideProvider("firm", ("industry",), ("company",), ask, price_usd=Decimal("0.02"))
KEYED = OutsideProvider("keyed", ("city",), ("email",), ask, secret="keyed_key", cache_days=1)
BROKEN = "no provider"
"""
POINTS = """
[leadloom.providers]
paid = leadloom_fake_provider:PAID
firm = leadloom_fake_provider:FIRM
keyed = leadloom_fake_provider:KEYED
broken = leadloom_fake_provider:BROKEN
missing = leadloom_fake_provider:GONE
"""


def install(folder: Path) -> Path:
    """Write the package into a folder that is to be on the path."""
    (folder / "leadloom_fake_provider.py").write_text(PACKAGE)
    about = folder / "leadloom_fake_provider-1.0.dist-info"
    about.mkdir()
    (about / "entry_points.txt").write_text(POINTS)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: leadloom-fake-provider\n"
                                    "Version: 1.0\n")  # fmt: skip
    return folder


class Server:
    """Answers by the first letters of the address it is asked about; counts what it was asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.delay_s = 0.0
        self.failing = False
        self.keys: list[str] = []
        self._lock = threading.Lock()
        self.url = ""

    def reply(self, told: dict[str, Any], key: str) -> tuple[int, dict[str, str], bytes]:
        about = told["email"][0] if "email" in told else told["company"]
        with self._lock:
            self.asked[about] += 1
            self.keys.append(key)
            times = self.asked[about]
        time.sleep(self.delay_s)
        kind = about.split(".")[0]
        if self.failing or kind == "down":
            return 503, {}, b"down"
        if kind == "busy" and times == 1:
            return 429, {"Retry-After": "0.05"}, b""
        if kind == "shaky" and times == 1:
            return 500, {}, b""
        if kind == "slow":
            time.sleep(2.8)
        if kind == "broken":
            return 200, {}, b'{"facts": {'
        if kind == "endless":
            return 200, {}, b" " * 5_100_000
        if kind == "refused":
            return 401, {}, b""
        if kind == "nobody":
            return 200, {}, b"{}"
        facts = {"industry": {"value": "Steel", "sure": 0.9}, "city": {"value": "Bonn", "sure": 2}}
        return 200, {}, json.dumps({"facts": facts}).encode()


@contextmanager
def serving() -> Iterator[Server]:
    """Run the server while entered."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers, body = server.reply(told, self.headers["Idempotency-Key"])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: Any) -> None:
            """Whoever asked was killed or has hung up: that is what the tests are for."""

    http = Quiet(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}/"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


@contextmanager
def provided(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Run the server, and install the package (into a new folder) with providers that ask it."""
    folder.mkdir()
    monkeypatch.syspath_prepend(install(folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, sys.path)]))
    registry.cache_clear()
    with serving() as server:
        monkeypatch.setenv("FAKE_PROVIDER_URL", server.url)
        yield server
    registry.cache_clear()
    sys.modules.pop("leadloom_fake_provider", None)
