"""CSV as Excel and mail-merge tools open it: CRLF, quoted line breaks, no live formulas."""

import csv
import io
from typing import BinaryIO

from leadloom.exports.table import Table, cell_text
from leadloom.values.cell import neutralise


def write_csv(file: BinaryIO, table: Table) -> int:
    """Write a header and the rows in UTF-8; gives the number of rows. `file` stays open."""
    text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    count = 0
    try:
        writer.writerow([neutralise(column) for column in table.columns])
        for count, cells in enumerate(table.cells(), start=1):  # noqa: B007 - the last is the sum
            writer.writerow([neutralise(cell_text(cell)) for cell in cells])
        text.flush()
    finally:
        text.detach()
    return count
