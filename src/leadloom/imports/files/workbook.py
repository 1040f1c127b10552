"""An XLSX workbook as tables: one sheet, read as a stream.

Our own reader, because openpyxl's streaming one takes twice as long, keeps every shared text in
memory, and fills in whatever dimensions a file claims to have.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice

from leadloom.errors import InputError, UsageError
from leadloom.imports.files.cell_format import EPOCH_1900, EPOCH_1904
from leadloom.imports.files.header import Header, find_header, header_notes
from leadloom.imports.files.lined_tables import lined_tables
from leadloom.imports.files.side_by_side import blocks, lines_of, part_of
from leadloom.imports.files.source import Source, seekable
from leadloom.imports.files.table import SAMPLE_CHARACTERS, BadRow, Limits, Table, failing
from leadloom.imports.files.workbook_merges import spread, tall_merges
from leadloom.imports.files.workbook_parts import Package, SharedTexts, Sheet
from leadloom.imports.files.workbook_sheet import SheetRow, SheetRows

FIRST_ROWS = 200
WIDEST_GAP = 100  # more blank rows than this between two others are passed over, with a note
ROWS_OF_A_TABLE = 2
A_TABLE = (ROWS_OF_A_TABLE, ROWS_OF_A_TABLE)
ROWS_OF_A_COVER = 20  # a sheet with more of them is no cover


def workbook_tables(source: Source, sheet: str | None, limits: Limits) -> Iterator[Table]:
    """One sheet of a workbook as tables: `sheet` by name or number, else the first with a table.

    Raises UsageError for an unknown sheet, InputError for a damaged or hostile workbook.
    """
    book = Workbook(source, limits)
    try:
        chosen = book.named(sheet) if sheet is not None else book.first_with_a_table()
    except BaseException:
        book.close()
        raise
    name = f"{source.name}!{chosen.name}"
    notes = [book.left_out(chosen)] if len(book.sheets) > 1 else []
    first, rows = _ahead(book.spread_rows(chosen))
    cells = [_dense(row, 0) for row in first if not row.bad]
    header = find_header(cells)
    notes += header_notes(name, cells, header)
    table = Table(name, "workbook", (), [], iter(()), notes)
    parts = blocks(header, cells[header.rows_above :])
    if len(parts) == 1:
        return lined_tables(table, header, _lines(rows, header, name, notes), limits, book.close)
    return _beside(table, header, parts, lambda: book.spread_rows(chosen), limits, book)


def _beside(
    table: Table,
    header: Header,
    parts: list[range],
    open_rows: Callable[[], Iterator[SheetRow]],
    limits: Limits,
    book: "Workbook",
) -> Iterator[Table]:
    """The tables that stand beside one another, each read from the beginning."""
    for number, columns in enumerate(parts):
        part = replace(table, notes=[]) if number else table
        lines = lines_of(_lines(open_rows(), header, table.name, part.notes), columns)
        is_last = number == len(parts) - 1
        close = book.close if is_last else _leave_open
        yield from lined_tables(part, part_of(header, columns), lines, limits, close)


def _leave_open() -> None:
    """What the tables before the last do with the workbook at their end."""


class Workbook:
    """A workbook's sheets and the shared texts their cells point to."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._limits = limits
        self._name = source.name
        self._stream = seekable(source, limits)
        try:
            self._package = Package(source.name, self._stream, limits)
            self._texts: SharedTexts = self._package.shared_texts()
        except BaseException:
            self._stream.close()
            raise
        self.sheets = self._package.sheets

    def close(self) -> None:
        self._texts.close()
        self._package.close()
        self._stream.close()

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows of a sheet that hold something."""
        epoch = EPOCH_1904 if self._package.uses_1904_dates else EPOCH_1900
        reader = SheetRows(self._texts, self._package.formats, epoch, self._limits)
        return reader.read(f"{self._name}!{sheet.name}", self._package.part(sheet.path))

    def spread_rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows of a sheet, with what was merged over several of them in each."""
        merges = tall_merges(self._package.part(sheet.path))
        return spread(self.rows(sheet), merges) if merges else self.rows(sheet)

    def named(self, wanted: str) -> Sheet:
        """A sheet by its name, or by its number from 1. Raises UsageError naming those there."""
        for sheet in self.sheets:
            if sheet.name.strip().casefold() == wanted.strip().casefold():
                return sheet
        if wanted.isdecimal() and 0 < int(wanted[:6]) <= len(self.sheets):
            return self.sheets[int(wanted[:6]) - 1]
        there = ", ".join(repr(sheet.name) for sheet in self.sheets)
        raise UsageError(f"{self._name} has no sheet {wanted!r}; it has {there}")

    def first_with_a_table(self) -> Sheet:
        """The first sheet of two rows or more, those a person sees before hidden ones.

        One with several columns goes before a cover, whose lines stand in one.
        """
        in_order = sorted(self.sheets, key=lambda sheet: sheet.is_hidden)
        if not in_order:
            raise InputError(f"{self._name} has no worksheet; save the list as xlsx or csv")
        sizes: list[tuple[int, int]] = []
        for sheet in in_order:
            sizes.append(_size(islice(self.rows(sheet), ROWS_OF_A_COVER)))
            if sizes[-1] == A_TABLE:
                break
        return in_order[sizes.index(max(sizes))]

    def left_out(self, chosen: Sheet) -> str:
        """A note on the sheets that were not chosen."""
        others = ", ".join(
            f"{sheet.name} (hidden)" if sheet.is_hidden else sheet.name
            for sheet in self.sheets
            if sheet is not chosen
        )
        return f"{self._name}: sheet {chosen.name} was read; use --sheet for {others[:500]}"


