"""Tokens against forged requests: what a form must carry, bound to the browser it was given to.

The browser keeps a secret in a cookie no script can read; a form carries it masked, each time
differently, so that packed pages give nothing away (BREACH).
"""

import base64
import binascii
import hashlib
import secrets
from typing import Final

SEED_BYTES: Final = 32
FIELD: Final = "_token"
HEADER: Final = "x-leadloom-token"


def new_seed() -> str:
    """Return a secret for a browser's cookie."""
    return secrets.token_urlsafe(SEED_BYTES)


def mask(seed: str) -> str:
    """Return a token for a form, made of a browser's secret."""
    real, pad = _digest(seed), secrets.token_bytes(SEED_BYTES)
    return base64.urlsafe_b64encode(pad + _xor(real, pad)).decode()


def is_real(token: str, seed: str) -> bool:
    """Whether a form's token was made of this secret."""
    try:
        both = base64.urlsafe_b64decode(token.encode("ascii"))
    except (binascii.Error, ValueError):
        return False
    if len(both) != 2 * SEED_BYTES or not seed:
        return False
    pad, masked = both[:SEED_BYTES], both[SEED_BYTES:]
    return secrets.compare_digest(_xor(masked, pad), _digest(seed))


def _digest(seed: str) -> bytes:
    return hashlib.sha256(seed.encode("utf-8", "replace")).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
