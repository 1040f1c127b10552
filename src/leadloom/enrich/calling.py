"""One call to a provider: what it found, or how it failed; nothing of it holds the key."""

import asyncio
import datetime as dt
import time
import types
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from leadloom.connect import logs
from leadloom.connect.failure import OutsideError, RetryError, StopError, TargetError
from leadloom.connect.reading import Marks, Reading
from leadloom.connect.redact import redacted
from leadloom.enrich.answers import cleaned, plain
from leadloom.enrich.cache import Kept
from leadloom.enrich.ledger import Ask, Grant
from leadloom.enrich.provider import Found, Line, OutsideProvider, Question
from leadloom.enrich.settle import Settlement

_UNCHANGED: Final = 304
_GRACE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Called:
    """What a call came to; exactly one of `found` and `error` is there.

    `held_s` is the longest that the provider's code held its thread without a pause.
    """

    found: Found | None
    error: OutsideError | None
    duration_ms: int
    marks: Marks
    held_s: float = 0.0

    def settlement(self, ask: Ask, grant: Grant, expires_at: dt.datetime) -> Settlement:
        """Return this as it is written down."""
        error = self.error
        return Settlement(
            ask,
            grant,
            self.duration_ms,
            expires_at,
            self.found,
            error=str(error) if error else None,
            http_status=error.http_status if error else None,
            after_s=error.after_s if isinstance(error, RetryError) else None,
            is_final=isinstance(error, StopError),
            is_billed=bool(error and error.is_billed),
            is_well=isinstance(error, TargetError),
            marks=self.marks,
        )


async def call(
    provider: OutsideProvider,
    told: Question,
    line: Line,
    before: Kept | None = None,
    on_back: Callable[[], None] = lambda: None,
) -> Called:
    """Ask a provider. Whatever is wrong with it ends as an error, never as an exception.

    `before` is what it answered to the same question the last time: a reader whose pages are all as
    they were then is not asked, and the answer stands. `on_back` hears at once when its code has
    come back, if it does, before anything is made of the answer.
    """
    if line.secret:
        logs.keep_out(line.secret)
    began = time.monotonic()
    found: Found | None = None
    error: OutsideError | None = None
    reading = Reading(line.web)
    hold = _Hold()
    ask = _ask(provider, told, replace(line, web=reading), before, hold, on_back)
    asking = asyncio.create_task(ask)
    try:
        found = _without_key(cleaned(await _in_time(asking, provider.timeout_s)), line.secret)
    except OutsideError as failed:
        error = failed
        error.args = (plain(redacted(str(failed), line.secret)),)
    except TimeoutError:
        error = RetryError("it took too long to answer", is_billed=True)
    except Exception as fault:  # a provider of somebody else's must not end the run
        found = None
        error = OutsideError(f"its code failed ({_kind_of(fault)})", is_billed=True)
    marks = reading.marks if provider.is_reader else {}
    return Called(found, error, int((time.monotonic() - began) * 1000), marks, hold.longest_s)


class _EndedError(Exception):
    """A provider's code raised what is meant for a whole program, such as SystemExit."""


@dataclass(slots=True)
class _Hold:
    """How long some code held its thread without a pause."""

    longest_s: float = 0.0


@types.coroutine
def _watched(asking: Coroutine[Any, Any, Found], hold: _Hold) -> Generator[Any, Any, Found]:
    """Go on with what is asked, step by step, and note how long the longest step took."""
    error: BaseException | None = None
    while True:
        began = time.perf_counter()
        try:
            waits_for = asking.send(None) if error is None else asking.throw(error)
        except StopIteration as done:
            found: Found = done.value
            return found
        finally:
            hold.longest_s = max(hold.longest_s, time.perf_counter() - began)
        error = None
        try:
            yield waits_for
        except BaseException as thrown:
            error = thrown


async def _begin(provider: OutsideProvider, told: Question, line: Line) -> Found:
    return await provider.ask(told, line)


async def _ask(
    provider: OutsideProvider,
    told: Question,
    line: Line,
    before: Kept | None,
    hold: _Hold,
    on_back: Callable[[], None],
) -> Found:
    """Ask. Raises whatever the provider's code does, but nothing that ends more than this task."""
    try:
        if before and provider.is_reader:
            assert isinstance(line.web, Reading)
            if await line.web.are_as_they_were(before.marks):
                return Found(before.answers, cost_usd=Decimal(0), http_status=_UNCHANGED)
        return await _watched(_begin(provider, told, line), hold)
    except (Exception, asyncio.CancelledError):
        raise
    except BaseException as error:
        raise _EndedError from error
    finally:
        on_back()


async def _in_time(asking: "asyncio.Task[Found]", timeout_s: float) -> Found:
    """Wait for what is asked, and no longer, also where that does not let itself be stopped.

    Raises TimeoutError.
    """
    try:
        done, _ = await asyncio.wait((asking,), timeout=timeout_s)
    except asyncio.CancelledError:
        _give_up(asking)
        raise
    if not done:
        _give_up(asking)
        await asyncio.wait((asking,), timeout=_GRACE_S)  # it may have something to close
        raise TimeoutError
    if asking.cancelled():
        raise _EndedError from asyncio.CancelledError()
    return asking.result()


def _give_up(asking: "asyncio.Task[Found]") -> None:
    asking.add_done_callback(lambda one: one.cancelled() or one.exception())
    asking.cancel()


def _kind_of(fault: Exception) -> str:
    cause = fault.__cause__ if isinstance(fault, _EndedError) else fault
    return type(cause).__name__


def _without_key(found: Found, secret: str | None) -> Found:
    if not secret:
        return found
    told = [replace(one, evidence=redacted(one.evidence, secret)) for one in found.answers]
    return replace(found, answers=tuple(told))
