"""Rows of a CSV of problems, once somebody has put them right."""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from typing import Any

from leadloom.imports.columns import Mapping
from leadloom.imports.files.dialect import USUAL, split
from leadloom.imports.files.json_file import cells_of_line
from leadloom.leads.fields import CUSTOM

PROBLEM_COLUMNS = ("file", "row", "field", "reason")  # how a CSV of problems begins
WHOLE_ROW = "row as received"  # where a row stands that could not even be taken apart
WRONG = "field"  # names the columns that were wrong
_OF_CARDS = frozenset(("FN", "N.family", "N.given"))


def problem_columns(headers: Sequence[str]) -> frozenset[str]:
    """The columns of a CSV of problems that are about the problems; none of any other file."""
    if tuple(headers[: len(PROBLEM_COLUMNS)]) != PROBLEM_COLUMNS:
        return frozenset()
    return frozenset((*PROBLEM_COLUMNS, WHOLE_ROW)) & frozenset(headers)


def as_received(
    headers: Sequence[str], sample: Sequence[Map[str, Any]], kind: str
) -> tuple[Sequence[str], Sequence[Map[str, Any]], str]:
    """Headers, sample and kind of the file that the rows of a CSV of problems come from."""
    if not problem_columns(headers):
        return headers, sample, kind
    rows = [rejoined(cells) for cells in sample]
    found = dict.fromkeys(headers) | dict.fromkeys(name for cells in rows for name in cells)
    return list(found), rows, "vcard" if _OF_CARDS & found.keys() else kind


def rejoined(cells: Map[str, Any]) -> Map[str, Any]:
    """The cells of a row of problems, those of one that had to be kept whole among them."""
    whole = cells.get(WHOLE_ROW)
    if not isinstance(whole, str) or not whole.strip():
        return cells
    found = cells_of_line(whole)
    if found is None:
        columns = [name for name in cells if name not in (*PROBLEM_COLUMNS, WHOLE_ROW)]
        found = _taken_apart(whole, columns)
    return {**cells, **found}


def _taken_apart(line: str, columns: list[str]) -> dict[str, Any]:
    """The cells of a line of a delimited file, when it has as many as there are columns."""
    for delimiter in USUAL:
        parts = next(split([line], delimiter), [])
        if len(parts) == len(columns) > 1:
            return dict(zip(columns, parts, strict=True))
    return {}


def put_right(mapping: Mapping, cells: Map[str, Any], facts: dict[str, Any]) -> None:
    """Let go of what was kept of a value that could not be read, now that it can be."""
    for column in str(cells.get(WRONG) or "").split("; "):
        target = mapping.columns.get(column)
        kept = f"{CUSTOM}{target.field}_as_received" if target else ""
        if kept and kept not in facts:
            facts[kept] = None
