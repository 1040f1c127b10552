"""Cells merged over several rows: what stands in the first of them is meant for all."""

import contextlib
import io
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leadloom.errors import InputError
from leadloom.imports.files.workbook_sheet import SheetRow

BLOCK = 1024 * 1024
LONGEST_TAG = 200
# What goes beyond is left as it stands: a small file must not become a huge one.
MOST_MERGES = 100_000
WIDEST_COLUMN = 500
LONGEST_SPREAD = 1_000  # characters
MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]{0,100}?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"'
)


class Merge(NamedTuple):
    """A column, counting from 0, and the first and last row that share one cell of it."""

    column: int
    first: int
    last: int


def tall_merges(stream: io.BufferedReader) -> list[Merge]:
    """The merged cells of a worksheet part that are taller than a row, in the order of rows.

    They are listed behind the rows, so the part has to be gone through once more.
    """
    found: set[Merge] = set()
    tail = b""
    # What is damaged is told when the rows are read.
    with stream, contextlib.suppress(InputError):
        while len(found) < MOST_MERGES and (block := stream.read(BLOCK)):
            text = tail + block
            tail = text[-LONGEST_TAG:]
            for letters, first, last in MERGED.findall(text):
                merge = Merge(_column(letters), int(first), int(last))
                if merge.first < merge.last and merge.column < WIDEST_COLUMN:
                    found.add(merge)
    return sorted(found, key=lambda merge: merge.first)


def spread(rows: Iterable[SheetRow], merges: list[Merge]) -> Iterator[SheetRow]:
    """The rows, with the text of each merged cell in all rows that it covers.

    A row that holds nothing else stays away.
    """
    waiting = iter(merges)
    coming = next(waiting, None)
    open_: dict[int, tuple[int, str]] = {}
    for row in rows:
        for column, (last, text) in list(open_.items()):
            if row.number > last:
                del open_[column]
            elif not row.bad:
                row.cells.setdefault(column, text)
        while coming and coming.first <= row.number:
            text = row.cells.get(coming.column, "") if coming.first == row.number else ""
            if 0 < len(text) <= LONGEST_SPREAD:
                open_[coming.column] = coming.last, text
            coming = next(waiting, None)
        yield row


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1