def _size(rows: Iterator[SheetRow]) -> tuple[int, int]:
    """How many rows of several cells there are, and of any, counted as far as it matters."""
    filled = [len(row.cells) for row in rows]
    wide = sum(cells > 1 for cells in filled)
    if len(filled) == ROWS_OF_A_COVER:  # a long list, were it of one column
        return A_TABLE
    return min(wide, ROWS_OF_A_TABLE), min(len(filled), ROWS_OF_A_TABLE)


def _ahead(rows: Iterator[SheetRow]) -> tuple[list[SheetRow], Iterator[SheetRow]]:
    first: list[SheetRow] = []
    size = 0
    try:
        for row in rows:
            first.append(row)
            size += sum(map(len, row.cells.values()))
            if len(first) == FIRST_ROWS or size > SAMPLE_CHARACTERS:
                break
    except InputError as error:
        rows = failing(error)
    return first, chain(first, rows)


def _dense(row: SheetRow, width: int) -> list[str]:
    """A row's cells with "" for those it lacks, at least `width` of them."""
    cells = row.cells
    return [cells.get(place, "") for place in range(max(width, max(cells) + 1))]


def _lines(
    rows: Iterator[SheetRow], header: Header, name: str, notes: list[str]
) -> Iterator[tuple[int | BadRow, list[str]]]:
    """The rows below the header with their cells, the blank ones between them included."""
    above = header.rows_above
    before = 0
    for row in rows:
        if row.bad:
            yield BadRow(row.number, row.bad, next(iter(row.cells.values()), "")), []
        elif above:
            above -= 1
        else:
            yield from _blank_rows(before, row.number, header, name, notes)
            yield row.number, _dense(row, len(header.columns))
        before = row.number


def _blank_rows(
    before: int, number: int, header: Header, name: str, notes: list[str]
) -> Iterator[tuple[int, list[str]]]:
    """The blank rows between two others, which a person sees as rows."""
    gap = number - before - 1
    if gap > WIDEST_GAP:
        notes.append(f"{name}: {gap:,} blank rows before row {number:,} were passed over")
    elif before:
        for blank in range(before + 1, number):
            yield blank, [""] * len(header.columns)
