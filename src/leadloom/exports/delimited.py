"""CSV as Excel and mail-merge tools open it: CRLF, quoted line breaks, no live formulas."""

import csv
from typing import BinaryIO

from leadloom.exports.table import Table, cell_text
from leadloom.values.cell import neutralise


class _InUtf8:
    """Text for a binary file that it never closes, as `io.TextIOWrapper` does when it goes while
    its file cannot be written: then stdout would be gone, too."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode("utf-8", "replace"))


def write_csv(file: BinaryIO, table: Table) -> int:
    """Write a header and the rows in UTF-8; gives the number of rows. `file` stays open."""
    writer = csv.writer(_InUtf8(file), lineterminator="\r\n")
    writer.writerow([neutralise(column) for column in table.columns])
    count = 0
    for count, cells in enumerate(table.cells(), start=1):  # noqa: B007 - the last is the sum
        writer.writerow([neutralise(cell_text(cell)) for cell in cells])
    return count
