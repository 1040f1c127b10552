"""Plain HTTP to an interface of somebody else's: what comes back is JSON, or a failure with a name.

Nothing here waits or tries again: whoever asks knows the pace and the budget.
"""

import datetime as dt
import email.utils
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx2

from leadloom.connect.failure import RetryError, SkipError, StopError

MOST_BYTES = 5_000_000
_REFUSED = {401: "the key is refused", 402: "the plan is used up", 403: "access is refused"}
_PERHAPS_LATER = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
# Longer than a day, a wait is a mistake of whoever asks for it.
_LONGEST_WAIT_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What was sent back: the parsed JSON, its size, and what was sent to get it, in bytes."""

    content: Any
    http_status: int
    request_bytes: int
    response_bytes: int


def client(timeout_s: float) -> httpx2.AsyncClient:
    """Return a client that follows nothing and waits no longer than `timeout_s` for each step."""
    return httpx2.AsyncClient(
        timeout=timeout_s, verify=context(), follow_redirects=False, trust_env=False
    )


@lru_cache(maxsize=1)
def context() -> ssl.SSLContext:
    """Reading the certificates takes longer than many a call."""
    return ssl.create_default_context()


async def call(
    line: httpx2.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: Any = None,
) -> Reply:
    """Send a request and return its JSON. Raises SkipError, RetryError or StopError."""
    try:
        request = line.build_request(method, url, headers=headers, params=params, json=body)
        response = await line.send(request, stream=True)
        try:
            content = await _read(response)
        finally:
            await response.aclose()
    except httpx2.TimeoutException as error:
        raise RetryError("it took too long to answer", is_billed=True) from error
    except httpx2.ConnectError as error:
        raise RetryError("it cannot be reached") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        # The question went out, and how much of it arrived nobody knows.
        raise RetryError(f"the call broke off ({type(error).__name__})", is_billed=True) from error
    _check(response, content)
    sent = len(request.content) + len(str(request.url))
    return Reply(_parsed(response, content), response.status_code, sent, len(content))


async def _read(response: httpx2.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            raise SkipError(
                "the answer has no end", http_status=response.status_code, is_billed=True
            )
        parts.append(part)
    return b"".join(parts)


def _check(response: httpx2.Response, content: bytes) -> None:
    status, said = response.status_code, _said(content)
    if status in _REFUSED:
        raise StopError(f"{_REFUSED[status]} (HTTP {status}{said})", http_status=status)
    if status in _PERHAPS_LATER:
        wait = retry_after_s(response.headers.get("retry-after"))
        raise RetryError(f"HTTP {status}{said}", after_s=wait, http_status=status)
    if status >= 300 and status != 404:
        raise SkipError(f"HTTP {status}{said}", http_status=status)


def _said(content: bytes) -> str:
    """Return in short what the other side says is wrong; whoever shows it takes keys out."""
    try:
        told: Any = json.loads(content[:10_000])
    except (ValueError, RecursionError):
        return ""
    for _ in range(4):
        if isinstance(told, list) and told:
            told = told[0]
        elif isinstance(told, dict):
            names = ("details", "message", "error", "errors", "detail", "error_message")
            told = next((told[name] for name in names if told.get(name)), None)
    return f": {' '.join(told.split())[:200]}" if isinstance(told, str) else ""


def _parsed(response: httpx2.Response, content: bytes) -> Any:
    if response.status_code == 404 or not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SkipError(
            "the answer is no JSON", http_status=response.status_code, is_billed=True
        ) from error


def retry_after_s(text: str | None) -> float | None:
    """Return the seconds a `Retry-After` asks for (a number or a date), or None."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            at = email.utils.parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
        seconds = (at - dt.datetime.now(dt.UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_WAIT_S) if seconds == seconds else None
