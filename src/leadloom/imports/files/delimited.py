"""Delimited text (CSV, TSV and their kin) as a table, mending what quotes and editors break."""

from collections.abc import Iterator

from leadloom.errors import InputError
from leadloom.imports.files.encoding import tell_encoding
from leadloom.imports.files.header import (
    Header,
    column_name,
    column_names,
    find_header,
    header_notes,
)
from leadloom.imports.files.not_rows import NotRows
from leadloom.imports.files.records import Records
from leadloom.imports.files.source import Source
from leadloom.imports.files.table import BadRow, Limits, Row, Table, peek

FIRST_RECORDS = 200
TEXT_SHOWN = 200


def delimited_table(source: Source, encoding: str | None, limits: Limits) -> Table:
    """A delimited source as a table. Raises InputError for too many columns or binary data."""
    told = tell_encoding(source, encoding)
    notes = [told.note] if told.note else []
    records = Records(source, told.name, limits, notes)
    first = [cells for cells in records.ahead(FIRST_RECORDS) if not _is_blank(cells)]
    header = find_header(first)
    if len(header.columns) > limits.columns:
        records.close()
        raise _too_wide(source.name, header, limits)
    notes += header_notes(source.name, first, header)
    sample, rows = peek(_rows(records, header, limits))
    if not sample:
        notes.append(f"{source.name} has no rows below its header")
    return Table(
        source.name,
        "delimited",
        header.columns,
        sample,
        rows,
        notes,
        told.name,
        records.dialect.delimiter,
    )


def _too_wide(name: str, header: Header, limits: Limits) -> InputError:
    return InputError(
        f"{name} has {len(header.columns):,} columns, more than {limits.columns:,}; "
        "keep the columns you need and import it again"
    )


def _rows(records: Records, header: Header, limits: Limits) -> Iterator[Row | BadRow]:
    columns = header.columns
    width = len(columns)
    for line, cells, reason in NotRows(header).tell(_lines(records, header.rows_above)):
        if isinstance(line, BadRow):
            yield line
        elif line is None:
            continue
        elif reason:
            yield BadRow(line, reason, ", ".join(cells)[:TEXT_SHOWN], "skipped")
        elif len(cells) <= width:
            yield Row(line, dict(zip(columns, cells, strict=False)))
        elif len(cells) > limits.columns:
            yield BadRow(line, f"it has {len(cells):,} cells", ",".join(cells)[:TEXT_SHOWN])
        else:
            yield Row(line, dict(zip(_widened(columns, len(cells)), cells, strict=True)))


def _lines(records: Records, above: int) -> Iterator[tuple[int | BadRow | None, list[str]]]:
    """The lines below the header with their cells; None for a blank one, which is no row."""
    for record in records:
        if isinstance(record, BadRow):
            yield record, []
        elif _is_blank(record[1]):
            yield None, [""]
        elif above:
            above -= 1
        else:
            yield record


def _widened(columns: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Names for a row longer than the header, whose extra cells must not be dropped."""
    extra = [column_name(place) for place in range(len(columns) + 1, width + 1)]
    return column_names([*columns, *extra])


def _is_blank(cells: list[str]) -> bool:
    """Whether a line was blank, which is no row; one of delimiters alone is a row."""
    return len(cells) < 2 and not "".join(cells).strip()
