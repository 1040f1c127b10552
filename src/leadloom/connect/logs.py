"""What HTTP libraries log of a call holds no key, whatever a program does with its logs.

They log whole addresses, and some interfaces want the key in theirs.
"""

import logging
from typing import Final
from urllib.parse import quote, quote_plus

from leadloom.connect.redact import redacted

_PARTS: Final = ("connection", "http11", "http2", "proxy", "socks")
_LOGGERS: Final = (
    *("httpx", "httpx2", "openai._base_client", "anthropic._base_client"),
    *(f"{library}.{part}" for library in ("httpcore", "httpcore2") for part in _PARTS),
)


class _WithoutKeys(logging.Filter):
    """Takes out of what is logged the keys it knows; `keys` are as they may be written."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: frozenset[str] = frozenset()

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record that holds a key; let every record pass."""
        said = record.getMessage()
        clean = said
        for key in self.keys:
            if key in clean:
                clean = redacted(clean, key)
        if clean != said:
            record.msg, record.args = clean, ()
        return True


_FILTER: Final = _WithoutKeys()


def keep_out(secret: str) -> None:
    """Let no HTTP library of this process log a key from now on."""
    if secret in _FILTER.keys:
        return
    _FILTER.keys |= {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)  # once, however often
