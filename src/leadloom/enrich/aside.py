"""Calls to providers whose code may block: in a thread of their own, so that they hold up nobody.

Everybody who is asked shares one thread, in which each has to wait without holding it (`await`).
Code of other packages may not know: `time.sleep`, or a library that is not made for asyncio, stops
all others, their time-outs and Ctrl-C with it. So the first call to such a provider has a thread
to itself. One that never holds it for long is trusted with the shared one; the others go on aside,
one call at a time.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from leadloom.connect import http
from leadloom.connect.failure import RetryError
from leadloom.connect.web import Web
from leadloom.enrich.cache import Kept
from leadloom.enrich.calling import Called, call
from leadloom.enrich.provider import Line, OutsideProvider, Question
from leadloom.enrich.registry import OUTSIDE

HOLDS_UP_S: Final = 2.0
"""Who holds its thread so long without a pause blocks it."""

# A call ends its own time-out unless it is blocked; so much longer it is waited for.
_GRACE_S: Final = 2.0
_OURS: Final = frozenset(one.name for one in OUTSIDE)


@dataclass(slots=True)
class Way:
    """How a provider is called in this process: `is_trusted` with the shared thread or not (yet).

    `was_caught`: it held up others, so it is not trusted again. `thread` is that of its last call
    aside.
    """

    is_trusted: bool
    was_caught: bool = False
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    thread: threading.Thread | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether what it was asked before has not come back."""
        return self.thread is not None and self.thread.is_alive()


def way_of(provider: OutsideProvider) -> Way:
    """Return how a provider is called at first: those that come along are known not to block."""
    return Way(provider.name in _OURS)


async def call_by(
    way: Way,
    provider: OutsideProvider,
    told: Question,
    line: Line,
    before: Kept | None,
    calls: asyncio.Semaphore,
    open_web: Callable[[], Web],
) -> Called:
    """Ask a provider by its way. `calls` lets so many out at once; `line` is the shared one.

    Whatever is wrong with it ends as an error, never as an exception.
    """
    if not way.is_trusted:
        async with way.turn:
            if not way.is_trusted:
                async with calls:
                    return await _call_aside(way, provider, told, line, before, open_web)
    async with _Slot(calls) as give_back:
        called = await call(provider, told, line, before, give_back)
    if called.held_s > HOLDS_UP_S:
        way.is_trusted, way.was_caught = False, True
    return called


class _Slot:
    """One call of those that may be out at once. It is given back when the provider's code has come
    back: who comes next need not wait until what was found is looked at."""

    def __init__(self, calls: asyncio.Semaphore) -> None:
        self._calls = calls
        self._is_held = False

    async def __aenter__(self) -> Callable[[], None]:
        self._is_held = await self._calls.acquire()
        return self.give_back

    async def __aexit__(self, *_: object) -> None:
        self.give_back()

    def give_back(self) -> None:
        if self._is_held:
            self._is_held = False
            self._calls.release()


async def _call_aside(
    way: Way,
    provider: OutsideProvider,
    told: Question,
    line: Line,
    before: Kept | None,
    open_web: Callable[[], Web],
) -> Called:
    """Ask in a new thread, which is left alone when it does not come back."""
    if way.is_stuck:
        return _failed(RetryError("it is still held up by what it was asked before"))
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Called] = loop.create_future()

    async def ask() -> None:
        # What speaks to others belongs to the loop it was made in.
        async with http.client(provider.timeout_s) as client, open_web() as web:
            own = Line(client, line.secret, line.idempotency_key, web)
            called = await call(provider, told, own, before)
            with contextlib.suppress(RuntimeError):  # nobody waits any more
                loop.call_soon_threadsafe(_tell, answer, called)

    way.thread = threading.Thread(
        target=lambda: asyncio.run(ask()), name=f"leadloom-ask-{provider.name}", daemon=True
    )
    way.thread.start()
    try:
        called = await asyncio.wait_for(answer, provider.timeout_s + _GRACE_S)
    except TimeoutError:
        why = "it took too long to answer: its code blocks its thread"
        return _failed(RetryError(why, is_billed=True))
    way.is_trusted = not way.was_caught and called.held_s <= HOLDS_UP_S
    # It ends what it began; the next call would find it busy.
    await asyncio.to_thread(way.thread.join, _GRACE_S)
    return called


def _tell(answer: "asyncio.Future[Called]", called: Called) -> None:
    if not answer.done():
        answer.set_result(called)


def _failed(error: RetryError) -> Called:
    return Called(None, error, 0, {})
