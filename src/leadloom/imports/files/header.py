"""Where a table's header is, and what its columns are called."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

HEADER_SEARCH_ROWS = 30
EMAIL = re.compile(r"[^@\s,;|]+@[^@\s,;|]+\.[^@\s,;|]+")
LINK = re.compile(r"(https?://|www\.)\S", re.IGNORECASE)
PHONE = re.compile(r"[+(]?[\d][\d\s().\-/]{5,}\d")
DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T]\d.*)?")
NUMBER = re.compile(r"[-+]?[\d.,]*\d%?")
YEAR = re.compile(r"(19|20)\d\d")
LONGEST_LABEL = 120

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Header:
    """How many of the first rows come before the data, and the columns' names."""

    rows_above: int
    columns: tuple[str, ...]
    named: bool


def find_header(rows: Sequence[Cells]) -> Header:
    """Tell header, preamble and data apart by looks.

    The header is the first row that is about as wide as the table and holds labels alone. When the
    first row as wide as the table holds data, there is none and the columns are numbered.
    """
    wide = _usual_width(rows)
    for place, cells in enumerate(rows[:HEADER_SEARCH_ROWS]):
        if _filled(cells) * 2 <= wide or not _filled(cells):
            continue
        if _holds_data(cells) or _repeats_below(cells, rows[place + 1 :]):
            return Header(place, column_names([""] * len(cells)), named=False)
        return Header(place + 1, column_names(cells), named=True)
    return Header(0, column_names([""] * max(map(len, rows), default=0)), named=False)


def header_notes(name: str, rows: Sequence[Cells], header: Header) -> list[str]:
    """What a person should know about how the header of `name` was found in its first rows."""
    left_out = header.rows_above - header.named
    notes = []
    if rows and not header.named:
        notes.append(f"{name}: no header was found, so its columns are numbered")
    if left_out:
        lines = "1 row" if left_out == 1 else f"{left_out} rows"
        begins = " ".join(" ".join(rows[0]).split())[:60]
        notes.append(f"{name}: {lines} above the header left out ({begins!r} …)")
    return notes


def column_names(cells: Cells) -> tuple[str, ...]:
    """Trimmed names, each once: a repeated "Email" becomes "Email 2", an empty one "column_3"."""
    names: dict[str, None] = {}
    for place, cell in enumerate(cells, 1):
        wanted = " ".join(cell.strip("\ufeff \t\r\n\u00a0").split()) or column_name(place)
        name, count = wanted, 1
        while name in names:
            count += 1
            name = f"{wanted} {count}"
        names[name] = None
    return tuple(names)


def column_name(place: int) -> str:
    """What a column without a name is called, counting from 1."""
    return f"column_{place}"


def _usual_width(rows: Sequence[Cells]) -> int:
    """Filled cells in the usual row, the wider of two equally usual."""
    counts = Counter(filled for cells in rows if (filled := _filled(cells)))
    return max(counts, key=lambda filled: (counts[filled], filled), default=0)


def _filled(cells: Cells) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _holds_data(cells: Cells) -> bool:
    return any(_is_data(cell.strip()) for cell in cells)


def _is_data(cell: str) -> bool:
    if len(cell) > LONGEST_LABEL or EMAIL.fullmatch(cell) or LINK.match(cell):
        return True
    if YEAR.fullmatch(cell):
        return False
    return any(looks.fullmatch(cell) for looks in (PHONE, DATE, NUMBER))


def _repeats_below(cells: Cells, below: Sequence[Cells]) -> bool:
    """Whether cells come again in their own columns, as values do and labels do not.

    A row with most cells the same is the header once more, as in files joined together.
    """
    repeating = 0
    for row in below:
        same = sum(a == b for a, b in zip(cells, row, strict=False) if a.strip())
        repeating += 0 < same * 2 <= _filled(cells)
    return repeating > 1
