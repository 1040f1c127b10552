"""The socket that the site is served on."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from leadloom.web.server import _bound


def test_small_answers_are_sent_at_once() -> None:
    """Without TCP_NODELAY the body of each answer waits 40 ms for its head to be confirmed."""
    met: list[int] = []

    async def come_and_go() -> None:
        listening = _bound("127.0.0.1", 0)

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            own: socket.socket = writer.get_extra_info("socket")
            met.append(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(answer, sock=listening):
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            await reader.read()
            writer.close()

    with ThreadPoolExecutor(1) as aside:  # the tests of pages may have a loop running here
        aside.submit(asyncio.run, come_and_go()).result()
    assert met[0]
