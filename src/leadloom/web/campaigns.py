"""Campaigns: a group and a template become letters, which are reviewed and exported."""

from typing import Any

from starlette.responses import Response

from leadloom.errors import UsageError
from leadloom.web.background import go_on
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

_EVENT = ("event_name", "event_date", "event_location")


def page(visit: Visit) -> Response:
    """Show all campaigns."""
    return visit.page("campaigns.html", **_all(visit))


def list_(visit: Visit) -> Response:
    """Show the list again."""
    return visit.page("_campaigns.html", **_all(visit))


def new(visit: Visit) -> Response:
    """Ask what a new campaign is to be."""
    names = sorted({one.name for one in visit.ws.templates.list() if one.is_active})
    return visit.page(
        "_campaign_new.html",
        groups=visit.ws.groups.list(),
        templates=names,
        group=visit.query("group"),
        chosen=visit.query("template") or str(visit.ws.config.get("default_template").value),
        variants=visit.ws.config.get("variants").value,
    )


def add(visit: Visit) -> Response:
    """Make a campaign."""
    context = {name: said for name in _EVENT if (said := visit.field(name).strip())}
    campaign = visit.ws.campaigns.create(
        visit.field("name"),
        visit.field("group") or None,
        visit.field("template"),
        _whole(visit.field("variants", "1")),
        context,
    )
    said = f"Made the campaign {campaign.name}: now let it write its drafts."
    return visit.done(said, go=f"/campaigns/{campaign.id}")


def one(visit: Visit) -> Response:
    """Show a campaign and how far it has come."""
    return visit.page("campaign.html", **_one(visit, visit.part("id")))


def state(visit: Visit) -> Response:
    """Show how far it has come, again."""
    return visit.page("_campaign.html", **_one(visit, visit.part("id")))


def generate(visit: Visit) -> Response:
    """Begin to write the drafts; the page shows how it goes on."""
    ref = visit.part("id")
    name = visit.ws.campaigns.show(ref).campaign.name
    visit.ws.draft(campaign=name, dry_run=True, lead_keys=[])  # what is wrong is said at once
    ws = visit.site.ws.acting_as(visit.ws.acting)
    go_on(visit, lambda: ws.campaigns.generate(ref))
    return visit.done(f"Writing the drafts of {name}.")


def delete(visit: Visit) -> Response:
    """Delete a campaign with its messages."""
    name = visit.ws.campaigns.show(visit.part("id")).campaign.name
    count = visit.ws.campaigns.delete(visit.part("id"), with_exported=True)
    return visit.done(f"Deleted the campaign {name} and {count:,} messages.", go="/campaigns")


def _all(visit: Visit) -> dict[str, Any]:
    shown = [visit.ws.campaigns.show(str(one.id)) for one in visit.ws.campaigns.list()]
    return {"campaigns": shown}


def _one(visit: Visit, ref: str) -> dict[str, Any]:
    view = visit.ws.campaigns.show(ref)
    runs = [
        run
        for run in visit.ws.runs.list(limit=20, kind="draft").items
        if run.input == view.campaign.name
    ]
    return {
        "view": view,
        "campaign": view.campaign,
        "counts": visit.ws.drafts.counts(str(view.campaign.id)),
        "run": runs[0] if runs else None,
        "url": f"/campaigns/{view.campaign.id}",
    }


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise UsageError(f"Drafts for each lead: write a whole number, not {text[:40]!r}.")
    return int(text)


routes = [
    get("/campaigns", page, role="viewer"),
    get("/campaigns/list", list_, role="viewer"),
    get("/campaigns/new", new, role="member"),
    post("/campaigns/add", add, role="member"),
    get("/campaigns/{id}", one, role="viewer"),
    get("/campaigns/{id}/state", state, role="viewer"),
    post("/campaigns/{id}/generate", generate, role="member"),
    post("/campaigns/{id}/delete", delete, role="member"),
]
