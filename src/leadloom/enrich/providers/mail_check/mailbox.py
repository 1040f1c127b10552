"""Asking a mail server whether it would take mail for an address, without sending any.

Off unless the setting `probe_mailboxes` is on: many networks let nobody out to port 25, and servers
may think ill of who asks much. A made-up address beside it tells servers that take anything.
"""

import asyncio
import secrets
import socket
from collections.abc import Awaitable, Callable
from typing import Final, Literal

from leadloom.connect.address import is_public
from leadloom.connect.web import resolve

Verdict = Literal["exists", "does not exist", "takes anything", "unknown"]
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Dial = Callable[[str], Awaitable[Connection]]

_PORT: Final = 25
_WAIT_S: Final = 8.0
_LONGEST_REPLY: Final = 50
# What servers say of a mailbox that is not there, and of nothing else.
_NO_SUCH_MAILBOX: Final = frozenset({550, 551, 553})


async def dial(host: str) -> Connection:
    """Connect to a mail server on the public internet. Raises OSError."""
    found = await resolve(host, _PORT)
    if not found or not all(is_public(address) for address, _ in found):
        raise OSError("it is not on the public internet")
    return await asyncio.open_connection(*found[0])


async def probe(address: str, host: str, dial: Dial = dial) -> Verdict:
    """Return what the mail server `host` says of an address; whatever fails leaves it unknown."""
    try:
        async with asyncio.timeout(_WAIT_S):
            reader, writer = await dial(host)
            try:
                return await _talk(reader, writer, address)
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
        return "unknown"


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str
) -> Verdict:
    if await _reply(reader) != 220:
        return "unknown"
    for line in (f"EHLO {socket.gethostname()}", "MAIL FROM:<>"):
        if await _say(reader, writer, line) != 250:
            return "unknown"
    told = await _say(reader, writer, f"RCPT TO:<{address}>")
    if told in _NO_SUCH_MAILBOX:
        return "does not exist"
    if told != 250:
        return "unknown"
    nobody = f"{secrets.token_hex(8)}@{address.rpartition('@')[2]}"
    other = await _say(reader, writer, f"RCPT TO:<{nobody}>")
    writer.write(b"QUIT\r\n")
    if other == 250:
        return "takes anything"
    return "exists" if other in _NO_SUCH_MAILBOX else "unknown"


async def _say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: str) -> int:
    writer.write(line.encode("ascii") + b"\r\n")
    await writer.drain()
    return await _reply(reader)


async def _reply(reader: asyncio.StreamReader) -> int:
    for _ in range(_LONGEST_REPLY):
        line = await reader.readline()
        if line[3:4] != b"-":
            return int(line[:3])
    raise ValueError("a reply without end")
