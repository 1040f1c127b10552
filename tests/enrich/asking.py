"""Asking a provider one question, as a run does: cleaned, and without what it need not know."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from leadloom.connect import http
from leadloom.connect.web import Web
from leadloom.enrich import cache
from leadloom.enrich.calling import call
from leadloom.enrich.provider import Found, Line, OutsideProvider, Question

sys.path.insert(0, str(Path(__file__).parents[1] / "connect"))

from site_server import LOCAL, Site, answer, moved, standing

__all__ = ["LOCAL", "Site", "answer", "ask", "moved", "standing"]


def ask(
    provider: OutsideProvider, *, web: Web | None = None, secret: str | None = None, **values: Any
) -> Found:
    """Return what a provider finds. Raises what it fails with."""
    told = cache.told_of(Question(values, {}, ()), provider)

    async def run() -> Found:
        async with http.client(provider.timeout_s) as line, web or Web() as pages:
            called = await call(provider, told, Line(line, secret, "the-same-key", pages))
        if called.error:
            raise called.error
        assert called.found
        return called.found

    return asyncio.run(run())
