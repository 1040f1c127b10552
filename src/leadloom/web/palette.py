"""The command palette: everything one can go to, find, and do, by typing a few letters of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from starlette.responses import Response

from leadloom.web.looks import words
from leadloom.web.nav import GROUPS
from leadloom.web.route import get
from leadloom.web.visit import Visit

_LEADS: Final = 6
_COMPANIES: Final = 3
_LONGEST: Final = 200

_SURE: Final = 8
_LIKELY: Final = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: its name, what it is, and what comes of choosing it.

    `how`: "go" leads somewhere, "dialog" asks first, "post" does it (after "confirm"), "theme"
    switches light and dark.
    """

    name: str
    hint: str
    how: Mapping[str, str]


# What is said, how it is done, and the role it takes.
_ACTIONS: Final[tuple[tuple[str, Mapping[str, str], str], ...]] = (
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
    ("Switch light or dark", {"theme": ""}, "viewer"),
)
_ROLES: Final = ("viewer", "member", "owner")


def found(visit: Visit) -> Response:
    """Show what answers to what is typed, best first; at first where one can go."""
    text = visit.query("q").strip()[:_LONGEST]
    return visit.page("_palette.html", found=_answers(visit, text) if text else _usual(visit))


def _usual(visit: Visit) -> list[Entry]:
    return [*_places(), *_actions(visit)]


def _answers(visit: Visit, text: str) -> list[Entry]:
    """Return what is called so, then whom that finds, then what is called somewhat so."""
    fits = [(_fit(one.name, text), one) for one in [*_usual(visit), *_named(visit)]]
    fits.sort(key=lambda one: -one[0])
    sure = [one for fit, one in fits if fit > 1][:_SURE]
    likely = [one for fit, one in fits if fit == 1][:_LIKELY]
    go = f"/leads?{urlencode({'q': text})}"
    search = Entry(f"Search leads for “{text}”", "Go to", {"go": go})
    return [*sure, *(_people(visit, text) if len(text) > 1 else []), *likely, search]


def _fit(name: str, text: str) -> int:
    """How well a text fits a name: 4 its beginning, 3 of a word, 2 within, 1 its letters."""
    name, text = name.casefold(), text.casefold()
    if name.startswith(text):
        return 4
    if text in name:
        return 3 if f" {text}" in name else 2
    letters = iter(name)
    return int(len(text) > 1 and all(letter in letters for letter in text))


def _places() -> Iterator[Entry]:
    for _, places in GROUPS:
        yield from (Entry(one.name, "Go to", {"go": one.path}) for one in places)


def _actions(visit: Visit) -> Iterator[Entry]:
    rank = _ROLES.index(visit.ws.acting.role) if visit.ws.acting.role in _ROLES else 0
    for name, how, role in _ACTIONS:
        if _ROLES.index(role) <= rank:
            yield Entry(name, "Do", how)


def _people(visit: Visit, text: str) -> Iterator[Entry]:
    for lead in visit.ws.leads.window(text, limit=_LEADS):
        hint = " · ".join(filter(None, (lead.title, lead.company))) or "Lead"
        yield Entry(lead.full_name or lead.email or "No name", hint, {"go": f"/leads/{lead.id}"})
    for one in visit.ws.companies.window(text, limit=_COMPANIES):
        name = one.name or one.domain or "No name"
        yield Entry(name, "Company", {"go": f"/companies/{one.id}"})


def _named(visit: Visit) -> Iterator[Entry]:
    for campaign in visit.ws.campaigns.list():
        yield Entry(campaign.name, "Campaign", {"go": f"/campaigns/{campaign.id}"})
    for show in visit.ws.shows.list():
        yield Entry(show.name, "Show", {"go": f"/shows/{show.id}"})
    for group in visit.ws.groups.list():
        yield Entry(group.name, "Group", {"go": f"/groups/{group.id}"})
    for name in sorted({one.name for one in visit.ws.templates.list()}):
        yield Entry(name, "Template", {"go": f"/templates/{quote(name, safe='')}"})
    for setting in visit.ws.config.list():
        yield Entry(words(setting.key), "Setting", {"go": f"/settings#setting-{setting.key}"})


routes = [get("/palette", found, role="viewer")]
