"""News: what happens in the workspace, told to every open browser as it happens.

One thread follows the events, however many listen; a browser listens once for all its tabs
(static/live.js). A message says that something is worth loading again, and how far runs have come.
"""

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from leadloom.storage.types import dump_json
from leadloom.workspace import Workspace
from leadloom.workspace.events import FeedEvent
from leadloom.workspace.views import RunView

HEARTBEAT_S: Final = 20.0
_WAITING: Final = 100  # messages a slow browser may leave lying before it is cut off
_RUNS: Final = 10
_AT_WORK: Final = ("processing", "pending")
_IDS: Final = 200


class Live:
    """Follows the workspace while somebody listens."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._is_over = False
        self._wanted = threading.Event()
        self._progress: dict[str, Any] = {}

    def start(self) -> None:
        """Begin, in the loop that serves."""
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._follow, daemon=True, name="leadloom-live").start()

    def stop(self) -> None:
        """Let everybody who listens go."""
        self._is_over = True
        self._wanted.set()
        for queue in list(self._listeners):
            self._leave(queue)

    def response(self, is_welcome: Callable[[], bool]) -> StreamingResponse:
        """Answer with news as they come, until the browser goes away, or is not welcome any more.

        `is_welcome` is asked now and then, in a thread.
        """
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._messages(is_welcome), 200, headers, "text/event-stream")

    async def _messages(self, is_welcome: Callable[[], bool]) -> AsyncIterator[str]:
        queue: asyncio.Queue[str | None] = asyncio.Queue(_WAITING)
        self._listeners.add(queue)
        self._wanted.set()
        try:
            yield "retry: 2000\n\n"
            asked_at = time.monotonic()
            while not self._is_over:
                try:
                    message = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
                except TimeoutError:
                    message = ":\n\n"
                if message is None:
                    return
                if time.monotonic() - asked_at >= HEARTBEAT_S:
                    if not await run_in_threadpool(is_welcome):
                        return
                    asked_at = time.monotonic()
                yield message
        finally:
            self._listeners.discard(queue)

    def _follow(self) -> None:
        while not self._is_over:
            self._wanted.wait()
            if self._is_over:
                return
            # What breaks here (a database that is gone for long) is tried again when it is asked.
            with contextlib.suppress(Exception):
                self._tell_while_wanted()

    def _tell_while_wanted(self) -> None:
        for batch in self._ws.events.batches():
            if self._is_over:
                return
            if not self._listeners:
                self._wanted.clear()
                return
            if batch:
                self._tell("happened", summary(batch))
            self._tell_runs()

    def _tell_runs(self) -> None:
        """Tell how far runs have come, those that have come further since the last time."""
        for run in self._ws.runs.list(limit=_RUNS).items:
            now = progress(run)
            before = self._progress.get(now["id"])
            if before != now and (before is not None or run.status in _AT_WORK):
                self._tell("run", now)
            self._progress[now["id"]] = now

    def _tell(self, kind: str, data: Any) -> None:
        message = f"event: {kind}\ndata: {dump_json(data)}\n\n"
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._deliver, message)

    def _deliver(self, message: str) -> None:
        for queue in list(self._listeners):
            try:
                queue.put_nowait(message)
            except asyncio.QueueFull:
                self._leave(queue)

    def _leave(self, queue: asyncio.Queue[str | None]) -> None:
        """Cut a listener off; a browser comes again by itself."""
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


def summary(batch: Sequence[FeedEvent]) -> dict[str, Any]:
    """Return how often what happened, and to which leads and companies when they are few."""
    ids = {str(one.entity_id) for one in batch if one.entity_id}
    types = Counter(one.type for one in batch)
    return {"last": batch[-1].id, "types": dict(types), "ids": sorted(ids)[:_IDS]}


def progress(run: RunView) -> dict[str, Any]:
    """Return how far a run has come."""
    return {
        "id": str(run.id),
        "kind": run.kind,
        "status": run.status,
        "processed": run.processed,
        "total": run.total,
        "counts": run.counts,
        "cost": float(run.actual_cost_usd),
    }
