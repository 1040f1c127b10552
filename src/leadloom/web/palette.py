"""The command palette: everything one can go to, find, and do, by typing a few letters of it."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from leadloom.web.looks import words
from leadloom.web.route import get
from leadloom.web.visit import Visit

_LEADS: Final = 6
_COMPANIES: Final = 3
_LONGEST: Final = 200

# What is said, how it is done, and the role it takes. `go` leads somewhere, `dialog` asks first,
# `post` does it (after `confirm`), `click` presses what is on every page.
_ACTIONS: Final[tuple[tuple[str, dict[str, str], str], ...]] = (
    ("Import a file", {"go": "/import"}, "member"),
    ("Enrich leads", {"go": "/enrich"}, "member"),
    ("Review drafts", {"go": "/drafts"}, "viewer"),
    ("New campaign", {"dialog": "/campaigns/new"}, "member"),
    ("New group", {"dialog": "/groups/new"}, "member"),
    ("New template", {"dialog": "/templates/new"}, "member"),
    ("New show", {"dialog": "/shows/new"}, "member"),
    (
        "Undo the last edit",
        {"post": "/undo", "run": "last:edit", "confirm": "Take the last edit by hand back?"},
        "member",
    ),
    ("Back up now", {"post": "/settings/backup"}, "owner"),
    ("Switch light or dark", {"click": "[data-theme-switch]"}, "viewer"),
)
_ROLES: Final = ("viewer", "member", "owner")


def commands(visit: Visit) -> Response:
    """Return what can be done, and everything that has a name and a page."""
    rank = _ROLES.index(visit.ws.acting.role) if visit.ws.acting.role in _ROLES else 0
    actions = [
        {"name": name, "hint": "Do", **how}
        for name, how, role in _ACTIONS
        if _ROLES.index(role) <= rank
    ]
    return visit.json([*actions, *_named(visit)])


def find(visit: Visit) -> Response:
    """Return the leads and companies that answer a text, best first."""
    text = visit.query("q").strip()[:_LONGEST]
    if not text:
        return visit.json([])
    found: list[dict[str, Any]] = [
        {
            "name": lead.full_name or lead.email or "No name",
            "hint": " · ".join(filter(None, (lead.title, lead.company))) or "Lead",
            "go": f"/leads/{lead.id}",
        }
        for lead in visit.ws.leads.window(text, limit=_LEADS)
    ]
    found += [
        {"name": one.name or one.domain, "hint": "Company", "go": f"/companies/{one.id}"}
        for one in visit.ws.companies.window(text, limit=_COMPANIES)
    ]
    return visit.json(found)


def _named(visit: Visit) -> Iterator[dict[str, str]]:
    for campaign in visit.ws.campaigns.list():
        yield {"name": campaign.name, "hint": "Campaign", "go": f"/campaigns/{campaign.id}"}
    for show in visit.ws.shows.list():
        yield {"name": show.name, "hint": "Show", "go": f"/shows/{show.id}"}
    for group in visit.ws.groups.list():
        yield {"name": group.name, "hint": "Group", "go": f"/groups/{group.id}"}
    for name in sorted({one.name for one in visit.ws.templates.list()}):
        yield {"name": name, "hint": "Template", "go": f"/templates/{quote(name, safe='')}"}
    for setting in visit.ws.config.list():
        go = f"/settings#setting-{setting.key}"
        yield {"name": words(setting.key), "hint": "Setting", "go": go}


routes = [
    get("/palette", commands, role="viewer"),
    get("/palette/find", find, role="viewer"),
]
