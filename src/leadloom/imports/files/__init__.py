"""Any lead file as a stream of rows, in flat memory, safe against hostile files."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from leadloom.errors import InputError
from leadloom.imports.files.address_list import address_table
from leadloom.imports.files.archive import opened_members
from leadloom.imports.files.delimited import delimited_tables
from leadloom.imports.files.json_file import json_table
from leadloom.imports.files.kind import FileKind, tell_kind
from leadloom.imports.files.ldif import ldif_table
from leadloom.imports.files.source import Source, file_source, gunzipped, stdin_source
from leadloom.imports.files.table import BadRow, Limits, Row, Table
from leadloom.imports.files.vcard import vcard_table

__all__ = ["BadRow", "Limits", "Row", "Table", "open_tables"]


_READERS = {
    "json": json_table,
    "vcard": vcard_table,
    "addresses": address_table,
    "ldif": ldif_table,
}


def open_tables(
    path: str | Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    limits: Limits | None = None,
) -> Iterator[Table]:
    """The tables of a file, one after another; "-" is standard input.

    Read the rows of each before asking for the next: where one ends is known then. Content decides
    what a file is, not its name. Raises InputError for what cannot be read or is hostile, also
    while rows are read, and UsageError for an unknown encoding or sheet.
    """
    limits = limits or Limits()
    with ExitStack() as stack:
        source = (
            stack.enter_context(stdin_source(limits))
            if str(path) == "-"
            else file_source(Path(path))
        )
        yield from _tables(source, encoding, sheet, limits)


def _tables(
    source: Source, encoding: str | None, sheet: str | None, limits: Limits
) -> Iterator[Table]:
    kind = tell_kind(source, limits)
    if kind == "gzip":
        source = gunzipped(source, limits)
        kind = tell_kind(source, limits)
        if kind == "gzip":
            raise InputError(f"{source.name} is compressed twice; unpack it once yourself")
    if kind != "zip":
        yield from _of_one(source, kind, encoding, sheet, limits)
        return
    with opened_members(source, limits) as (found, notes):
        for member in found:
            for table in _of_one(member.source, member.kind, encoding, sheet, limits):
                table.notes[:0] = notes
                notes = []
                yield table


def _of_one(
    source: Source, kind: FileKind, encoding: str | None, sheet: str | None, limits: Limits
) -> Iterator[Table]:
    """The tables of a file that is no archive."""
    if kind == "workbook":  # what reads one is loaded when there is one
        from leadloom.imports.files.workbook import workbook_tables

        yield from workbook_tables(source, sheet, limits)
        return
    if kind == "delimited":
        tables = delimited_tables(source, encoding, limits)
    else:
        tables = iter([_READERS[kind](source, encoding, limits)])
    for table in tables:
        if sheet is not None:
            table.notes.append(f"{source.name} has no sheets; sheet {sheet!r} was ignored")
        yield table
