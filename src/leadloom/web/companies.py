"""The companies, as a grid."""

from typing import Any, Final

from starlette.responses import Response

from leadloom.web import cells, columns
from leadloom.web.leads import PAGE
from leadloom.web.listing import Listing, listing_of
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

_MOST: Final = 500
FILTERS: Final = ("industry", "country", "city", "employee_range")


def page(visit: Visit) -> Response:
    """Show the list: the whole page, or for a script only what changes with the address."""
    listing = of(visit)
    items = visit.ws.companies.window(listing.text, limit=PAGE, **listing.options)
    template = "_list.html" if visit.is_by_script else "companies.html"
    return visit.page(template, listing=listing, items=items, page=PAGE, **_looks())


def rows(visit: Visit) -> Response:
    """Return rows from a position on."""
    listing, offset = of(visit), visit.number("offset")
    limit = visit.number("limit", PAGE, _MOST)
    total = visit.number("of") or None
    items = visit.ws.companies.window(
        listing.text, offset=offset, limit=limit, total=total, **listing.options
    )
    return visit.page("_rows.html", listing=listing, items=items, **_looks())


def count(visit: Visit) -> Response:
    """Return how many companies the list has."""
    listing = of(visit)
    return visit.json({"count": visit.ws.companies.count(listing.text, **listing.options)})


def choices(visit: Visit) -> Response:
    """Show what the list can be narrowed by in a field: its most frequent values."""
    listing, field = of(visit), visit.part("field")
    found = visit.ws.companies.values(field, where=listing.where)
    return visit.page("_filter.html", listing=listing, field=field, found=found)


def fields(visit: Visit) -> Response:
    """Show the fields that the list can be narrowed by."""
    return visit.page("_filter_fields.html", listing=of(visit))


def cell(visit: Visit) -> Response:
    """Set one cell."""
    return cells.set_cell(visit, of(visit), visit.ws.companies, "company")


def paste(visit: Visit) -> Response:
    """Set many cells."""
    return cells.set_cells(visit, "companies")


def copy(visit: Visit) -> Response:
    """Return cells as text."""
    return cells.as_text(visit, of(visit), visit.ws.companies)


def of(visit: Visit) -> Listing:
    """Return the list that the address asks for."""
    return listing_of(visit, "/companies", columns.COMPANIES, columns.SHOWN_COMPANIES)


def _looks() -> dict[str, Any]:
    return {"noun": "company", "filters": FILTERS}


routes = [
    get("/companies", page, role="viewer"),
    get("/companies/rows", rows, role="viewer"),
    get("/companies/count", count, role="viewer"),
    get("/companies/text", copy, role="viewer"),
    post("/companies/cells", paste, role="member"),
    post("/companies/{id}/cell", cell, role="member"),
    get("/companies/filter", fields, role="viewer"),
    get("/companies/filter/{field}", choices, role="viewer"),
]
