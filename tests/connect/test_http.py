"""What comes back from outside, told apart: an answer, or which kind of failure."""

import asyncio
import contextlib
import datetime as dt
import email.utils
import socket
from decimal import Decimal

import pytest

from leadloom.connect import http
from leadloom.connect.failure import OutsideError, RetryError, SkipError, StopError
from leadloom.connect.money import micro, usd


def ask(raw: bytes, timeout_s: float = 5.0) -> http.Reply:
    """Ask a server that sends `raw`, whatever it is asked, and hangs up."""

    async def run() -> http.Reply:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(raw)
            if not raw:
                await reader.read()  # until whoever asked has had enough
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            served.set()

        served = asyncio.Event()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            async with server, http.client(timeout_s) as line:
                return await http.call(line, "GET", f"http://127.0.0.1:{port}/")
        finally:
            await asyncio.wait_for(served.wait(), 5)

    return asyncio.run(run())


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
    return head.encode() + b"\r\n\r\n" + body


def test_json_comes_back_as_it_is() -> None:
    reply = ask(answer("200 OK", b'{"a": [1]}'))
    assert (reply.content, reply.http_status, reply.response_bytes) == ({"a": [1]}, 200, 10)
    assert ask(answer("404 Not Found", b"gone")).content is None


@pytest.mark.parametrize(
    ("raw", "kind", "is_billed"),
    [
        (answer("500 Oh"), RetryError, False),
        (answer("429 Slow"), RetryError, False),
        (answer("401 No"), StopError, False),
        (answer("402 Pay"), StopError, False),
        (answer("422 What"), SkipError, False),
        (answer("302 There", b"", "Location: http://127.0.0.1:1/"), SkipError, False),
        (answer("200 OK", b"<html>"), SkipError, True),
        (answer("200 OK", b"\xff\xfe{}"), SkipError, True),
        (answer("200 OK", b"[" * 100_000), SkipError, True),
        (answer("200 OK", b" " * (http.MOST_BYTES + 1)), SkipError, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", RetryError, True),
        (b"SSH-2.0-x\r\n", RetryError, True),
        (b"", RetryError, True),
    ],
)
def test_failures_are_told_apart(raw: bytes, kind: type[OutsideError], is_billed: bool) -> None:
    with pytest.raises(kind) as failure:
        ask(raw, 5.0 if raw else 0.5)  # who says nothing is soon given up
    assert failure.value.is_billed == is_billed


def test_who_cannot_be_reached_is_asked_later_and_bills_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def run() -> None:
        async with http.client(0.5) as line:
            await http.call(line, "GET", f"http://127.0.0.1:{port}/")

    with pytest.raises(RetryError) as failure:
        asyncio.run(run())
    assert not failure.value.is_billed


def test_how_long_to_wait_is_a_number_or_a_date() -> None:
    with pytest.raises(RetryError) as failure:
        ask(answer("503 Busy", b"", "Retry-After: 7"))
    assert failure.value.after_s == 7
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)
    assert 50 < (http.retry_after_s(email.utils.format_datetime(soon)) or 0) <= 60
    assert http.retry_after_s("Thu, 01 Jan 1970 00:00:00 GMT") == 0
    assert http.retry_after_s("9" * 30) == 86_400
    assert [http.retry_after_s(text) for text in (None, "", "soon", "nan")] == [None] * 4
    assert http.retry_after_s(f"Wed, 21 Oct {'9' * 20} 07:28:00 GMT") is None


def test_money_is_exact_and_never_rounded_down() -> None:
    assert [micro(Decimal(text)) for text in ("5.00", "0.000001", "0.0000001")] == [5_000_000, 1, 1]
    assert usd(30_000) * 3 == Decimal("0.09")
