"""Where one can go: the side bar, and the first lines of the command palette."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from leadloom.web.route import Route


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the side bar; `count` names the figure beside it, see `counts.py`."""

    name: str
    path: str
    icon: str
    count: str | None = None


GROUPS: Final[tuple[tuple[str, tuple[Place, ...]], ...]] = (
    (
        "",
        (
            Place("Home", "/home", "layout-dashboard"),
            Place("Leads", "/leads", "users", "leads"),
            Place("Companies", "/companies", "building-2", "companies"),
            Place("Duplicates", "/duplicates", "copy-check", "duplicates"),
        ),
    ),
    (
        "Work",
        (
            Place("Import", "/import", "upload"),
            Place("Runs", "/runs", "activity", "runs"),
            Place("Enrich", "/enrich", "sparkles"),
            Place("Groups", "/groups", "tags"),
            Place("Shows", "/shows", "calendar-days"),
        ),
    ),
    (
        "Outreach",
        (
            Place("Templates", "/templates", "file-text"),
            Place("Campaigns", "/campaigns", "send"),
            Place("Drafts", "/drafts", "inbox", "drafts"),
        ),
    ),
    (
        "",
        (
            Place("Activity", "/activity", "history"),
            Place("Settings", "/settings", "settings"),
        ),
    ),
)


def shown(routes: Sequence[Route]) -> list[tuple[str, list[Place]]]:
    """Return the places that have a page, in their groups."""
    pages = {route.path for route in routes if route.method == "GET"}
    groups = [(name, [one for one in places if one.path in pages]) for name, places in GROUPS]
    return [(name, places) for name, places in groups if places]
