"""Pieces of pages that were made lately: whoever asks for one again gets it at once.

A piece is good for as long as nothing happened in the workspace, see `leads.standing`.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_MOST_BYTES: Final = 8_000_000
_LEVEL: Final = 5


class Memory:
    """Pieces as they travel, packed; those not asked for the longest are forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], tuple[Hashable, bytes]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def answer(
        self,
        request: Request,
        workspace_id: int,
        standing: Hashable | None,
        make: Callable[[], str],
    ) -> Response:
        """Answer with what is kept of this address, else with what `make` makes.

        `standing` stays the same while the piece does; with None, while things happen, nothing is
        kept. A piece must be the same for everybody in the workspace.
        """
        if standing is None or "gzip" not in request.headers.get("accept-encoding", ""):
            return HTMLResponse(make())
        name = (f"{request.url.path}?{request.url.query}", workspace_id)
        packed = self._recall(name, standing)
        if packed is None:
            packed = gzip.compress(make().encode(), _LEVEL)
            self._keep(name, standing, packed)
        headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return HTMLResponse(packed, headers=headers)

    def _recall(self, name: tuple[str, int], standing: Hashable) -> bytes | None:
        with self._lock:
            was, packed = self._kept.get(name, (None, b""))
            if was != standing:
                return None
            self._kept.move_to_end(name)
            return packed

    def _keep(self, name: tuple[str, int], standing: Hashable, packed: bytes) -> None:
        with self._lock:
            self._bytes += len(packed) - len(self._kept.pop(name, (None, b""))[1])
            self._kept[name] = (standing, packed)
            while self._bytes > _MOST_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1][1])
