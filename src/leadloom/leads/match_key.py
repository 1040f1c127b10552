"""Match keys: what is alike has the same 64-bit number, in one index for every kind of value."""

from hashlib import blake2b


def hash_of(kind: str, *parts: str) -> int:
    """Return the signed 64-bit key of a value of some kind (BLAKE2b, RFC 7693)."""
    text = "\x1f".join((kind, *parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)
