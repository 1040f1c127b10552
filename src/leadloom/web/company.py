"""One company: every field with its source, and its people."""

from typing import Any

from starlette.responses import Response

from leadloom.web.edits import set_field
from leadloom.web.facts import company_groups
from leadloom.web.lead import last_edit
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
    return visit.done(edit.said, undo=edit.runs, html=html, into="company", **edit.question)


def unmerge(visit: Visit) -> Response:
    """Give back a company that was woven into another."""
    with visit.ws.transaction() as together:
        firm = together.companies.unmerge(visit.part("id"))
        run = last_edit(together)
    name = firm.name or firm.domain or "The company"
    return visit.done(f"{name} is a company of its own again.", undo=[run], go="")


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
    post("/companies/{id}/unmerge", unmerge, role="member"),
]
