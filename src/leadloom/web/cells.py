"""Typing in a grid: one cell, or many that were pasted; and cells as text for elsewhere."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import PlainTextResponse, Response

from leadloom.errors import UsageError
from leadloom.values.cell import neutralise, restore
from leadloom.web.columns import Column, chosen
from leadloom.web.edits import set_field
from leadloom.web.grid import Grid
from leadloom.web.looks import several, shown, words
from leadloom.web.visit import Visit

MOST_PASTED: Final = 2_000
MOST_COPIED: Final = 20_000
_PHONE: Final = re.compile(r"[+-]?[\d ()./-]+")


def set_cell(grid: Grid, visit: Visit) -> Response:
    """Set one cell, and return its row as it is now."""
    edit = set_field(visit, grid.name, grid.noun)
    row = visit.html("_rows.html", grid=grid, listing=grid.of(visit), items=[edit.row])
    return visit.done(edit.said, undo=edit.runs, row=row, **edit.question)


def set_cells(grid: Grid, visit: Visit) -> Response:
    """Set many cells, pasted from a spreadsheet or filled with one value; all of them or none.

    More than one row is asked about first, unless the visitor `agreed`.
    """
    changes, cells = _pasted(grid, visit)
    if len(changes) > 1 and not visit.field("agreed"):
        rows, columns = several(len(changes), grid.noun), _listed(changes)
        question = f"Change {several(cells, 'cell')} of {rows}: {columns}?"
        return visit.done(ask=question, yes="Change", no="Cancel")
    runs = []
    with visit.ws.transaction() as together:
        verbs = grid.verbs(together)
        for id, values in changes.items():
            runs.append(verbs.set(id, values).run)
    return visit.done(f"Changed {several(cells, 'cell')}.", undo=runs[::-1], go="", changed=True)


def _pasted(grid: Grid, visit: Visit) -> tuple[dict[str, dict[str, str]], int]:
    """Return the values of fields by row, and how many there are.

    The form has the `text`, the `row` ids from the first cell down, the `column` names from it to
    the right, and how many of each are marked (`high`, `wide`): one value fills these.
    """
    lines = _cells_of(visit.field("text"))
    rows, names = visit.fields("row"), visit.fields("column")
    if len(lines) == 1 and len(lines[0]) == 1:
        high, wide = (_count(visit.field(name)) for name in ("high", "wide"))
        lines = [lines[0] * wide] * high
    columns = {one.name: one for one in chosen(grid.columns, names)}
    changes: dict[str, dict[str, str]] = {}
    for id, line in zip(rows, lines, strict=False):
        typed = zip(names, line, strict=False)
        values = {name: value for name, value in typed if _is_typed_in(columns.get(name))}
        changes |= {id: values} if values else {}
    cells = sum(map(len, changes.values()))
    if not cells:
        raise UsageError("Nothing here can be typed in.")
    if cells > MOST_PASTED:
        raise UsageError(
            f"{cells} cells cannot be pasted at once: take up to {MOST_PASTED}, or import "
            "them as a file."
        )
    return changes, cells


def _cells_of(text: str) -> list[list[str]]:
    """Read cells as spreadsheets write them: tabs and lines, quotes round what holds either."""
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), dialect="excel-tab"))
    except csv.Error as error:
        raise UsageError("The cells cannot be read: copy them once more.") from error
    return [[restore(cell).strip() for cell in line] or [""] for line in lines] or [[""]]


def _count(text: str) -> int:
    is_fine = text.isascii() and text.isdigit() and len(text) < 6
    return min(int(text), MOST_PASTED + 1) if is_fine else 1


def _is_typed_in(column: Column | None) -> bool:
    return column is not None and column.edit != "none"


def _listed(changes: Mapping[str, Mapping[str, str]]) -> str:
    fields = dict.fromkeys(name for values in changes.values() for name in values)
    return ", ".join(words(name) for name in fields)


def as_text(grid: Grid, visit: Visit) -> Response:
    """Return cells as spreadsheets take them: columns parted by tabs."""
    listing, verbs = grid.of(visit), grid.verbs(visit.ws)
    offset, limit = visit.number("offset"), visit.number("limit", 1, MOST_COPIED)
    columns = chosen(listing.known, visit.query("columns").split(","))
    items = verbs.window(listing.text, offset=offset, limit=max(1, limit), **listing.options)
    written = io.StringIO()
    writer = csv.writer(written, dialect="excel-tab", lineterminator="\n")
    writer.writerows([[_harmless(_plain(item, column)) for column in columns] for item in items])
    return PlainTextResponse(written.getvalue())


def _plain(item: Any, column: Column) -> str:
    if column.name.startswith("custom."):
        return shown(item.custom.get(column.name.removeprefix("custom.")))
    value = getattr(item, column.name)
    return "; ".join(value) if isinstance(value, list) else shown(value)


def _harmless(text: str) -> str:
    """Return text that a spreadsheet runs no formula of; phone numbers are none."""
    return text if _PHONE.fullmatch(text) else neutralise(text)
