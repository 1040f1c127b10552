"""Shows: where leads were met, which imports brought them, and what is written to them."""

from typing import Any, Final

from starlette.responses import Response

from leadloom.outreach.shows import FIELDS
from leadloom.web.route import get, post
from leadloom.web.runs_look import look
from leadloom.web.visit import Visit

_PAGE: Final = 50
_RECENT: Final = 30


def page(visit: Visit) -> Response:
    """Show all shows."""
    return visit.page("shows.html", shows=visit.ws.shows.list())


def new(visit: Visit) -> Response:
    """Ask what a new show is."""
    return visit.page("_show_form.html", show=None, imports=_imports(visit, set()))


def add(visit: Visit) -> Response:
    """Make a show, with imports that brought its leads."""
    with visit.ws.transaction() as together:
        show = together.shows.create(**_said(visit))
        together.shows.add_runs(str(show.id), visit.fields("run"))
    return visit.done(f"Made the show {show.name}.", go=f"/shows/{show.id}")


def one(visit: Visit) -> Response:
    """Show a show: its imports, its campaigns, its leads."""
    return visit.page("show.html", **_one(visit))


def part(visit: Visit) -> Response:
    """Show the same again."""
    return visit.page("_show.html", **_one(visit, visit.queries("gone")))


def edit(visit: Visit) -> Response:
    """Ask what is to be changed."""
    show = visit.ws.shows.show(visit.part("id")).show
    return visit.page("_show_form.html", show=show, imports=[])


def set_(visit: Visit) -> Response:
    """Change a show."""
    show = visit.ws.shows.set(visit.part("id"), _said(visit))
    return visit.done(f"Saved {show.name}.", go="")


def add_runs(visit: Visit) -> Response:
    """Say that imports brought leads of a show, or that they did not."""
    ref, added, removed = visit.part("id"), visit.fields("run"), visit.fields("gone")
    if added:
        visit.ws.shows.add_runs(ref, added)
    if removed:
        visit.ws.shows.remove_runs(ref, removed)
    said = "Put the import back." if visit.field("back") else None
    html = visit.html("_show.html", **_one(visit, removed))
    return visit.done(said, html=html, into="show")


def write(visit: Visit) -> Response:
    """Make a campaign to everybody met there."""
    campaign = visit.ws.shows.write(
        visit.part("id"), visit.field("template"), name=visit.field("name").strip() or None
    )
    said = f"Made the campaign {campaign.name}: now let it write its drafts."
    return visit.done(said, go=f"/campaigns/{campaign.id}")


def delete(visit: Visit) -> Response:
    """Delete a show; all it names stays."""
    visit.ws.shows.delete(visit.part("id"))
    return visit.done("Deleted the show; its leads, imports and campaigns stay.", go="/shows")


def _said(visit: Visit) -> dict[str, Any]:
    return {name: visit.field(name) for name in FIELDS}


def _one(visit: Visit, gone: list[str] | None = None) -> dict[str, Any]:
    view = visit.ws.shows.show(visit.part("id"))
    people = visit.ws.shows.leads(str(view.show.id), _PAGE, visit.query("after") or None)
    names = sorted({one.name for one in visit.ws.templates.list() if one.is_active})
    taken = {one.name for one in visit.ws.campaigns.list()}
    there = {str(id) for id, _, _ in view.runs}
    return {
        "view": view,
        "show": view.show,
        "url": f"/shows/{view.show.id}",
        "leads": people.items,
        "next": people.next,
        "imports": _imports(visit, {id for id, _, _ in view.runs}),
        "templates": names,
        "campaign": _free(view.show.name, taken),
        "gone": [id for id in gone or [] if id not in there],
    }


def _imports(visit: Visit, known: set[Any]) -> list[Any]:
    """Return the last imports that do not belong to the show yet, as they look."""
    found = visit.ws.runs.list(limit=_RECENT, kind="import").items
    now = visit.ws.db.now()
    return [look(one, now) for one in found if one.id not in known and one.undone_at is None]


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no campaign has."""
    number = 1
    while (found := name if number == 1 else f"{name} {number}") in taken:
        number += 1
    return found


routes = [
    get("/shows", page, role="viewer"),
    get("/shows/new", new, role="member"),
    post("/shows/add", add, role="member"),
    get("/shows/{id}", one, role="viewer"),
    get("/shows/{id}/part", part, role="viewer"),
    get("/shows/{id}/edit", edit, role="member"),
    post("/shows/{id}/set", set_, role="member"),
    post("/shows/{id}/runs", add_runs, role="member"),
    post("/shows/{id}/write", write, role="member"),
    post("/shows/{id}/delete", delete, role="member"),
]
