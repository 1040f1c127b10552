"""One company: every field with its source, and its people."""

from typing import Any

from starlette.responses import Response

from leadloom.web.edits import set_field
from leadloom.web.facts import company_groups
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

_PEOPLE = 60
_EVENTS = 100


def page(visit: Visit) -> Response:
    """Show a company."""
    return visit.page("company.html", **_known(visit, visit.part("id")))


def set_(visit: Visit) -> Response:
    """Set a field by hand; the page's part is drawn again."""
    edit = set_field(visit, "companies", "company")
    html = visit.html("_company.html", **_known(visit, edit.row.id))
    return visit.done(edit.said, undo=edit.runs, ask=edit.ask, html=html, into="company")


def _known(visit: Visit, ref: Any) -> dict[str, Any]:
    view = visit.ws.companies.show(ref)
    return {
        "view": view,
        "company": view.company,
        "url": f"/companies/{view.company.id}",
        "groups": company_groups(view.fields, view.company.as_json()),
        "history": view.history[:_EVENTS],
        "people": view.leads[:_PEOPLE],
    }


routes = [
    get("/companies/{id}", page, role="viewer"),
    post("/companies/{id}/set", set_, role="member"),
]
