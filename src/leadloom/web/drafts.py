"""Drafts, one after the other: read, accept, edit, skip, all by keyboard, and take it back."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from starlette.responses import Response

from leadloom.errors import UsageError
from leadloom.exports.drafts import explained
from leadloom.outreach.messages import STANDINGS, Message, Standing
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

_QUEUE: Final = 25
_MOST_BACK: Final = 50


def page(visit: Visit) -> Response:
    """Show the drafts that stand somewhere, and the one at hand."""
    return visit.page("drafts.html", **_desk(visit))


def desk(visit: Visit) -> Response:
    """Show the same without the page around it."""
    return visit.page("_desk.html", **_desk(visit))


def accept(visit: Visit) -> Response:
    """Let a draft go out as it is."""
    message = visit.ws.drafts.accept(visit.part("id"))
    return _next(visit, message, f"Accepted the letter to {_name(message)}.")


def skip(visit: Visit) -> Response:
    """Keep a draft from going out."""
    message = visit.ws.drafts.skip(visit.part("id"))
    return _next(visit, message, f"Skipped the letter to {_name(message)}.")


def edit(visit: Visit) -> Response:
    """Give a draft another text; it stays at hand."""
    message = visit.ws.drafts.edit(visit.part("id"), visit.field("subject"), visit.field("body"))
    back = [str(message.id), *_back(visit)]
    return _answer(visit, "Saved your text.", message, back)


def take_back(visit: Visit) -> Response:
    """Take the last decision or edit back, and put that draft at hand again."""
    message = visit.ws.drafts.take_back(visit.part("id"))
    back = _back(visit)
    return _answer(visit, f"Taken back: the letter to {_name(message)}.", message, back[1:])


def export(visit: Visit) -> Response:
    """Hand over the drafts of a campaign as a CSV file for a mail merge."""
    campaign = visit.field("campaign")
    if not campaign:
        raise UsageError("Choose a campaign: a file holds the drafts of one.")
    only_accepted = visit.field("only") == "accepted"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "drafts.csv"
        written = visit.ws.campaigns.export(campaign, path, only_accepted=only_accepted)
        if not written.rows:
            raise UsageError(
                f"The campaign {campaign} has no drafts to export: generate them, or accept some."
            )
        content = path.read_bytes()
    name = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in campaign)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(content, 200, headers, "text/csv; charset=utf-8")


def _next(visit: Visit, message: Message, said: str) -> Response:
    """Put the draft after a decided one at hand."""
    back = [str(message.id), *_back(visit)]
    return _answer(visit, said, None, back, after=str(message.key))


def _answer(
    visit: Visit,
    said: str,
    message: Message | None,
    back: list[str],
    after: str | None = None,
) -> Response:
    known = _desk(visit, message=message, back=back[:_MOST_BACK], after=after)
    return visit.done(said, html=visit.html("_desk.html", **known), into="desk")


def _desk(
    visit: Visit,
    *,
    message: Message | None = None,
    back: list[str] | None = None,
    after: str | None = None,
) -> dict[str, Any]:
    """Return what stands on the desk. `after`: the queue goes on behind this message."""
    asked = visit.field("standing") or visit.query("standing")
    standing: Standing = next((one for one in STANDINGS if one == asked), "waiting")
    campaign = visit.field("campaign") or visit.query("campaign")
    list_ = visit.ws.drafts.list
    queue = list_(standing, campaign=campaign or None, limit=_QUEUE, after=after).items
    if not queue and after is not None:
        queue = list_(standing, campaign=campaign or None, limit=_QUEUE).items
    if message is None and (at := visit.query("at")):
        message = visit.ws.drafts.get(at)
    if message is not None:
        around = str(max(0, message.key - 1))
        queue = list_(standing, campaign=campaign or None, limit=_QUEUE, after=around).items
    at_hand = message or (queue[0] if queue else None)
    return {
        "standing": standing,
        "standings": STANDINGS,
        "campaign": campaign,
        "campaigns": visit.ws.campaigns.list(),
        "counts": visit.ws.drafts.counts(campaign or None),
        "queue": queue,
        "draft": at_hand,
        "following": _after(queue, at_hand),
        "back": back or [],
        "explained": explained,
    }


def _after(queue: list[Message] | Any, at_hand: Message | None) -> Message | None:
    """Return the message after the one at hand."""
    if at_hand is None:
        return None
    return next((one for one in queue if one.key > at_hand.key), None)


def _back(visit: Visit) -> list[str]:
    return [one for one in visit.field("back").split(",") if one]


def _name(message: Message) -> str:
    return message.lead_name or message.email or "somebody"


routes = [
    get("/drafts", page, role="viewer"),
    get("/drafts/desk", desk, role="viewer"),
    post("/drafts/export", export, role="member"),
    post("/drafts/{id}/accept", accept, role="member"),
    post("/drafts/{id}/skip", skip, role="member"),
    post("/drafts/{id}/edit", edit, role="member"),
    post("/drafts/{id}/take-back", take_back, role="member"),
]
