"""XLSX: every text is typed as text, so that no cell can become a formula.

The same rows give the same bytes: the times inside a workbook are fixed.
"""

import contextlib
import math
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any, BinaryIO, Final, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from leadloom.errors import UsageError
from leadloom.exports.table import Table, cell_text
from leadloom.values.cell import cut_mark, neutralise

# Microsoft, "Excel specifications and limits".
SHEET_ROWS: Final = 1_048_575
SHEET_COLUMNS: Final = 16_384
CELL_CHARACTERS: Final = 32_767
_EXACT_DIGITS: Final = 10**15

_SAMPLE_ROWS: Final = 200
_WIDTHS: Final = (8, 60)
_EPOCH: Final = datetime(1980, 1, 1)  # the first date a ZIP file can hold
_NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_xlsx(
    file: BinaryIO,
    table: Table,
    *,
    sheet_rows: int = SHEET_ROWS,
    notes: list[str] | None = None,
) -> int:
    """Write sheets of at most `sheet_rows` rows under a frozen header; gives the number of rows.

    Texts longer than a cell can hold are cut and say so, `notes` too. Raises UsageError when there
    are more columns than a sheet can hold.
    """
    if len(table.columns) > SHEET_COLUMNS:
        raise UsageError(
            f"A sheet holds {SHEET_COLUMNS:,} columns and this export has {len(table.columns):,}: "
            "choose some with --columns, or write a .csv."
        )
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _EPOCH
    archive = _TimelessZip(file, "w", ZIP_DEFLATED)
    try:
        count = _fill(book, _watched(table, notes if notes is not None else []), table, sheet_rows)
        ExcelWriter(book, archive).save()
    except BaseException:
        _abandon(book, archive)
        raise
    return count


def _fill(book: Workbook, cells: Iterator[Sequence[Any]], table: Table, sheet_rows: int) -> int:
    sample = list(islice(cells, min(_SAMPLE_ROWS, sheet_rows)))
    widths = _widths(table.columns, sample)
    rows, count = chain(sample, cells), 0
    while True:
        sheet = _sheet(book, table.columns, widths)
        written = _append(sheet, islice(rows, sheet_rows))
        count += written
        following = next(rows, None) if written == sheet_rows else None
        if following is None:
            return count
        rows = chain([following], rows)


def _abandon(book: Workbook, archive: ZipFile) -> None:
    """Else both would try to write their ends when they are collected, and complain."""
    archive.fp = None
    for sheet in book.worksheets:
        with contextlib.suppress(Exception):
            cast(WriteOnlyWorksheet, sheet).close()


class _TimelessZip(ZipFile):
    """A ZIP archive whose members all bear the same time."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(_member(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        with open(filename, "rb") as source, self.open(_member(arcname), "w") as target:
            shutil.copyfileobj(source, target, 1 << 20)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, _EPOCH.timetuple()[:6])
    member.compress_type = ZIP_DEFLATED
    return member


def _sheet(book: Workbook, columns: Sequence[str], widths: Sequence[int]) -> WriteOnlyWorksheet:
    number = len(book.worksheets) + 1
    sheet: WriteOnlyWorksheet = book.create_sheet("Sheet" if number == 1 else f"Sheet {number}")
    sheet.freeze_panes = "A2"
    for position, width in enumerate(widths, start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = width  # type: ignore[attr-defined]
    header = [_text_cell(sheet, _fitting(column)) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    return sheet


def _append(sheet: WriteOnlyWorksheet, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    for row in rows:
        sheet.append([_value(sheet, value) for value in row])
        count += 1
    return count


def _value(sheet: WriteOnlyWorksheet, value: Any) -> Any:
    if value is None or value == "" or isinstance(value, bool):
        return None if value == "" else value
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < _EXACT_DIGITS:
        return value
    text = _fitting(cell_text(value))
    is_plain = neutralise(text) == text and not text.startswith("#")  # "#N/A" would be an error
    return text if is_plain else _text_cell(sheet, text)


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    """A cell typed as text. Where it looks like a formula Excel keeps it text when edited, too."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if neutralise(text) != text:
        cell.quotePrefix = True
    return cell


def _watched(table: Table, notes: list[str]) -> Iterator[list[Any]]:
    """The rows of a table; when they are through, a note on the texts that are too long."""
    cut: dict[str, int] = {}
    for cells in table.cells():
        for column, value in zip(table.columns, cells, strict=True):
            if isinstance(value, str) and len(value) * 2 > CELL_CHARACTERS:
                is_cut = _excel_length(_plain(value)) > CELL_CHARACTERS
                cut[column] = cut.get(column, 0) + is_cut
        yield cells
    total = sum(cut.values())
    if total:
        columns = ", ".join(column for column, count in cut.items() if count)
        notes.append(
            f"A cell of a workbook holds {CELL_CHARACTERS:,} characters: {total:,} longer "
            f"{'text was' if total == 1 else 'texts were'} cut ({columns}); write a .csv or .json "
            "to have them whole."
        )


def _plain(text: str) -> str:
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _fitting(text: str) -> str:
    clean = _plain(text)
    if _excel_length(clean) <= CELL_CHARACTERS:
        return clean
    note = cut_mark(len(clean))
    kept = clean[: CELL_CHARACTERS - len(note)]
    while _excel_length(kept) > CELL_CHARACTERS - len(note):
        kept = kept[: len(kept) - (_excel_length(kept) - CELL_CHARACTERS + len(note) + 1) // 2]
    return kept + note


def _excel_length(text: str) -> int:
    """Excel counts UTF-16 units: most emoji count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _widths(columns: Sequence[str], sample: Iterable[Sequence[Any]]) -> list[int]:
    least, most = _WIDTHS
    longest = [len(column) for column in columns]
    for row in sample:
        for position, value in enumerate(row):
            first_line = cell_text(value).partition("\n")[0]
            longest[position] = max(longest[position], len(first_line))
    return [min(max(length + 2, least), most) for length in longest]
