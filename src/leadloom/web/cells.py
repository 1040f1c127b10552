"""Typing in a grid: one cell, or many that were pasted; and cells as text for elsewhere."""

import csv
import io
import re
from typing import Any, Final

from starlette.responses import PlainTextResponse, Response

from leadloom.errors import UsageError
from leadloom.storage.types import load_json
from leadloom.values.cell import neutralise, restore
from leadloom.web.columns import Column, chosen
from leadloom.web.edits import set_field
from leadloom.web.grid import Grid
from leadloom.web.looks import shown
from leadloom.web.visit import Visit, plain

MOST_PASTED: Final = 2_000
MOST_COPIED: Final = 20_000
_PHONE: Final = re.compile(r"[+-]?[\d ()./-]+")


def set_cell(grid: Grid, visit: Visit) -> Response:
    """Set one cell, and return its row as it is now."""
    edit = set_field(visit, grid.name, grid.noun)
    row = visit.html("_rows.html", grid=grid, listing=grid.of(visit), items=[edit.row])
    return visit.done(edit.said, undo=edit.runs, ask=edit.ask, row=row)


def set_cells(grid: Grid, visit: Visit) -> Response:
    """Set many cells, each given as [id, field, value]; all of them or none."""
    by_row: dict[str, dict[str, str]] = {}
    for id, field, value in _pasted(visit.field("cells")):
        by_row.setdefault(id, {})[field] = value.strip()
    runs = []
    with visit.ws.transaction() as together:
        verbs = grid.verbs(together)
        for id, values in by_row.items():
            runs.append(verbs.set(id, values).run)
    cells = sum(map(len, by_row.values()))
    return visit.done(f"Changed {cells} cells.", undo=runs[::-1], rows=list(by_row))


def _pasted(text: str) -> list[tuple[str, str, str]]:
    try:
        cells = [
            (plain(str(id)), plain(str(field)), restore(plain(str(value))))
            for id, field, value in load_json(text)
        ]
    except (ValueError, TypeError) as error:
        raise UsageError("The cells cannot be read: copy them once more.") from error
    if not 0 < len(cells) <= MOST_PASTED:
        raise UsageError(
            f"{len(cells)} cells cannot be pasted at once: take up to {MOST_PASTED}, or import "
            "them as a file."
        )
    return cells


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
