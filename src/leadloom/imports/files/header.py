"""Where a table's header is, and what its columns are called."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leadloom.imports.headers import field_of

HEADER_SEARCH_ROWS = 30
EMAIL = re.compile(r"[^@\s,;|]+@[^@\s,;|]+\.[^@\s,;|]+")
LINK = re.compile(r"(https?://|www\.)\S", re.IGNORECASE)
PHONE = re.compile(r"[+(]?[\d][\d\s().\-/]{5,}\d")
DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T]\d.*)?")
NUMBER = re.compile(r"[-+]?[\d.,]*\d%?")
YEAR = re.compile(r"(19|20)\d\d")
LONGEST_LABEL = 120
ENOUGH_KNOWN = 2  # cells naming fields; a single one may be a value ("Company", "Notes:")

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Header:
    """How many of the first rows come before the data, and the columns' names.

    `cells` is the header as it stands in the file; empty when there is none.
    """

    rows_above: int
    columns: tuple[str, ...]
    named: bool
    cells: tuple[str, ...] = ()


def find_header(rows: Sequence[Cells]) -> Header:
    """Tell header, preamble and data apart: by the names of known fields, then by looks.

    A row in which most labels name fields is the header, whatever its width. Else it is the first
    row that is about as wide as the table and holds labels alone; when the first row as wide as
    the table holds data, there is none and the columns are numbered.
    """
    place = _best_named(rows)
    if place is not None:
        return _header(place, rows[place])
    wide, long = _usual(rows, _filled), _usual(rows, len)
    for place, cells in enumerate(rows[:HEADER_SEARCH_ROWS]):
        below = rows[place + 1 :]
        if _filled(cells) * 2 <= wide or len(cells) * 2 <= long or not _filled(cells):
            continue
        if _holds_data(cells, below) or _repeats_below(cells, below):
            return Header(place, column_names([""] * len(cells)), named=False)
        return _header(place, cells)
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


def _header(place: int, cells: Cells) -> Header:
    return Header(place + 1, column_names(cells), True, tuple(cells))


def _best_named(rows: Sequence[Cells]) -> int | None:
    """The row with the most names of known fields, the first of equals; None when all have few."""
    known = [names_fields(cells) for cells in rows[:HEADER_SEARCH_ROWS]]
    in_order = sorted(range(len(known)), key=lambda place: -known[place])
    found = [
        place
        for place in in_order
        if known[place] >= ENOUGH_KNOWN and not _repeats_below(rows[place], rows[place + 1 :])
    ]
    if not found:
        return None
    # With data between them they are the headers of two tables, and the upper one comes first.
    first = min(found)
    between = rows[first + 1 : found[0]]
    is_table = any(_is_address(cell.strip()) for cells in between for cell in cells)
    return first if is_table else found[0]


def names_fields(cells: Cells) -> int:
    """How many cells name known fields; 0 when that is not most labels, or a cell is an address.

    Dates, numbers and whole questions are passed over: surveys have them among their headers.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if any(_is_address(cell) for cell in filled):
        return 0
    labels = [cell for cell in filled if len(cell) <= LONGEST_LABEL and not _number_like(cell)]
    known = len({field for cell in labels if (field := field_of(cell))})
    named = sum(field_of(cell) is not None for cell in labels)
    return named if known >= ENOUGH_KNOWN and named * 2 > len(labels) else 0


def _usual(rows: Sequence[Cells], size: Callable[[Cells], int]) -> int:
    """The size of the usual row, the wider of two equally usual."""
    counts = Counter(found for cells in rows if (found := size(cells)))
    return max(counts, key=lambda found: (counts[found], found), default=0)


def _filled(cells: Cells) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _holds_data(cells: Cells, below: Sequence[Cells]) -> bool:
    return any(_is_data(place, cell.strip(), below) for place, cell in enumerate(cells))


def _is_data(place: int, cell: str, below: Sequence[Cells]) -> bool:
    """Whether a cell is a value. Long texts, dates and numbers are, unless their column holds
    something else below."""
    if _is_address(cell):
        return True
    if len(cell) > LONGEST_LABEL:
        return _goes_on(place, below, lambda other: len(other) * 2 > LONGEST_LABEL)
    looks = _number_like(cell)
    if looks is None or YEAR.fullmatch(cell):
        return False
    return looks is PHONE or _goes_on(place, below, lambda other: _number_like(other) is not None)


def _goes_on(place: int, below: Sequence[Cells], alike: Callable[[str], bool]) -> bool:
    """Whether most of a column's filled cells below are alike, or none is there to tell."""
    column = [row[place].strip() for row in below if place < len(row) and row[place].strip()]
    return sum(map(alike, column)) * 2 >= len(column)


def _is_address(cell: str) -> bool:
    return bool(EMAIL.fullmatch(cell) or LINK.match(cell))


def _number_like(cell: str) -> re.Pattern[str] | None:
    """Which of dates, numbers and phone numbers a cell looks like."""
    return next((looks for looks in (DATE, NUMBER, PHONE) if looks.fullmatch(cell)), None)


def _repeats_below(cells: Cells, below: Sequence[Cells]) -> bool:
    """Whether cells come again in their own columns, as values do and labels do not.

    A row with most cells the same is the header once more, as in files joined together.
    """
    repeating = 0
    for row in below:
        same = sum(a == b for a, b in zip(cells, row, strict=False) if a.strip())
        repeating += 0 < same * 2 <= _filled(cells)
    return repeating > 1
