"""Serving the site until Ctrl-C."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from leadloom.errors import UsageError
from leadloom.web.access import LOOPBACK
from leadloom.web.app import create_app
from leadloom.web.site import Options
from leadloom.workspace import Workspace

_GRACE_S: Final = 1  # what is under way when it stops gets this long
# How long a connection may take to say what it wants.
ASKS_WITHIN_S: Final = 20.0


class Prompt(H11Protocol):
    """Hangs up on who connects and never finishes a question: else a few hold every connection."""

    _seen: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and look now and then whether anything is asked."""
        super().connection_made(transport)
        self.loop.call_later(ASKS_WITHIN_S, self._look)

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self.cycle is self._seen:
            self.transport.close()
            return
        self._seen = self.cycle
        self.loop.call_later(ASKS_WITHIN_S, self._look)


class _Server(uvicorn.Server):
    """Lets those who listen to news go at once: they would be waited for."""

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self._site = app.state.site

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop."""
        self._site.live.stop()
        super().handle_exit(sig, frame)


def serve(
    ws: Workspace,
    host: str,
    port: int,
    *,
    names: Sequence[str] = (),
    explain: Callable[[Exception], str],
    on_ready: Callable[[str], None],
) -> None:
    """Serve a workspace until a signal comes; `on_ready` hears the address to open.

    `names`: what else the site is called, besides `host`. Port 0 is any free one. `explain`: see
    `Options`. Raises UsageError when the address cannot be had, or when anybody could come in.
    """
    is_local = host in LOOPBACK
    # Who is called something else is called so by others, through a proxy on this machine.
    is_private = is_local and set(names) <= set(LOOPBACK)
    if not is_private and not ws.logins.are_possible():
        raise UsageError(
            f"Others can reach {host if not is_local else ', '.join(names)}, and nobody here has "
            "a password to log in with: give one with `leadloom users password EMAIL`, or leave "
            f"--{'name' if is_local else 'host'} out."
        )
    hosts = {*LOOPBACK, host, *names} if is_local else {host, *names, socket.gethostname()}
    site = Options(frozenset(one.lower() for one in hosts), not is_private, explain)
    with contextlib.closing(_bound(host, port)) as listening:
        shown = f"[{host}]" if ":" in host else host
        app = create_app(ws, site)
        config = uvicorn.Config(
            app,
            http=Prompt,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
        on_ready(f"http://{shown}:{listening.getsockname()[1]}")
        with contextlib.suppress(KeyboardInterrupt):
            _Server(config, app).run([listening])


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket at this address. Raises UsageError when it is taken, or elsewhere."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because only then asyncio sends at once what is small (TCP_NODELAY): else the body of
    # an answer waits 40 ms for the browser to have confirmed its head.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"{host}:{port} cannot be used ({reason}): stop what runs there, or choose another "
            "port with --port."
        ) from error
    return listening
