"""A page of the web: its text as it was meant, whatever it says of its letters."""

import codecs
import zlib
from dataclasses import dataclass
from typing import Final

from leadloom.connect.failure import TargetError

MOST_BYTES: Final = 2_000_000
"""A page is no longer than that, on the wire and unpacked."""

_TYPES: Final = ("text/html", "application/xhtml+xml", "text/plain")


Mark = tuple[str | None, str | None]
"""What a server marked a page by: its ETag and when it was last modified, as it wrote them."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was found at an address, after redirects; `etag` and `modified` ask for news of it."""

    url: str
    text: str
    fetched_at: float
    etag: str | None = None
    modified: str | None = None

    @property
    def mark(self) -> Mark:
        """What it can be told by from what it may become."""
        return self.etag, self.modified


class Unpacking:
    """Takes a body as it is sent, and unpacks it no further than it may grow."""

    def __init__(self, encoding: str) -> None:
        """Raises TargetError for an encoding that was not asked for."""
        self._parts: list[bytes] = []
        self._size = self._sent = 0
        match encoding.strip().lower():
            case "" | "identity":
                self._open = None
            case "gzip" | "x-gzip":
                self._open = zlib.decompressobj(zlib.MAX_WBITS | 16)
            case "deflate":
                self._open = zlib.decompressobj()
            case _:
                raise TargetError(f"it is packed as {encoding[:20]!r}, which was not asked for")

    def add(self, part: bytes) -> None:
        """Take the next part. Raises TargetError when it is too long, or cannot be unpacked."""
        self._sent += len(part)
        if self._open is not None:
            try:
                part = self._open.decompress(part, MOST_BYTES + 1 - self._size)
            except zlib.error:
                raise TargetError("it cannot be unpacked") from None
        self._size += len(part)
        if self._sent > MOST_BYTES or self._size > MOST_BYTES:
            raise TargetError(f"it is longer than {MOST_BYTES // 1_000_000} MB")
        self._parts.append(part)

    def body(self) -> bytes:
        """Return the whole. Raises TargetError when it is not whole."""
        if self._open is not None and self._sent and not self._open.eof:
            raise TargetError("it broke off", kind="retry")
        return b"".join(self._parts)


def decoded(body: bytes, content_type: str) -> tuple[str, bool]:
    """Return a body as text, and whether its encoding had to be guessed.

    Raises TargetError when it is no text.
    """
    kind, _, rest = content_type.partition(";")
    if kind.strip().lower() not in (*_TYPES, ""):
        raise TargetError(f"it is {kind.strip()[:40]}, not a page")
    named = rest.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    for encoding in filter(None, (_mark_of(body), named)):
        try:
            text = body.decode(codecs.lookup(encoding).name)
        except (LookupError, ValueError):
            continue
        return _text(text), False
    return _text(_guessed(body)), True


def _mark_of(body: bytes) -> str | None:
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"))
    return next((name for mark, name in marks if body.startswith(mark)), None)


def _guessed(body: bytes) -> str:
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    try:
        return body.decode("utf-8")
    except ValueError:
        encoding = detect_encoding(body, from_html_meta=True) or "cp1252"
        return bytes_to_str(body, encoding, errors="replace")


def _text(text: str) -> str:
    if text.count("\0") > len(text) // 1_000:
        raise TargetError("it is no text")
    return text.replace("\0", "")
