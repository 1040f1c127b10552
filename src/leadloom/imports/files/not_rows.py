"""Lines of a table that are none of its rows: the header once more, and what reports end with."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from leadloom.imports.files.header import Header, names_fields

SPACE = "\ufeff \t\r\n\u00a0"
REPEATED = "it repeats the header"

_ENDS = tuple(
    (re.compile(pattern, re.IGNORECASE), f"it stands below the table and tells {what}")
    for pattern, what in (
        (
            r"(?:report )?(?:generated|exported|created|printed|run) (?:by|on|at)\b.*\d",
            "who made it",
        ),
        (r"(?:generated|exported|created) by\s*:", "who made it"),
        (r"(?:copyright|©|\(c\))\s.*\d{4}", "whose it is"),
        (r"confidential information\b", "that it is confidential"),
        (r"(?:grand )?totals?(?: records| rows| count)?\s*[:(].*\d|grand totals?\b", "a total"),
        (
            r"\*+\s*\w|(?:source|quelle|fuente|fonte|note|hinweis|anmerkung|nota)\s*:\s",
            "a footnote",
        ),
        (r"\d[\d.,]* (?:records|rows|results) (?:found|exported|in total|in set)", "a total"),
        (r"\(\d[\d.,]* (?:records?|rows?|results?|zeilen?|lignes?|filas?|righe?)\)$", "a total"),
    )
)
_DRAWN = re.compile(r":?[-=_–—]{3,}:?|[|+]")
_RULER = re.compile(r"[-+=|:─┼╪├┤ ]{4,}")
_SUM = re.compile(
    r"(?:(?:grand|sub)?[- ]?totals?|sum|summe|gesamt|gesamtsumme|totale|suma|som|totaal)\s*:?",
    re.IGNORECASE,
)
_BEGINS = frozenset("-=_–—|+:gGsStT")  # one look at most rows is enough
_FIGURE = re.compile(r"[-+]?[€$£]?\s?[\d.,'\s]*\d\s?[€$£%]?")
DRAWN = "it is a line drawn between rows"
AFTER_THE_END = "it stands below the table, after the line that ends it"
BEFORE_THE_END = "it stands below the table, before the line that ends it"
ABOVE_A_HEADER = "it is the title of what follows, above a header of its own"
ANOTHER_TABLE = "it is the header of another table"
_MOST_HELD = 20

Line = TypeVar("Line")


class NotRows(Generic[Line]):
    """Tells the lines that are no rows, in the order they come, up to where another table begins.

    `another` is that table's header and the lines after it, once they are reached; `headers` are
    those of the tables before.
    """

    def __init__(self, header: Header, headers: Sequence[Sequence[str]] = ()) -> None:
        self.another: tuple[Sequence[str], Iterator[tuple[Line, Sequence[str]]]] | None = None
        self.looks_further = True
        self._others = [_bare(cells) for cells in headers]
        self._header = _bare(header.cells)
        self._first = self._header[0] if self._header else None
        self._width = len(header.columns)
        self._ended = False

    def tell(
        self, lines: Iterable[tuple[Line, Sequence[str]]]
    ) -> Iterator[tuple[Line, Sequence[str], str | None]]:
        """Say of each line with its cells why it is no row of the table; None when it is one.

        A text by itself below an empty line is a report's title where the report then ends, and a
        group's where the header is repeated. It waits for the lines after it; `lines` of no cells
        wait for nobody.
        """
        held: deque[tuple[Line, Sequence[str]]] = deque()
        is_below = False
        lines = iter(lines)
        for line, cells in lines:
            reason = self._reason(cells)
            if not reason and self._begins_another(cells, is_below):
                self.another = cells, lines
                reason = ANOTHER_TABLE
            is_alone = bool(cells) and self._width > 1 and not any(cells[1:])
            is_empty = is_alone and not cells[0].strip(SPACE)
            if is_alone and not reason and (is_empty or is_below):
                held.append((line, cells))
                is_below = True
                if len(held) > _MOST_HELD:
                    yield *held.popleft(), None
                continue
            for one, text in held:
                yield one, text, _title(reason, is_alone) if text[0].strip(SPACE) else None
            held.clear()
            is_below = False
            if self.another:
                return
            yield line, cells, reason
        for one, text in held:
            yield one, text, None

    def _begins_another(self, cells: Sequence[str], is_below: bool) -> bool:
        """Whether another table than ours begins: one of those before it again, or below an empty
        line one with other headers, nearly all of which name fields."""
        if not (self._header and cells and self.looks_further):
            return False
        if self._others and _bare(cells) in self._others:
            return True
        if not is_below:
            return False
        filled = sum(bool(cell.strip(SPACE)) for cell in cells)
        return filled > 1 and names_fields(cells) * 3 > filled * 2

    def _reason(self, cells: Sequence[str]) -> str | None:
        if not cells:
            return None
        if cells[0].strip(SPACE) == self._first and self._is_header(cells):
            return REPEATED
        if self._width < 2:
            return None
        text = cells[0].strip(SPACE)
        if any(cells[1:]):
            self._ended = False
            return _of_no_person(text, cells)
        if not text:
            return None
        if _RULER.fullmatch(text):
            return DRAWN
        found = next((why for looks, why in _ENDS if looks.match(text)), None)
        if found is None:
            return AFTER_THE_END if self._ended else None
        self._ended = True
        return found

    def _is_header(self, cells: Sequence[str]) -> bool:
        return self._width > 1 and _bare(cells) == self._header


def _title(reason: str | None, is_alone: bool) -> str | None:
    """What a text by itself is by the line that follows it: None for a row."""
    if reason in (REPEATED, ANOTHER_TABLE):
        return ABOVE_A_HEADER
    return BEFORE_THE_END if reason and is_alone else None


def _of_no_person(text: str, cells: Sequence[str]) -> str | None:
    """Why a line of several cells is no row: a line drawn, or figures summed up."""
    if text and text[0] not in _BEGINS:
        return None
    filled = [cell for cell in map(str.strip, cells) if cell]
    if not filled:
        return None
    if all(map(_DRAWN.fullmatch, filled)):
        return DRAWN
    if _SUM.fullmatch(text or filled[0]) and all(map(_FIGURE.fullmatch, filled[1:])) and filled[1:]:
        return "it tells a total"
    return None


def _bare(cells: Sequence[str]) -> list[str]:
    """Trimmed cells, the empty ones at the end left out."""
    trimmed = [cell.strip(SPACE) for cell in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed
