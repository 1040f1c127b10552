"""Delimited text (CSV, TSV and their kin) as tables, mending what quotes and editors break."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from leadloom.errors import InputError
from leadloom.imports.files.encoding import tell_encoding
from leadloom.imports.files.header import Header, find_header, header_notes
from leadloom.imports.files.lined_tables import lined_tables
from leadloom.imports.files.records import Records
from leadloom.imports.files.side_by_side import blocks, lines_of, part_of
from leadloom.imports.files.source import Source
from leadloom.imports.files.table import BadRow, Limits, Table

FIRST_RECORDS = 200


def delimited_tables(source: Source, encoding: str | None, limits: Limits) -> Iterator[Table]:
    """A delimited source as tables. Raises InputError for too many columns or binary data."""
    told = tell_encoding(source, encoding)
    notes = [told.note] if told.note else []
    records = Records(source, told.name, limits, notes)
    first = [cells for cells in records.ahead(FIRST_RECORDS) if not _is_blank(cells)]
    header = find_header(first)
    if len(header.columns) > limits.columns:
        records.close()
        raise _too_wide(source.name, header, limits)
    notes += header_notes(source.name, first, header)
    delimiter = records.dialect.delimiter
    table = Table(source.name, "delimited", (), [], iter(()), notes, told.name, delimiter)
    parts = blocks(header, first[header.rows_above :])
    if len(parts) == 1:
        lines = _lines(records, header.rows_above)
        return lined_tables(table, header, lines, limits, records.close)
    records.close()
    return _beside(table, header, parts, lambda: Records(source, told.name, limits, []), limits)


def _beside(
    table: Table,
    header: Header,
    parts: list[range],
    open_records: Callable[[], Records],
    limits: Limits,
) -> Iterator[Table]:
    """The tables that stand beside one another, each read from the beginning."""
    for number, columns in enumerate(parts):
        records = open_records()
        records.ahead(FIRST_RECORDS)
        lines = lines_of(_lines(records, header.rows_above), columns)
        part = replace(table, notes=[]) if number else table
        yield from lined_tables(part, part_of(header, columns), lines, limits, records.close)


def _too_wide(name: str, header: Header, limits: Limits) -> InputError:
    return InputError(
        f"{name} has {len(header.columns):,} columns, more than {limits.columns:,}; "
        "keep the columns you need and import it again"
    )


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


def _is_blank(cells: list[str]) -> bool:
    """Whether a line was blank, which is no row; one of delimiters alone is a row."""
    return len(cells) < 2 and not "".join(cells).strip()
