"""One call to a provider: what it found, or how it failed; nothing of it holds the key."""

import asyncio
import datetime as dt
import time
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from leadloom.connect.failure import OutsideError, RetryError, StopError, TargetError
from leadloom.connect.reading import Marks, Reading
from leadloom.connect.redact import redacted
from leadloom.enrich.answers import cleaned
from leadloom.enrich.cache import Kept
from leadloom.enrich.ledger import Ask, Grant
from leadloom.enrich.provider import Found, Line, OutsideProvider, Question
from leadloom.enrich.settle import Settlement

_UNCHANGED: Final = 304


@dataclass(frozen=True, slots=True)
class Called:
    """What a call came to; exactly one of `found` and `error` is there."""

    found: Found | None
    error: OutsideError | None
    duration_ms: int
    marks: Marks

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
    provider: OutsideProvider, told: Question, line: Line, before: Kept | None = None
) -> Called:
    """Ask a provider. Whatever is wrong with it ends as an error, never as an exception.

    `before` is what it answered to the same question the last time: a reader whose pages are all as
    they were then is not asked, and the answer stands.
    """
    began = time.monotonic()
    found: Found | None = None
    error: OutsideError | None = None
    reading = Reading(line.web)
    try:
        async with asyncio.timeout(provider.timeout_s):
            if before and provider.is_reader and await reading.are_as_they_were(before.marks):
                found = Found(before.answers, cost_usd=Decimal(0), http_status=_UNCHANGED)
            else:
                found = await provider.ask(told, replace(line, web=reading))
        found = _without_key(cleaned(found, provider), line.secret)
    except OutsideError as failed:
        error = failed
        error.args = (redacted(str(failed), line.secret),)
    except TimeoutError:
        error = RetryError("it took too long to answer", is_billed=True)
    except Exception as fault:  # a provider of somebody else's must not end the run
        found = None
        error = OutsideError(f"its code failed ({type(fault).__name__})", is_billed=True)
    marks = reading.marks if provider.is_reader else {}
    return Called(found, error, int((time.monotonic() - began) * 1000), marks)


def _without_key(found: Found, secret: str | None) -> Found:
    if not secret:
        return found
    told = [replace(one, evidence=redacted(one.evidence, secret)) for one in found.answers]
    return replace(found, answers=tuple(told))
