"""What a file is that somebody took for a SQLite database, and what to do with it instead."""

import contextlib
from pathlib import Path

_HEAD = 512
_BY_HEAD = (
    (b"\x28\xb5\x2f\xfd", "a backup: put it back with `leadloom --db NEW-FILE db restore {file}`"),
    (b"PGDMP", "a dump of PostgreSQL's: put it back there with `leadloom db restore {file}`"),
    (b"PK\x03\x04", "a ZIP archive or a workbook: if it lists leads, "
     "`leadloom import {file}` takes them in"),
)  # fmt: skip
_TEXT = "a text: if it lists leads, `leadloom import {file}` takes them in"


def what_it_is(file: Path) -> str | None:
    """Return what a file is that is no database, with the next step; None when that is unknown."""
    head = b""
    with contextlib.suppress(OSError), file.open("rb") as opened:
        head = opened.read(_HEAD)
    for beginning, told in _BY_HEAD:
        if head.startswith(beginning):
            return told.format(file=file)
    return _TEXT.format(file=file) if head and _is_text(head) else None


def _is_text(head: bytes) -> bool:
    """Whether bytes are the beginning of a text; its last letter may be cut in two."""
    whole = head.decode("utf-8", errors="ignore")
    return len(head) - len(whole.encode()) < 4 and all(
        letter.isprintable() or letter.isspace() for letter in whole
    )
