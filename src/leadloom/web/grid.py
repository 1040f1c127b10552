"""A grid: any number of rows of one kind, those in sight loaded as one scrolls.

A screen names its kind, `GRID = Grid("leads", …)`, and has `routes_of(GRID)`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from leadloom.web import bulk, cells, views
from leadloom.web.background import go_on
from leadloom.web.columns import Column
from leadloom.web.listing import Listing, listing_of
from leadloom.web.route import Route, get, post
from leadloom.web.visit import Visit
from leadloom.workspace import Workspace

PAGE: Final = 40
_MOST: Final = 500
_MANY: Final = 50_000


@dataclass(frozen=True, slots=True)
class Grid:
    """What differs between grids.

    `name`: its path and the verbs of the workspace, "leads"; `noun`: one of them; `search`: what to
    look for. `columns`: all there are; `shown`: the usual ones. `filters`: what most lists are
    narrowed by, which have a button each; `actions`: what can be done with many, see `bulk`.
    `has_rail`: whether figures stand beside it.
    """

    name: str
    noun: str
    search: str
    columns: Sequence[Column]
    shown: Sequence[str]
    filters: Sequence[str]
    actions: Sequence[str]
    has_rail: bool = False

    def of(self, visit: Visit) -> Listing:
        """Return the list that the address asks for."""
        return listing_of(visit, f"/{self.name}", self.columns, self.shown)

    def verbs(self, ws: Workspace) -> Any:
        """Return what finds and changes its rows."""
        return getattr(ws, self.name)


def page(grid: Grid, visit: Visit) -> Response:
    """Show the list: the whole page, or for a script only what changes with the address."""
    listing = grid.of(visit)
    items = grid.verbs(visit.ws).window(listing.text, limit=PAGE, **listing.options)
    template = "_list.html" if visit.is_by_script else "grid.html"
    return visit.page(template, grid=grid, listing=listing, items=items, page=PAGE)


def rows(grid: Grid, visit: Visit) -> Response:
    """Return rows from a position on."""
    listing, verbs = grid.of(visit), grid.verbs(visit.ws)

    def make() -> str:
        items = verbs.window(
            listing.text,
            offset=visit.number("offset"),
            limit=visit.number("limit", PAGE, _MOST),
            total=visit.number("of") or None,
            **listing.options,
        )
        return visit.html("_rows.html", grid=grid, listing=listing, items=items)

    says_when = any(column.look == "time" for column in listing.columns)  # "3 minutes ago"
    return visit.site.memory.answer(visit, None if says_when else verbs.standing(), make)


def count(grid: Grid, visit: Visit) -> Response:
    """Return how many rows the list has."""
    listing, verbs = grid.of(visit), grid.verbs(visit.ws)
    total = verbs.count(listing.text, **listing.options)
    is_whole = not (listing.text or listing.where)
    if total >= _MANY and listing.sort and is_whole and verbs.standing() is not None:
        # Whoever sorts a long list soon jumps into it: its order is found out until then.
        jump = {**listing.options, "offset": total // 2, "limit": 1, "total": total}
        go_on(visit, lambda: verbs.window(**jump))
    return visit.json({"count": total})


def choices(grid: Grid, visit: Visit) -> Response:
    """Show what the list can be narrowed by in a field: its most frequent values."""
    listing, field = grid.of(visit), visit.part("field")
    found = grid.verbs(visit.ws).values(field, where=listing.beside(field))
    return visit.page("_filter.html", listing=listing, field=field, found=found)


def fields(grid: Grid, visit: Visit) -> Response:
    """Show the fields that the list can be narrowed by."""
    return visit.page("_filter_fields.html", listing=grid.of(visit))


def routes_of(grid: Grid) -> list[Route]:
    """Return the routes of a grid, its cells, views and columns, and what is done with many."""

    def here(answer: Callable[[Grid, Visit], Response]) -> Callable[[Visit], Response]:
        return partial(answer, grid)

    path = f"/{grid.name}"
    return [
        get(path, here(page), role="viewer"),
        get(f"{path}/rows", here(rows), role="viewer"),
        get(f"{path}/count", here(count), role="viewer"),
        get(f"{path}/filter", here(fields), role="viewer"),
        get(f"{path}/filter/{{field}}", here(choices), role="viewer"),
        get(f"{path}/text", here(cells.as_text), role="viewer"),
        post(f"{path}/cells", here(cells.set_cells), role="member"),
        post(f"{path}/{{id}}/cell", here(cells.set_cell), role="member"),
        get(f"{path}/views", here(views.page), role="viewer"),
        get(f"{path}/columns", here(views.columns), role="viewer"),
        post(f"{path}/views/save", here(views.save), role="viewer"),
        post(f"{path}/views/remove", here(views.remove), role="viewer"),
        *(bulk.route_of(grid, name) for name in grid.actions),
    ]
