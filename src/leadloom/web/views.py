"""Saved views of a list, and the choice of its columns."""

from typing import Any

from starlette.responses import Response

from leadloom.web import companies, leads
from leadloom.web.listing import Listing
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

_LISTS = {"leads": leads.of, "companies": companies.of}


def views(visit: Visit) -> Response:
    """Show the views of a list, and offer to keep this one."""
    return visit.page("_views.html", **_known(visit))


def save(visit: Visit) -> Response:
    """Keep the present view under a name."""
    saved = visit.ws.views.save(_name(visit), visit.field("name"), visit.field("query"))
    return visit.done(
        f"Kept the view {saved.name}.",
        html=visit.html("_views.html", **_known(visit)),
        into="views",
    )


def remove(visit: Visit) -> Response:
    """Forget a view."""
    name = visit.field("name")
    visit.ws.views.remove(_name(visit), name)
    html = visit.html("_views.html", **_known(visit))
    return visit.done(f"Forgot the view {name}.", html=html, into="views")


def columns(visit: Visit) -> Response:
    """Show all columns a list can have, those it has first, in their order."""
    listing = _listing(visit)
    names = {one.name for one in listing.columns}
    others = [one for one in listing.known if one.name not in names]
    return visit.page("_columns.html", listing=listing, others=others)


def _known(visit: Visit) -> dict[str, Any]:
    return {"listing": _listing(visit), "views": visit.ws.views.list(_name(visit))}


def _listing(visit: Visit) -> Listing:
    return _LISTS[_name(visit)](visit)


def _name(visit: Visit) -> str:
    """Return which list it is about: the first part of the path."""
    return visit.request.url.path.split("/")[1]


routes = [
    route
    for path in _LISTS
    for route in (
        get(f"/{path}/views", views, role="viewer"),
        get(f"/{path}/columns", columns, role="viewer"),
        post(f"/{path}/views/save", save, role="viewer"),
        post(f"/{path}/views/remove", remove, role="viewer"),
    )
]
