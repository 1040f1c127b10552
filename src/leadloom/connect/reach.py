"""Whether the public internet can be reached from here: one question to the resolver tells."""

import os
import time
from typing import Final

OFFLINE: Final = "LEADLOOM_OFFLINE"
"""Set to 1, nothing is read from the internet unless a provider with a key is set up for it."""

_WAIT_S: Final = 1.5
_GOOD_FOR_S: Final = 60.0

_last: tuple[float, bool] | None = None


def is_forbidden() -> bool:
    """Whether whoever runs this does not want the internet to be read."""
    return os.environ.get(OFFLINE, "") not in ("", "0")


def is_online() -> bool:
    """Return whether names of the internet are resolved here; the answer holds for a minute."""
    global _last
    if is_forbidden():
        return False
    if _last is None or time.monotonic() - _last[0] > _GOOD_FOR_S:
        _last = time.monotonic(), _asks_the_root()
    return _last[1]


def _asks_the_root() -> bool:
    """Who resolves names knows the root's servers, however little else it knows."""
    import dns.exception
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver()
        return bool(resolver.resolve(".", "NS", lifetime=_WAIT_S, search=False))
    except (dns.exception.DNSException, OSError):
        return False
