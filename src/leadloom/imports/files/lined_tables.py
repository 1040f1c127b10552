"""The tables among lines of cells: the first, and each that begins below it with its own header."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from leadloom.imports.files.header import Header, column_name, column_names
from leadloom.imports.files.not_rows import SPACE, NotRows
from leadloom.imports.files.table import BadRow, Limits, Row, Table, peek

TEXT_SHOWN = 200
MOST_TABLES = 100  # of one sheet; what looks like the header of yet another is a row

Line = tuple[int | BadRow | None, Sequence[str]]


def lined_tables(
    first: Table, header: Header, lines: Iterable[Line], limits: Limits, close: Callable[[], None]
) -> Iterator[Table]:
    """The tables among `lines`, which begin below the `header` of the first.

    `first` says what all have in common; its rows and sample come from the lines. A line is the
    number that a person sees (a BadRow for one that cannot be read, None for a blank one that is
    no row) and its cells. `close` is called when the last row was read.
    """
    headers: list[Sequence[str]] = []
    while True:
        teller = NotRows[int | BadRow | None](header, headers)
        teller.looks_further = len(headers) + 1 < MOST_TABLES
        sample, rows = peek(_rows(teller, lines, header, limits, close))
        name = f"{first.name} (table {len(headers) + 1})" if headers else first.name
        notes = [] if headers else first.notes
        if not sample:
            notes.append(f"{name} has no rows below its header")
        yield replace(
            first, name=name, headers=header.columns, sample=sample, rows=rows, notes=notes
        )
        if teller.another is None:  # or its beginning is not reached: nobody reads on
            return
        headers.append(header.cells)
        cells, lines = teller.another
        header = Header(1, column_names(_trimmed(cells, 0)), True, tuple(cells))


def _rows(
    teller: NotRows[int | BadRow | None],
    lines: Iterable[Line],
    header: Header,
    limits: Limits,
    close: Callable[[], None],
) -> Iterator[Row | BadRow]:
    columns = header.columns
    width = len(columns)
    try:
        for line, told, reason in teller.tell(lines):
            if isinstance(line, BadRow):
                yield line
            elif line is None:
                continue
            elif reason:
                yield BadRow(line, reason, ", ".join(filter(None, told))[:TEXT_SHOWN], "skipped")
            elif len(cells := _trimmed(told, width)) <= width:
                yield Row(line, dict(zip(columns, cells, strict=False)))
            elif len(cells) > limits.columns:
                yield BadRow(line, f"it has {len(cells):,} cells", ",".join(cells)[:TEXT_SHOWN])
            else:
                yield Row(line, dict(zip(_widened(columns, len(cells)), cells, strict=True)))
    finally:
        if teller.another is None:
            close()


def _trimmed(cells: Sequence[str], width: int) -> Sequence[str]:
    """Cells without empty ones at the end, but at least `width` of them if there are."""
    end = len(cells)
    while end > width and not cells[end - 1].strip(SPACE):
        end -= 1
    return cells if end == len(cells) else cells[:end]


def _widened(columns: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Names for a row longer than the header, whose extra cells must not be dropped."""
    extra = [column_name(place) for place in range(len(columns) + 1, width + 1)]
    return column_names([*columns, *extra])
