"""The rows of one worksheet, as a stream."""

import datetime as dt
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from leadloom.imports.files.cell_format import PLAIN, CellFormat, number_text, unescape_text
from leadloom.imports.files.table import Limits
from leadloom.imports.files.workbook_parts import SharedTexts
from leadloom.imports.files.workbook_xml import local, parse

TEXT_SHOWN = 200


@dataclass(slots=True)
class SheetRow:
    """A row's filled cells by column, counting from 0, and what is wrong with it if anything."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    bad: str | None = None
    shared: dict[int, int] = field(default_factory=dict)


class SheetRows:
    """Reads the rows that hold something, in order; empty ones are passed over."""

    def __init__(
        self, texts: SharedTexts, formats: list[CellFormat], epoch: dt.datetime, limits: Limits
    ) -> None:
        self._texts = texts
        self._formats = {str(place): form for place, form in enumerate(formats)}
        self._epoch = epoch
        self._limits = limits
        self._done: deque[SheetRow] = deque()
        self._row = SheetRow(0)
        self._column = -1
        self._columns: dict[str, int] = {}
        self._kind = ""
        self._style = ""
        self._pieces: list[str] = []
        self._size = 0
        self._row_size = 0
        self._reading = self._phonetic = False

    def read(self, name: str, stream: io.BufferedReader) -> Iterator[SheetRow]:
        """Yield the rows of a worksheet part. Raises InputError when it is damaged."""
        for _ in parse(name, stream, self._started, self._ended, self._characters):
            while self._done:
                yield self._filled(self._done.popleft())

    def _filled(self, row: SheetRow) -> SheetRow:
        """Fetch shared texts only now, row by row: a short reference may mean a long text."""
        for column, place in row.shared.items():
            row.cells[column] = unescape_text(self._texts[place])
        return row

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._column = self._column_of(attributes.get("r", ""))
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._pieces, self._size = [], 0
        elif name in ("v", "t"):
            self._reading = not self._phonetic
        elif name == "row":
            number = attributes.get("r", "")
            after = self._row.number + 1
            self._row = SheetRow(int(number) if number.isdecimal() and len(number) < 9 else after)
            self._column, self._row_size = -1, 0
        elif name == "rPh":
            self._phonetic = True

    def _characters(self, text: str) -> None:
        if self._reading and self._size <= self._limits.cell_bytes:
            self._size += len(text)
            self._pieces.append(text)

    def _ended(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name in ("v", "t"):
            self._reading = False
        elif name == "c":
            if self._pieces:
                self._add("".join(self._pieces))
        elif name == "row":
            if self._row.cells or self._row.shared or self._row.bad:
                self._done.append(self._row)
        elif name == "rPh":
            self._phonetic = False

    def _add(self, text: str) -> None:
        shared = self._kind == "s"
        place = int(text) if shared and text.isdecimal() and len(text) < 10 else -1
        value = "" if shared else self._value(text)
        size = self._texts.size(place) if shared else len(value)
        if not size or self._row.bad:
            return
        self._row_size += size
        self._row.bad = self._excess(size)
        if self._row.bad:
            self._row.cells, self._row.shared = {self._column: value[:TEXT_SHOWN]}, {}
        elif shared:
            self._row.shared[self._column] = place
        else:
            self._row.cells[self._column] = value

    def _excess(self, size: int) -> str | None:
        limits = self._limits
        if self._column >= limits.columns:
            return f"it goes beyond column {limits.columns:,}"
        if size > limits.cell_bytes:
            return f"a cell is longer than {limits.cell_bytes:,} characters"
        if self._row_size > limits.row_bytes:
            return f"it is longer than {limits.row_bytes:,} characters"
        return None

    def _value(self, text: str) -> str:
        """A cell's content as text: cached results of formulas, "" for errors such as #N/A."""
        match self._kind:
            case "n":
                form = self._formats.get(self._style, PLAIN)
                if form is PLAIN and text.isdigit() and text.isascii():
                    return text
                return number_text(text, form, self._epoch)
            case "b":
                return "TRUE" if text.strip() in ("1", "true") else "FALSE"
            case "e":
                return ""
        return unescape_text(text)

    def _column_of(self, reference: str) -> int:
        """The column of a reference such as "AB12", counting from 0; without one, the next."""
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not (0 < len(letters) < 4 and letters.isascii() and letters.isalpha()):
                return self._column + 1
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - 64
            column = self._columns[letters] = column - 1
        return column
