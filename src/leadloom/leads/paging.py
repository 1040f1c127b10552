"""How long a page is, and after which key it begins."""

from leadloom.errors import UsageError


def read_cursor(cursor: str | None) -> int:
    """Return the key after which a page begins; 0 for the first page. Raises UsageError."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise UsageError(f"{cursor[:40]!r} is no cursor: take `next` of the page before.")
    return int(cursor)


def checked_limit(limit: int) -> int:
    """Return the length of a page. Raises UsageError when it is not positive."""
    if limit < 1:
        raise UsageError("--limit takes a whole number from 1 on.")
    return limit
