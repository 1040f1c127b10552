"""No test reaches the internet: sockets of this process connect to this machine only."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class InternetError(AssertionError):
    """A test reached for the internet."""


@contextmanager
def forbidden() -> Iterator[None]:
    """Let nothing be connected to or sent but to this machine while entered."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket.socket, "sendto", _guarded(socket.socket.sendto, last=True))
        yield


def _guarded(real: Any, *, last: bool = False) -> Any:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1] if last else arguments[0]
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):
            raise InternetError(f"a test wanted to reach {address}")
        return real(self, *arguments)

    return guarded


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
