"""The numbered records of delimited text: the csv module at full speed, and first aid for it."""

import csv
from collections import deque
from collections.abc import Iterator

from leadloom.errors import InputError
from leadloom.imports.files.dialect import (
    Dialect,
    delimited,
    split,
    tell_dialect,
    unwrapped,
    without_backslashes,
)
from leadloom.imports.files.lines import OVERLONG, Lines
from leadloom.imports.files.source import BLOCK, Source
from leadloom.imports.files.table import SAMPLE_CHARACTERS, BadRow, Limits, failing
from leadloom.imports.files.text import Text

TEXT_SHOWN = 200
LINES_JUDGED = 200
REREAD_ROWS = 16
REREAD_TIMES = 8
UNCLOSED = "a quote is opened and not closed"

Numbered = tuple[int, list[str]] | BadRow


class Records:
    """The numbered records of a delimited source, bad ones among them.

    Blocks of whole lines go to the csv module strictly, which is fast. Where it stumbles, the one
    record is mended or reported, and reading goes on with the line after.
    """

    def __init__(self, source: Source, encoding: str, limits: Limits, notes: list[str]) -> None:
        self._name = source.name
        self._limits = limits
        self._source = Lines(Text(source, encoding, notes.append), limits.row_bytes)
        self._number = self._wide = self._read_characters = self._reread_characters = 0
        self._backslash = self._wrapped = self._ended = False
        self._stops: tuple[int, ...] = ()
        self._lines: list[str] = []
        self._at = self._held = 0
        self.dialect = self._tell_dialect()
        if csv.field_size_limit() < 2 * limits.row_bytes:  # shared by the process: only raised
            csv.field_size_limit(2 * limits.row_bytes)
        self._ahead: deque[Numbered] = deque()
        self._rest = self._records()

    def ahead(self, count: int) -> list[list[str]]:
        """The cells of the first records, which iteration delivers all the same."""
        size = 0
        try:
            for record in self._rest:
                self._ahead.append(record)
                size += 0 if isinstance(record, BadRow) else sum(map(len, record[1]))
                if len(self._ahead) == count or size > SAMPLE_CHARACTERS:
                    break
        except InputError as error:
            self._rest = failing(error)
        return [record[1] for record in self._ahead if not isinstance(record, BadRow)]

    def __iter__(self) -> Iterator[Numbered]:
        try:
            while self._ahead:
                yield self._ahead.popleft()
            yield from self._rest
        finally:
            self._source.close()

    def close(self) -> None:
        self._source.close()

    def _tell_dialect(self) -> Dialect:
        self._read_on(BLOCK)
        if len(self._lines) == 1:
            self._read_on(BLOCK)
        if self._lines:
            self._lines[0] = self._lines[0].removeprefix("\ufeff")
        dialect = tell_dialect(self._lines)
        if dialect.hinted:
            self._at = 1
        if dialect.wrapped:
            self._wrapped = True
            self._lines = [unwrapped(line) for line in self._lines]
        if dialect.stops:
            self._stops = dialect.stops
            self._lines = [delimited(line, self._stops) for line in self._lines]
        if dialect.backslash:
            self._unescape()
        return dialect

    def _read_on(self, size: int) -> None:
        """Drop the lines done with and add about `size` bytes of new ones."""
        more = self._source.read(size)
        self._ended = not more
        self._read_characters += sum(map(len, more))
        if self._wrapped:
            more = [unwrapped(line) for line in more]
        if self._stops:
            more = [delimited(line, self._stops) for line in more]
        if self._backslash:
            more = [without_backslashes(line) for line in more]
        self._lines = self._lines[self._at :] + more
        self._at = 0
        self._held = sum(map(len, self._lines))

    def _lines_ahead(self) -> Iterator[str]:
        return (self._lines[place] for place in range(self._at, len(self._lines)))

    def _records(self) -> Iterator[Numbered]:
        while self._at < len(self._lines) or not self._ended:
            suspect = self._source.shortened or self._held > self._limits.cell_bytes
            start = self._at
            reader = split(self._lines_ahead(), self.dialect.delimiter, strict=True)
            cells = None
            try:
                for cells in reader:
                    self._at = start + reader.line_num
                    self._number += 1
                    if suspect and (bad := self._too_large(cells)):
                        yield bad
                    else:
                        yield self._number, cells
            except csv.Error as error:
                self._wide = len(cells) if cells else self._wide
                taken = start + reader.line_num - self._at
                yield from self._stumbled(taken, "end of data" in str(error))
            else:
                self._read_on(BLOCK)

    def _too_large(self, cells: list[str]) -> BadRow | None:
        limit = self._limits.cell_bytes
        for cell in cells:
            if cell.startswith(OVERLONG):
                return self._bad(f"it is longer than {self._limits.row_bytes:,} characters", cells)
            if len(cell) > limit or OVERLONG in cell:
                return self._bad(f"a cell is longer than {limit:,} characters", cells)
        return None

    def _bad(self, reason: str, cells: list[str]) -> BadRow:
        text = self.dialect.delimiter.join(cell[:TEXT_SHOWN] for cell in cells[:20])
        return BadRow(self._number, reason, text.replace(OVERLONG, "")[:TEXT_SHOWN])

    def _stumbled(self, taken: int, unclosed: bool) -> Iterator[Numbered]:
        """Read on for a record cut by the block's end; mend or report any other."""
        first = self._lines[self._at]
        if unclosed and not self._ended:
            held = sum(map(len, self._lines_ahead()))
            if held <= self._limits.row_bytes:
                self._read_on(max(BLOCK, held))  # twice as much each time: the work stays linear
                return
            if self._is_one_cell():
                self._number += 1
                yield self._bad(f"a cell is longer than {held - 1:,} characters", [first])
                self._skip_to_closing_quote()
                return
        self._number += 1
        cells, used = self._mend(taken, unclosed)
        self._at += used
        if cells is not None:
            yield self._too_large(cells) or (self._number, cells)
        else:
            yield self._bad(UNCLOSED, [first])
            self._charge(taken - used)

    def _mend(self, taken: int, unclosed: bool) -> tuple[list[str] | None, int]:
        """The cells of the first record and how many lines they took; None if beyond mending."""
        lines = self._lines[self._at : self._at + taken]
        if not self._backslash and any('\\"' in line for line in lines):
            fixed = map(without_backslashes, self._lines_ahead())
            reader = split(fixed, self.dialect.delimiter, strict=True)
            try:
                cells = next(reader)
            except csv.Error:
                self._charge(reader.line_num)
            else:
                self._unescape()
                return cells, reader.line_num
        if not unclosed and (taken == 1 or self._is_one_record(lines)):
            return next(split(lines, self.dialect.delimiter)), taken
        return None, 1

    def _is_one_record(self, lines: list[str]) -> bool:
        """Whether lines with a misplaced quote make one row of the usual width, and only one."""
        if self._cells_in(lines) != self._wide:
            return False
        return not any(self._is_full_row(line) for line in lines[1:])

    def _is_one_cell(self) -> bool:
        """Whether what follows an open quote looks like a huge cell rather than like rows."""
        following = self._lines[self._at + 1 : self._at + LINES_JUDGED]
        return sum(map(self._is_full_row, following)) * 10 < len(following)

    def _is_full_row(self, line: str) -> bool:
        """Whether a line has the usual width, read with its quotes or without."""
        naive = line.count(self.dialect.delimiter) + 1
        return self._wide in (naive, self._cells_in([line]))

    def _cells_in(self, lines: list[str]) -> int:
        return len(next(split(lines, self.dialect.delimiter), []))

    def _skip_to_closing_quote(self) -> None:
        """Drop the rest of a huge cell; none of the lines at hand closes it."""
        closing: int | None = None
        while closing is None and not self._ended:
            self._at = len(self._lines)
            self._read_on(BLOCK)
            odd = (place for place, line in enumerate(self._lines) if line.count('"') % 2)
            closing = next(odd, None)
        self._at = len(self._lines) if closing is None else closing + 1

    def _unescape(self) -> None:
        """From here on a backslash escapes a quote, in the lines at hand as well."""
        self._backslash = True
        self._lines = [without_backslashes(line) for line in self._lines]

    def _charge(self, count: int) -> None:
        """Count the next lines, which must be read again: a file of open quotes has to end in time.

        Raises InputError beyond 16 of the largest rows plus eight times what has been read.
        """
        self._reread_characters += sum(map(len, self._lines[self._at : self._at + count]))
        allowed = REREAD_ROWS * self._limits.row_bytes + REREAD_TIMES * self._read_characters
        if self._reread_characters > allowed:
            raise InputError(
                f"{self._name} has quotes that do not pair up, from row {self._number:,} on; "
                "export it again, or mend the quotes"
            )
