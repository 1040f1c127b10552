"""What every file becomes: a table of rows, whatever its format."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal, NamedTuple

from leadloom.errors import InputError

Kind = Literal["delimited", "addresses", "workbook", "json", "vcard", "ldif"]

SAMPLE_ROWS = 200
SAMPLE_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of this machine before it is refused.

    Cells and rows are measured in characters of decoded text. `ratio` (inflated size over
    compressed size) counts only once `ratio_from` bytes have come out: small files of blanks
    compress well and do no harm.
    """

    cell_bytes: int = 1_000_000
    row_bytes: int = 4_000_000
    columns: int = 2_000
    total_uncompressed: int = 4 * 1024**3
    ratio: int = 200
    ratio_from: int = 50 * 1024**2
    members: int = 1_000
    json_depth: int = 64


class Row(NamedTuple):
    """One row as received. `number` is the one a person sees when opening the file."""

    number: int
    cells: dict[str, Any]


class BadRow(NamedTuple):
    """A row that cannot be read while the rest can; `text` is how it begins.

    `verdict` is "skipped" for a line that is no row at all, such as the header once more.
    """

    number: int
    reason: str
    text: str
    verdict: str = "failed"


@dataclass(slots=True)
class Table:
    """One table of a file. `rows` is lazy and can be read once; `notes` may grow while it is."""

    name: str
    kind: Kind
    headers: tuple[str, ...]
    sample: list[Row]
    rows: Iterator[Row | BadRow]
    notes: list[str] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None


def peek(rows: Iterator[Row | BadRow]) -> tuple[list[Row], Iterator[Row | BadRow]]:
    """Read the first rows ahead: the sample, and an iterator that still delivers every row.

    A file that turns out damaged within the sample still delivers the rows before the damage.
    """
    seen: list[Row | BadRow] = []
    size = 0
    try:
        for row in rows:
            seen.append(row)
            size += len(row.text) if isinstance(row, BadRow) else _size(row)
            if len(seen) == SAMPLE_ROWS or size > SAMPLE_CHARACTERS:
                break
    except InputError as error:
        rows = failing(error)
    return [row for row in seen if isinstance(row, Row)], chain(seen, rows)


def columns_of(sample: list[Row]) -> tuple[str, ...]:
    """Every column the sample has, in the order they first appear."""
    return tuple(dict.fromkeys(column for row in sample for column in row.cells))


def _size(row: Row) -> int:
    return sum(len(value) for value in row.cells.values() if isinstance(value, str | list | dict))


def failing(error: InputError) -> Iterator[Any]:
    """An iterator that raises `error` when its turn comes."""
    raise error
    yield
