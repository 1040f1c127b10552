"""The event log: what happened, by whom, to what; it grows while one looks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from leadloom.errors import NotFoundError
from leadloom.web.looks import words
from leadloom.web.route import get
from leadloom.web.visit import Visit
from leadloom.workspace import Workspace
from leadloom.workspace.events import FeedEvent

_LINES: Final = 60
_NOUNS: Final = (
    "lead",
    "company",
    "run",
    "message",
    "campaign",
    "group",
    "template",
    "show",
    "source",
    "setting",
    "secret",
    "user",
)
# Where a thing has a page of its own; {id} is its id.
_PAGES: Final = {
    "lead": "/leads/{id}",
    "company": "/companies/{id}",
    "run": "/runs/{id}",
    "campaign": "/campaigns/{id}",
    "group": "/groups/{id}",
    "show": "/shows/{id}",
    "message": "/drafts?at={id}",
    "setting": "/settings",
    "source": "/settings#trust",
    "user": "/settings#users",
    "secret": "/settings#providers",
}


@dataclass(slots=True)
class Line:
    """An event, or the last of many of one kind in the same run."""

    event: FeedEvent
    count: int
    name: str | None = None
    url: str | None = None

    @property
    def day(self) -> dt.date:
        """The day it happened, in UTC."""
        return self.event.at.date()

    @property
    def said(self) -> str:
        """What happened, in words: "Lead created"."""
        return words(self.event.type)

    @property
    def details(self) -> str:
        """What is known of it besides."""
        moved = [
            f"{words(name)}: {self.event.old.get(name) or 'none'} → {new}"
            for name, new in self.event.new.items()
        ]
        plain = [name for name in self.event.changed if name not in self.event.new]
        told = [", ".join(map(words, plain))] if plain else []
        rest = [
            f"{words(name)} {value}"
            for name, value in self.event.data.items()
            if name != "name" and isinstance(value, str | int | float) and value not in ("", 0)
        ]
        return " · ".join([*moved, *told, *rest])[:300]


def page(visit: Visit) -> Response:
    """Show the log, the newest first."""
    return visit.page("activity.html", **_log(visit))


def list_(visit: Visit) -> Response:
    """Show the log again."""
    return visit.page("_activity.html", **_log(visit))


def _log(visit: Visit) -> dict[str, Any]:
    noun, type, lead = (visit.query(name).strip() for name in ("about", "type", "lead"))
    before = visit.number("before") or None
    who, problem = None, None
    lines: list[Line] = []
    older: int | None = None
    try:
        who = visit.ws.leads.get(lead) if lead else None
        types = [type] if "." in type else [f"{noun}.*"] if noun else []
        found, older = visit.ws.events.digest(
            before=before, types=types, lead=who.id if who else None, limit=_LINES
        )
        lines = [Line(event, count) for event, count in found]
    except NotFoundError:
        problem = f"No lead is known by {lead[:60]!r}: write an e-mail address."
    names = {one.id: one.name for one in visit.ws.campaigns.list()}
    names |= {one.id: one.name for one in visit.ws.groups.list()}
    for line in lines:
        _name(visit.ws, line)
        line.name = line.name or (names.get(line.event.entity_id) if line.event.entity_id else None)
    said = {"about": noun, "type": type, "lead": lead}
    return {
        "lines": lines,
        "older": older,
        "problem": problem,
        "nouns": _NOUNS,
        "who": who,
        "query": urlencode({name: value for name, value in said.items() if value}),
        "is_first": before is None,
        **said,
    }


def _name(ws: Workspace, line: Line) -> None:
    """Find out what a line is about, and where that is to be seen."""
    event = line.event
    line.name = event.data.get("name")
    if line.count > 1:
        line.url = f"/runs/{event.run}"
        return
    if event.entity_id is None and event.entity not in ("setting", "secret"):
        return
    if event.entity == "template" and line.name:
        line.url = f"/templates/{line.name}"
    elif event.entity in _PAGES:
        line.url = _PAGES[event.entity].format(id=event.entity_id)
    try:
        if event.entity == "lead":
            lead = ws.leads.get(str(event.entity_id))
            line.name = lead.full_name or lead.email
        elif event.entity == "company":
            line.name = ws.companies.get(str(event.entity_id)).name
        elif event.entity == "message":
            line.name = ws.drafts.get(str(event.entity_id)).lead_name
    except NotFoundError:
        line.url = None


routes = [
    get("/activity", page, role="viewer"),
    get("/activity/list", list_, role="viewer"),
]
