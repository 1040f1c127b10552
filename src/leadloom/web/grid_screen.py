"""The screen of a grid: any number of rows of one kind, those in sight loaded as one scrolls."""

from collections.abc import Callable
from functools import partial
from typing import Final

from starlette.responses import Response

from leadloom.web import bulk, cells, views
from leadloom.web.background import go_on
from leadloom.web.grid import Grid
from leadloom.web.route import Route, get, post
from leadloom.web.visit import Visit

PAGE: Final = 40
_MOST: Final = 500
_MANY: Final = 50_000


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
    standing = None if says_when else verbs.standing()
    owner = visit.ws.acting.workspace_id
    return visit.site.memory.answer(visit.request, owner, standing, make)


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
    return visit.page("_filter.html", listing=listing, field=field, found=found, into="list")


def fields(grid: Grid, visit: Visit) -> Response:
    """Show the fields that the list can be narrowed by."""
    return visit.page("_filter_fields.html", listing=grid.of(visit), into="list")


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
