"""How a delimited file is written: its delimiter and whether a backslash escapes quotes."""

import csv
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from leadloom.imports.files.aligned import cells_at, column_stops

USUAL = ",;\t|"
UNUSUAL = "\x1f\x1e\x01^~¦§:"
ALIGNED = "\x1f"
POOR = 0.9  # a delimiter that explains no more of the lines may only be in some of their cells
SNIFFED_LINES = 500
SNIFFED_RECORDS = 200
EXCEL_HINT = re.compile(r'"?sep=(.)"?[,;\t|]*\r?\n?', re.IGNORECASE)
ESCAPED_QUOTE = re.compile(r'\\"')
WRAPPED = re.compile(r'"((?:[^"]|"")*)"[,;\t|]*(\r?\n?)')
BLANK_CELLS = re.compile(r"[;\t|]+(?=\r?\n?$)")


@dataclass(frozen=True, slots=True)
class Dialect:
    """A delimiter, whether backslashes escape quotes, whether Excel's `sep=` line said so, and
    whether whole lines are quoted once more, as by a spreadsheet that took each for one cell.

    `stops` are where columns begin that are lined up with blanks; there is no delimiter then.
    """

    delimiter: str
    backslash: bool = False
    hinted: bool = False
    wrapped: bool = False
    stops: tuple[int, ...] = ()


class Reader(Protocol):
    """What `csv.reader` makes: records, and how many lines they have taken so far."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def tell_dialect(lines: list[str]) -> Dialect:
    """The dialect under which the first lines split most evenly into most columns."""
    if lines and (hint := EXCEL_HINT.fullmatch(lines[0])):
        return Dialect(hint[1], _has_backslashes(lines[1:], hint[1]), hinted=True)
    lines = lines[:SNIFFED_LINES]
    if _is_wrapped(lines):
        return replace(tell_dialect([unwrapped(line) for line in lines]), wrapped=True)
    text = "".join(lines)
    found = [(_evenness(lines, mark), mark) for mark in USUAL + UNUSUAL if mark in text]
    best, delimiter = max(found, key=lambda score: score[0], default=(0.0, ","))
    if best < POOR and (stops := column_stops(lines)):
        return Dialect(ALIGNED, stops=stops)
    if not best:
        delimiter = ","
    return Dialect(delimiter, _has_backslashes(lines, delimiter))


def split(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Reader:
    """Parse lines as the csv module does. Strictly, a misplaced or unclosed quote is csv.Error."""
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def without_backslashes(text: str) -> str:
    r"""Write `\"` as `""`; every other backslash is left as received."""
    return ESCAPED_QUOTE.sub('""', text)


def unwrapped(line: str) -> str:
    """A line without the quotes around the whole of it, and the blank cells which the spreadsheet
    that put them there thought were behind it."""
    found = WRAPPED.fullmatch(line)
    if found:
        return found[1].replace('""', '"') + found[2]
    return BLANK_CELLS.sub("", line)


def delimited(line: str, stops: Sequence[int]) -> str:
    """A line of columns lined up with blanks as one with delimiters."""
    if not line.strip():
        return line
    return ALIGNED.join(_quoted(cell) for cell in cells_at(line.rstrip("\r\n"), stops)) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if '"' in cell else cell


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines are single quoted cells which, taken out of their quotes, all split alike."""
    if not any(map(WRAPPED.fullmatch, lines)):
        return False
    bare = [unwrapped(line) for line in lines]
    return any(_all_alike(bare, mark) and not _all_alike(lines, mark) for mark in USUAL)


def _all_alike(lines: list[str], delimiter: str) -> bool:
    widths = {len(cells) for cells in _records(lines, delimiter) if any(cells)}
    return len(widths) == 1 and widths.pop() > 1


def _evenness(lines: list[str], delimiter: str) -> float:
    """How alike the rows' widths are, more for wider rows, less when the quotes do not fit.

    0 when the delimiter explains nothing. A colon is part of times and links: it must be perfect.
    """
    records = [cells for cells in _records(lines, delimiter) if cells]
    widths = Counter(len(cells) for cells in records if any(cells))
    wide = max(widths, key=lambda width: (widths[width] * (width > 1), width), default=1)
    if wide < 2:
        return 0.0
    share = widths[wide] / widths.total()
    if delimiter in UNUSUAL and (share < 0.9 or (delimiter == ":" and _poor_colons(lines, wide))):
        return 0.0
    return share**2 * math.sqrt(min(wide, 16)) * (1.0 if _fits_quotes(lines, delimiter) else 0.5)


def _poor_colons(lines: list[str], wide: int) -> bool:
    return wide < 3 or any("://" in line for line in lines)


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for cells in split(lines, delimiter):
            records.append(cells)
            if len(records) == SNIFFED_RECORDS:
                break
    except csv.Error:
        pass
    return records


def _fits_quotes(lines: list[str], delimiter: str) -> bool:
    """Whether quotes open and close beside this delimiter; those of another one would not."""
    fitting = stray = 0
    for line in lines[:SNIFFED_RECORDS]:
        if '"' in line:
            try:
                list(split([line], delimiter, strict=True))
                fitting += 1
            except csv.Error:
                stray += 1
    return fitting >= stray


def _has_backslashes(lines: list[str], delimiter: str) -> bool:
    r"""Whether `\"` stands inside cells, rather than a cell ending in a backslash."""
    inside = re.compile(rf'\\"(?!["\r\n]|{re.escape(delimiter)}|$)')
    return any(inside.search(line) for line in lines)
