"""Writing rows to a file of the kind its name says."""

import codecs
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, cast, get_args

from leadloom.errors import UsageError
from leadloom.exports.delimited import write_csv
from leadloom.exports.objects import write_json, write_jsonl
from leadloom.exports.replacing import replace_file
from leadloom.exports.table import Table, tabled
from leadloom.exports.vcard import write_vcards

Kind = Literal["csv", "xlsx", "json", "jsonl", "vcf"]
Row = Mapping[str, Any]

_STREAMED: Final = ("csv", "json", "jsonl")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an export. `changed` is false when the file already held just this; `notes`
    say what the kind of file cannot hold."""

    path: str
    rows: int
    changed: bool
    notes: tuple[str, ...] = ()


def write(
    path: str | PathLike[str],
    rows: Iterable[Row],
    columns: Sequence[str] | None = None,
    *,
    kind: Kind | None = None,
) -> Written:
    """Write rows to `path`, whose extension says the kind unless `kind` does; "-" is stdout.

    `columns` are field names, `custom.<name>` among them; without it every field of any row. The
    file appears whole or not at all, and is left alone when it holds the same bytes already. Rows
    are taken one at a time. Raises UsageError for an unknown kind or column list, and
    LeadloomError when the file cannot be written.
    """
    place = fspath(path)
    if columns is not None and not columns:
        raise UsageError("An export needs at least one column: name some, or leave --columns out.")
    kind = kind or _kind_of(place)
    if place == "-":
        return Written("-", _to_stdout(kind, rows, columns), True)

    notes: list[str] = []

    def fill(file: BinaryIO) -> int:
        if kind == "csv":  # without it Excel takes UTF-8 for the local code page
            file.write(codecs.BOM_UTF8)
        return _fill(kind, file, rows, columns, notes)

    count, changed = replace_file(Path(place), fill)
    return Written(place, count, changed, tuple(notes))


def _kind_of(place: str) -> Kind:
    if place == "-":
        return "csv"
    kind = Path(place).suffix.lower().removeprefix(".")
    if kind not in get_args(Kind):
        known = ", ".join(f".{kind}" for kind in get_args(Kind))
        raise UsageError(f"Cannot tell the kind of file from {place!r}: end its name in {known}.")
    return cast(Kind, kind)


def _to_stdout(kind: Kind, rows: Iterable[Row], columns: Sequence[str] | None) -> int:
    """Programs read a pipe, and most stumble over a byte order mark: none is written."""
    if kind not in _STREAMED:
        raise UsageError(f"A .{kind} cannot go to the terminal: name a file to write it to.")
    count = _fill(kind, sys.stdout.buffer, rows, columns, [])
    sys.stdout.buffer.flush()
    return count


def _fill_workbook(file: BinaryIO, table: Table, notes: list[str]) -> int:
    """Imported when a workbook is written: most commands never load what writes one."""
    from leadloom.exports.workbook import write_xlsx

    return write_xlsx(file, table, notes=notes)


def _fill(
    kind: Kind,
    file: BinaryIO,
    rows: Iterable[Row],
    columns: Sequence[str] | None,
    notes: list[str],
) -> int:
    if kind in ("csv", "xlsx"):
        with tabled(rows, columns) as table:
            return write_csv(file, table) if kind == "csv" else _fill_workbook(file, table, notes)
    return _OBJECTS[kind](file, rows, columns)


_OBJECTS: Final[Mapping[str, Callable[[BinaryIO, Iterable[Row], Sequence[str] | None], int]]] = {
    "json": write_json,
    "jsonl": write_jsonl,
    "vcf": write_vcards,
}
