"""A page of the web: its text as it was meant, whatever it says of its letters."""

import codecs
import zlib
from dataclasses import dataclass
from typing import Final

from leadloom.connect.failure import TargetError

MOST_BYTES: Final = 2_000_000
"""A page is no longer than that, on the wire and unpacked."""

# Each part takes a while, however small it is.
_MOST_PARTS: Final = 20_000
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

    def __init__(self, encoding: str, *, cut_at: int | None = None) -> None:
        """Raises TargetError for an encoding that was not asked for.

        `cut_at`: so many bytes are enough, and what comes after them is left out.
        """
        self._cut_at = cut_at
        self._parts: list[bytes] = []
        self._size = self._sent = self._count = 0
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
        self._count += 1
        if self._count > _MOST_PARTS:
            raise TargetError("it is sent in crumbs")
        if self._open is not None:
            try:
                part = self._open.decompress(part, MOST_BYTES + 1 - self._size)
            except zlib.error:
                raise TargetError("it cannot be unpacked") from None
        self._size += len(part)
        if self._sent > MOST_BYTES or self._size > MOST_BYTES:
            raise TargetError(f"it is longer than {MOST_BYTES // 1_000_000} MB")
        self._parts.append(part)

    @property
    def is_enough(self) -> bool:
        """Whether nothing more need be read."""
        return self._cut_at is not None and self._size >= self._cut_at

    def body(self) -> bytes:
        """Return the whole, or enough of it. Raises TargetError when it is not whole."""
        if self.is_enough:
            return b"".join(self._parts)[: self._cut_at]
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
    for encoding in filter(None, (_mark_of(body), _known(named))):
        try:
            text = body.decode(encoding)
        except (LookupError, ValueError):
            continue
        return _text(text), False
    return _text(_guessed(body)), True


def rules_in(body: bytes) -> str:
    """Return the text of a robots.txt; what is no text has no rules."""
    try:
        return decoded(body, "text/plain")[0]
    except TargetError:
        return ""


def _known(named: str) -> str | None:
    """Return an encoding of the web by the name that a page gives it; None: it is none of them.

    Python knows more, some of which are no encodings of text, or take forever.
    """
    from resiliparse.parse.encoding import map_encoding_to_html5

    known: str | None = map_encoding_to_html5(named, fallback_utf8=False) if named else None
    return known


def _mark_of(body: bytes) -> str | None:
    marks = (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    )
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
