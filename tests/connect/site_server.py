"""A web server on 127.0.0.1 that sends what a test tells it to, byte by byte if need be."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from leadloom.connect.web import Endpoint, Web

LOCAL = frozenset({"127.0.0.1"})
Reply = bytes | Callable[[asyncio.StreamWriter], Any]


def answer(body: bytes | str = b"", *headers: str, status: str = "200 OK") -> bytes:
    body = body.encode() if isinstance(body, str) else body
    given = [f"Content-Length: {len(body)}", "Connection: close", *headers]
    if not any(one.lower().startswith("content-type") for one in headers):
        given.append("Content-Type: text/html; charset=utf-8")
    return "\r\n".join([f"HTTP/1.1 {status}", *given]).encode() + b"\r\n\r\n" + body


def moved(to: str) -> bytes:
    return answer(b"", f"Location: {to}", status="302 Found")


@dataclass
class Site:
    """`pages` by host and path ("acme.com/about") or path; `asked` is what came in."""

    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    under_way: list[Any] = field(default_factory=list)
    port: int = 0
    where: dict[str, list[str]] = field(default_factory=dict)

    async def resolve(self, host: str, port: int) -> list[Endpoint]:
        """Every name is here, except where the test says otherwise."""
        self.resolved.append(host)
        found = self.where.get(host, ["127.0.0.1"])
        if not found:
            raise OSError("no such host")
        return [(one, self.port if one == "127.0.0.1" else port) for one in found]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.under_way.append(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            host = head.lower().partition("\r\nhost: ")[2].split("\r\n")[0]
            self.asked.append(host + path)
            self.heads.append(head)
            missing = answer(b"gone", status="404 Not Found")
            reply = self.pages.get(host + path, self.pages.get(path, missing))
            if callable(reply):
                done = reply(writer)
                if asyncio.iscoroutine(done):
                    await done
            else:
                writer.write(reply)
            await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@contextlib.asynccontextmanager
async def standing(site: Site, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """Let the site answer while entered."""
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site
    await asyncio.gather(*site.under_way, return_exceptions=True)


def web_of(site: Site, **options: Any) -> Web:
    """A web in which every name is the site's."""
    options = {"pause_s": 0.0, "deadline_s": 3.0, "allowed": LOCAL, **options}
    return Web(resolver=site.resolve, **options)
