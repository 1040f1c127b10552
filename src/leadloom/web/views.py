"""Saved views of a grid, and the choice of its columns."""

from typing import Any

from starlette.responses import Response

from leadloom.web.grid import Grid
from leadloom.web.visit import Visit


def page(grid: Grid, visit: Visit) -> Response:
    """Show the views of a list, and offer to keep this one."""
    return visit.page("_views.html", **_known(grid, visit))


def save(grid: Grid, visit: Visit) -> Response:
    """Keep the present view under a name."""
    saved = visit.ws.views.save(grid.name, visit.field("name"), visit.field("query"))
    return _shown(grid, visit, f"Kept the view {saved.name}.")


def remove(grid: Grid, visit: Visit) -> Response:
    """Forget a view."""
    name = visit.field("name")
    visit.ws.views.remove(grid.name, name)
    return _shown(grid, visit, f"Forgot the view {name}.")


def columns(grid: Grid, visit: Visit) -> Response:
    """Show all columns a list can have, those it has first, in their order."""
    listing = grid.of(visit)
    names = {one.name for one in listing.columns}
    others = [one for one in listing.known if one.name not in names]
    return visit.page("_columns.html", listing=listing, others=others)


def _shown(grid: Grid, visit: Visit, said: str) -> Response:
    html = visit.html("_views.html", **_known(grid, visit))
    return visit.done(said, html=html, into="views")


def _known(grid: Grid, visit: Visit) -> dict[str, Any]:
    return {"listing": grid.of(visit), "views": visit.ws.views.list(grid.name)}
