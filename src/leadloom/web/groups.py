"""Groups: leads put together, by hand or by conditions, to be written to."""

from typing import Any, Final

from starlette.responses import Response

from leadloom.errors import UsageError
from leadloom.web.columns import LEADS
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

_PAGE: Final = 50
_ROWS: Final = 3
SIGNS: Final = (
    ("=", "is"),
    ("!=", "is not"),
    ("~", "contains"),
    (">=", "at least"),
    ("<=", "at most"),
)


def page(visit: Visit) -> Response:
    """Show all groups."""
    return visit.page("groups.html", groups=visit.ws.groups.list())


def new(visit: Visit) -> Response:
    """Ask who is to be in a new group; the address may hold conditions already."""
    return visit.page(
        "_group_new.html",
        given=visit.queries("f"),
        fields=LEADS,
        signs=SIGNS,
        rows=range(_ROWS),
    )


def count(visit: Visit) -> Response:
    """Say how many leads meet the conditions that are being typed."""
    where = _conditions(visit)
    html = visit.html(
        "_group_count.html", number=visit.ws.leads.count(where=where) if where else None
    )
    return visit.done(html=html, into="group-count")


def add(visit: Visit) -> Response:
    """Make a group, with the leads that meet conditions in it."""
    group = visit.ws.groups.create(
        visit.field("name"), visit.field("description").strip() or None, where=_conditions(visit)
    )
    said = f"Made the group {group.name} with {group.members:,} leads."
    return visit.done(said, go=f"/groups/{group.id}")


def one(visit: Visit) -> Response:
    """Show a group and a page of its leads."""
    return visit.page("group.html", **_one(visit))


def members(visit: Visit) -> Response:
    """Show its leads again."""
    return visit.page("_group.html", **_one(visit))


def put_in(visit: Visit) -> Response:
    """Put leads in: one by name or address, or back in after they were taken out."""
    name, text = visit.part("id"), visit.field("lead").strip()
    found = visit.ws.leads.window(text, limit=2) if text else []
    exact = [one for one in found if text in (one.email, str(one.id))] or found
    if len(exact) != 1:
        raise UsageError(
            "Write a name or an e-mail address."
            if not text
            else f"{'Several' if exact else 'No'} leads are found for {text[:60]!r}: write more of "
            "the name, or the e-mail address."
        )
    added = visit.ws.groups.add(name, [str(exact[0].id)])
    who = exact[0].full_name or exact[0].email
    said = f"Put {who} into the group." if added else f"{who} is in the group already."
    return _again(visit, said)


def take_out(visit: Visit) -> Response:
    """Take a lead out; the answer has a button that puts it back."""
    lead = visit.ws.leads.get(visit.field("lead"))
    visit.ws.groups.remove(visit.part("id"), [str(lead.id)])
    return _again(visit, None, gone=lead)


def delete(visit: Visit) -> Response:
    """Delete a group; its leads stay."""
    visit.ws.groups.delete(visit.part("id"))
    return visit.done("Deleted the group; its leads are still there.", go="/groups")


def _again(visit: Visit, said: str | None, **more: Any) -> Response:
    html = visit.html("_group.html", **_one(visit, **more))
    return visit.done(said, html=html, into="group")


def _one(visit: Visit, gone: Any = None) -> dict[str, Any]:
    ref = visit.part("id")
    group = next((one for one in visit.ws.groups.list() if ref in (str(one.id), one.name)), None)
    found = visit.ws.groups.members(ref, limit=_PAGE, after=visit.query("after") or None)
    assert group is not None
    campaigns = [one for one in visit.ws.campaigns.list() if one.group == group.name]
    return {
        "group": group,
        "members": found.items,
        "next": found.next,
        "campaigns": campaigns,
        "gone": gone,
        "url": f"/groups/{group.id}",
    }


def _conditions(visit: Visit) -> list[str]:
    """Return the conditions of the form: given ones, and rows of field, sign and value."""
    rows = zip(visit.fields("field"), visit.fields("sign"), visit.fields("value"), strict=False)
    typed = [f"{field}{sign}{value.strip()}" for field, sign, value in rows if field]
    return [*(one for one in visit.fields("f") if one.strip()), *typed]


routes = [
    get("/groups", page, role="viewer"),
    get("/groups/new", new, role="member"),
    post("/groups/count", count, role="member"),
    post("/groups/add", add, role="member"),
    get("/groups/{id}", one, role="viewer"),
    get("/groups/{id}/members", members, role="viewer"),
    post("/groups/{id}/put-in", put_in, role="member"),
    post("/groups/{id}/take-out", take_out, role="member"),
    post("/groups/{id}/delete", delete, role="member"),
]
