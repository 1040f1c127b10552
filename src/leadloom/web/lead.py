"""One lead: every field with its source, and everything that has to do with them."""

from typing import Any

from starlette.responses import Response

from leadloom.leads.lead import Lead
from leadloom.web.edits import set_field
from leadloom.web.facts import lead_groups
from leadloom.web.route import get, post
from leadloom.web.visit import Visit
from leadloom.workspace import Workspace

_COLLEAGUES = 12
_EVENTS = 100


def page(visit: Visit) -> Response:
    """Show a lead."""
    return visit.page("lead.html", **_known(visit, visit.part("id")))


def set_(visit: Visit) -> Response:
    """Set a field by hand; the page's part is drawn again."""
    edit = set_field(visit, "leads", "lead")
    html = visit.html("_lead.html", **_known(visit, edit.row.id))
    return visit.done(edit.said, undo=edit.runs, html=html, into="lead", **edit.question)


def delete(visit: Visit) -> Response:
    """Delete a lead."""
    with visit.ws.transaction() as together:
        lead = together.leads.delete(visit.part("id"))
        run = last_edit(together)
    return visit.done(f"Deleted {_name(lead)}.", undo=[run], go="/leads")


def restore(visit: Visit) -> Response:
    """Take a deletion back."""
    with visit.ws.transaction() as together:
        lead = together.leads.restore(visit.part("id"))
        run = last_edit(together)
    return visit.done(f"Restored {_name(lead)}.", undo=[run], go="")


def unmerge(visit: Visit) -> Response:
    """Give back a lead that was woven into another."""
    with visit.ws.transaction() as together:
        lead = together.leads.unmerge(visit.part("id"))
        run = last_edit(together)
    return visit.done(f"{_name(lead)} is a lead of their own again.", undo=[run], go="")


def last_edit(together: Workspace) -> Any:
    """Return the id of the edit that was just made in this transaction."""
    return together.runs.list(limit=1, kind="edit", edits=True).items[0].id


def _name(lead: Lead) -> str:
    return lead.full_name or lead.email or "the lead"


def _known(visit: Visit, ref: Any) -> dict[str, Any]:
    """Return what is known of a lead and what has to do with it."""
    view = visit.ws.leads.show(ref)
    lead = view.lead
    colleagues: list[Lead] = []
    if lead.company_id:
        conditions = [f"company_id={lead.company_id}", f"id!={lead.id}"]
        colleagues = visit.ws.leads.window(where=conditions, limit=_COLLEAGUES)
    return {
        "view": view,
        "lead": lead,
        "url": f"/leads/{lead.id}",
        "groups": lead_groups(view.fields, lead.as_json()),
        "history": view.history[:_EVENTS],
        "colleagues": colleagues,
        "pairs": visit.ws.leads.duplicates(of=lead.id) if lead.deleted_at is None else [],
        "messages": visit.ws.messages(lead=str(lead.id), limit=20).items,
    }


routes = [
    get("/leads/{id}", page, role="viewer"),
    post("/leads/{id}/set", set_, role="member"),
    post("/leads/{id}/delete", delete, role="member"),
    post("/leads/{id}/restore", restore, role="member"),
    post("/leads/{id}/unmerge", unmerge, role="member"),
]
