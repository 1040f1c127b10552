"""Tables that stand beside one another on a sheet, with an empty column between them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from leadloom.imports.files.header import Header, column_names, names_fields
from leadloom.imports.headers import field_of

_IDENTIFY = frozenset(("full_name", "name?", "first_name", "last_name", "email", "company"))
_EMPLOYER = "company"

Number = TypeVar("Number")


def blocks(header: Header, below: Sequence[Sequence[str]]) -> list[range]:
    """The columns of each table, from left to right; a single range when there is but one.

    Empty columns alone do not part them: "Name, Email, , Phone, City" is one table. Each part must
    name fields throughout and say who its rows are about, and all or none name the company, for
    a second contact of the same company is told in the same row, too.
    """
    cells = header.cells
    runs = _runs([bool(cell.strip()) or _is_used(place, below) for place, cell in enumerate(cells)])
    parts = [[cells[place] for place in run] for run in runs]
    fields = [{field_of(cell) for cell in part} for part in parts]
    alike = len({_EMPLOYER in found for found in fields}) == 1
    if len(runs) > 1 and alike and all(map(_is_whole, parts, fields)):
        return runs
    return [range(len(cells))]


def part_of(header: Header, columns: range) -> Header:
    """The header of one of the tables."""
    cells = header.cells[columns.start : columns.stop]
    return Header(header.rows_above, column_names(cells), header.named, cells)


def lines_of(
    lines: Iterable[tuple[Number, Sequence[str]]], columns: range
) -> Iterator[tuple[Number | None, Sequence[str]]]:
    """Of each line the cells of one table; None for one in which that table has nothing."""
    for line, cells in lines:
        part = cells[columns.start : columns.stop]
        if any(map(str.strip, part)) or not cells:
            yield line, part
        else:
            yield None, [""]


def _is_used(place: int, below: Sequence[Sequence[str]]) -> bool:
    return any(place < len(row) and row[place].strip() for row in below)


def _runs(used: Sequence[bool]) -> list[range]:
    runs: list[range] = []
    for place in (place for place, is_used in enumerate(used) if is_used):
        if runs and runs[-1].stop == place:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return runs


def _is_whole(part: Sequence[str], fields: set[str | None]) -> bool:
    named = names_fields(part)
    return named > 1 and named * 3 > len(part) * 2 and not _IDENTIFY.isdisjoint(fields)
