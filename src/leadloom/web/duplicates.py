"""Duplicates: pairs that may be one person, side by side, and what a person says about them."""

from typing import Any, Final

from starlette.responses import Response

from leadloom.errors import UsageError
from leadloom.resolve.duplicates import Duplicate
from leadloom.web.duplicates_compare import compared
from leadloom.web.lead import last_edit
from leadloom.web.route import get, post
from leadloom.web.visit import Visit
from leadloom.workspace.views import LeadView

# Pairs in the list beside; the rest follows as these are decided.
LISTED: Final = 100
# From how many bits on a reason is drawn at full length.
_MOST_BITS: Final = 12.0
_VERDICTS: Final = {"same": "One person now: {}.", "different": "Two people: {}."}


def page(visit: Visit) -> Response:
    """Show a pair and the list of those that wait."""
    of, at = visit.query("lead") or None, visit.number("at")
    template = "_duplicates.html" if visit.is_by_script else "duplicates.html"
    return visit.page(template, **_known(visit, of, at))


def judge(visit: Visit) -> Response:
    """Take a verdict down, and show the pair that comes next in its place."""
    a, b, verdict = visit.field("a"), visit.field("b"), visit.field("verdict")
    if verdict not in _VERDICTS:
        raise UsageError("Say whether they are the same person or different ones.")
    name = visit.ws.leads.get(a).full_name or "a lead without a name"
    with visit.ws.transaction() as together:
        together.leads.judge(a, b, verdict)
        run = last_edit(together)
    of, at = visit.field("lead") or None, visit.field("at")
    known = _known(visit, of, int(at) if at.isdecimal() and len(at) < 6 else 0)
    html = visit.html("_duplicates.html", **known)
    return visit.done(_VERDICTS[verdict].format(name), undo=[run], html=html, into="duplicates")


def _known(visit: Visit, of: str | None, at: int) -> dict[str, Any]:
    """Return the list of pairs, and all about the one at a position."""
    if of and not _is_there(visit, of):
        of = None
    pairs = visit.ws.leads.duplicates(limit=LISTED, of=of)
    at = min(at, max(len(pairs) - 1, 0))
    known: dict[str, Any] = {"pairs": pairs, "at": at, "of": of, "bits": _MOST_BITS}
    known["total"] = len(pairs) if of else visit.ws.leads.count_duplicates()
    known["is_anybody_there"] = bool(pairs) or bool(visit.ws.leads.window(limit=1))
    return known | (_pair(visit, pairs[at]) if pairs else {"pair": None})


def _is_there(visit: Visit, of: str) -> bool:
    """Whether a lead is one still: it may have been woven into the other of its pair."""
    return bool(visit.ws.leads.window(where=[f"id={of}"], limit=1))


def _pair(visit: Visit, pair: Duplicate) -> dict[str, Any]:
    sides: list[LeadView] = [visit.ws.leads.show(one) for one in (pair.a, pair.b)]
    why = visit.ws.resolution.explain(pair.a, pair.b)
    return {
        "pair": pair,
        "sides": sides,
        "rows": compared(sides[0].fields, sides[1].fields),
        "why": why,
        "reasons": [one for one in why.fields if abs(one.bits) >= 0.05],
    }


routes = [
    get("/duplicates", page, role="viewer"),
    post("/duplicates/judge", judge, role="member"),
]
