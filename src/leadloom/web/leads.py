"""The leads, as a grid."""

from typing import Any, Final

from starlette.responses import Response

from leadloom.web import cells, columns
from leadloom.web.listing import Listing, listing_of
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

PAGE: Final = 40
_MOST: Final = 500
# What most lists are narrowed by: they have a button each.
FILTERS: Final = ("lead_status", "country", "seniority", "email_status")


def page(visit: Visit) -> Response:
    """Show the list: the whole page, or for a script only what changes with the address."""
    listing = of(visit)
    items = visit.ws.leads.window(listing.text, limit=PAGE, **listing.options)
    template = "_list.html" if visit.is_by_script else "leads.html"
    return visit.page(template, listing=listing, items=items, page=PAGE, **_looks())


def rows(visit: Visit) -> Response:
    """Return rows from a position on."""
    listing, offset = of(visit), visit.number("offset")
    limit = visit.number("limit", PAGE, _MOST)
    total = visit.number("of") or None
    items = visit.ws.leads.window(
        listing.text, offset=offset, limit=limit, total=total, **listing.options
    )
    return visit.page("_rows.html", listing=listing, items=items, **_looks())


def count(visit: Visit) -> Response:
    """Return how many leads the list has."""
    listing = of(visit)
    return visit.json({"count": visit.ws.leads.count(listing.text, **listing.options)})


def choices(visit: Visit) -> Response:
    """Show what the list can be narrowed by in a field: its most frequent values."""
    listing, field = of(visit), visit.part("field")
    found = visit.ws.leads.values(field, where=listing.where)
    return visit.page("_filter.html", listing=listing, field=field, found=found)


def fields(visit: Visit) -> Response:
    """Show the fields that the list can be narrowed by."""
    return visit.page("_filter_fields.html", listing=of(visit))


def cell(visit: Visit) -> Response:
    """Set one cell."""
    return cells.set_cell(visit, of(visit), visit.ws.leads, "lead")


def paste(visit: Visit) -> Response:
    """Set many cells."""
    return cells.set_cells(visit, "leads")


def copy(visit: Visit) -> Response:
    """Return cells as text."""
    return cells.as_text(visit, of(visit), visit.ws.leads)


def of(visit: Visit) -> Listing:
    """Return the list that the address asks for."""
    return listing_of(visit, "/leads", columns.LEADS, columns.SHOWN_LEADS)


def _looks() -> dict[str, Any]:
    return {"noun": "lead", "filters": FILTERS}


routes = [
    get("/leads", page, role="viewer"),
    get("/leads/rows", rows, role="viewer"),
    get("/leads/count", count, role="viewer"),
    get("/leads/text", copy, role="viewer"),
    post("/leads/cells", paste, role="member"),
    post("/leads/{id}/cell", cell, role="member"),
    get("/leads/filter", fields, role="viewer"),
    get("/leads/filter/{field}", choices, role="viewer"),
]
