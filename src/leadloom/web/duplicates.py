"""Duplicates: pairs that may be one, side by side, and what a person says about them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from leadloom.errors import UsageError
from leadloom.resolve.duplicates import Duplicate
from leadloom.web.duplicates_compare import compared
from leadloom.web.lead import last_edit
from leadloom.web.route import get, post
from leadloom.web.visit import Visit
from leadloom.workspace.resolution import ReasonView
from leadloom.workspace.views import LeadView

# Pairs in the list beside; the rest follows as these are decided.
LISTED: Final = 100
# From how many bits on a reason is drawn at full length.
_LEAST_BITS: Final = 0.05
_MOST_BITS: Final = 12.0
# What is compared, where its own name says too little.
_NAMES: Final = {"given": "Given name", "region": "State", "zip": "Postal code"}
# How a stored reason gives a field, its level and its bits.
_REASON: Final = re.compile(r"(.+): (.+) \(([+-]?[\d.]+)\)")


@dataclass(frozen=True, slots=True)
class Whose:
    """Pairs of leads or of companies: what differs between the two.

    `name`: the verbs of the workspace and the path of one; `path`: of the page; `other`: of the
    other's page; `noun`, `one`: what one of them is; `face`: the kind of its picture; `pair`: shows
    one pair.
    """

    name: str
    path: str
    other: str
    noun: str
    one: str
    face: str
    verdicts: dict[str, str]
    pair: Callable[[Visit, Duplicate], dict[str, Any]]

    def verbs(self, ws: Any) -> Any:
        """Return the verbs of a workspace on them."""
        return getattr(ws, self.name)


def page(visit: Visit, whose: Whose) -> Response:
    """Show a pair and the list of those that wait."""
    of, at = visit.query("lead") or None, visit.number("at")
    template = "_duplicates.html" if visit.is_by_script else "duplicates.html"
    return visit.page(template, **_known(visit, whose, of, at), last=None)


def judge(visit: Visit, whose: Whose) -> Response:
    """Take a verdict down, and show the pair that comes next in its place."""
    a, b, verdict = visit.field("a"), visit.field("b"), visit.field("verdict")
    if verdict not in whose.verdicts:
        raise UsageError(f"Say whether they are the same {whose.one} or different ones.")
    name = _name_of(whose.verbs(visit.ws).get(a)) or f"a {whose.noun} without a name"
    with visit.ws.transaction() as together:
        whose.verbs(together).judge(a, b, verdict)
        run = last_edit(together)
    of, at = visit.field("lead") or None, visit.field("at")
    known = _known(visit, whose, of, int(at) if at.isdecimal() and len(at) < 6 else 0)
    html = visit.html("_duplicates.html", **known, last=run)
    said = whose.verdicts[verdict].format(name)
    return visit.done(said, undo=[run], html=html, into="duplicates")


def _known(visit: Visit, whose: Whose, of: str | None, at: int) -> dict[str, Any]:
    """Return the list of pairs, and all about the one at a position."""
    verbs = whose.verbs(visit.ws)
    if of and not _is_there(verbs, of):
        of = None
    pairs = verbs.duplicates(limit=LISTED, of=of)
    at = min(at, max(len(pairs) - 1, 0))
    known: dict[str, Any] = {"pairs": pairs, "at": at, "of": of, "bits": _MOST_BITS}
    known["whose"], known["others"] = whose, _OTHERS[whose.name](visit)
    known["total"] = len(pairs) if of else verbs.count_duplicates()
    known["is_anybody_there"] = bool(pairs) or bool(verbs.window(limit=1))
    return known | (whose.pair(visit, pairs[at]) if pairs else {"pair": None})


def _is_there(verbs: Any, of: str) -> bool:
    """Whether a lead is one still: it may have been woven into the other of its pair."""
    return bool(verbs.window(where=[f"id={of}"], limit=1))


def _name_of(one: Any) -> str:
    names = (getattr(one, name, None) for name in ("full_name", "email", "name", "domain"))
    return next((str(name) for name in names if name), "")


def _people(visit: Visit, pair: Duplicate) -> dict[str, Any]:
    sides: list[LeadView] = [visit.ws.leads.show(one) for one in (pair.a, pair.b)]
    why = visit.ws.resolution.explain(pair.a, pair.b)
    one, _, two = why.story.partition(" against ")
    return {
        "pair": pair,
        "sides": [(side.lead.id, _name_of(side.lead)) for side in sides],
        "rows": compared(sides[0].fields, sides[1].fields),
        "why": why,
        "stories": {True: one, False: two},
        "names": _NAMES,
        "reasons": _telling(why.fields),
    }


def _firms(visit: Visit, pair: Duplicate) -> dict[str, Any]:
    """Show two companies; why they may be one was written down when they were compared."""
    sides = [visit.ws.companies.show(one) for one in (pair.a, pair.b)]
    told = [found for one in pair.reasons[1:] if (found := _REASON.fullmatch(one))]
    return {
        "pair": pair,
        "sides": [(side.company.id, _name_of(side.company)) for side in sides],
        "rows": compared(sides[0].fields, sides[1].fields),
        "why": {"reason": pair.reasons[0] if pair.reasons else "", "story": ""},
        "stories": {True: "", False: ""},
        "names": _NAMES,
        "reasons": _telling([ReasonView(one[1], one[2], float(one[3])) for one in told]),
    }


def _telling(reasons: Sequence[ReasonView]) -> list[ReasonView]:
    """Leave out what speaks neither for it nor against."""
    return [one for one in reasons if abs(one.bits) >= _LEAST_BITS]


PEOPLE: Final = Whose(
    "leads",
    "/duplicates",
    "/duplicates/companies",
    "lead",
    "person",
    "",
    {"same": "One person now: {}.", "different": "Two people: {}."},
    _people,
)
FIRMS: Final = Whose(
    "companies",
    "/duplicates/companies",
    "/duplicates",
    "company",
    "company",
    "firm",
    {"same": "One company now: {}.", "different": "Two companies: {}."},
    _firms,
)
# How many pairs the other page has.
_OTHERS: Final[dict[str, Callable[[Visit], int]]] = {
    PEOPLE.name: lambda visit: visit.ws.companies.count_duplicates(),
    FIRMS.name: lambda visit: visit.ws.leads.count_duplicates(),
}


routes = [
    get(PEOPLE.path, partial(page, whose=PEOPLE), role="viewer"),
    post(f"{PEOPLE.path}/judge", partial(judge, whose=PEOPLE), role="member"),
    get(FIRMS.path, partial(page, whose=FIRMS), role="viewer"),
    post(f"{FIRMS.path}/judge", partial(judge, whose=FIRMS), role="member"),
]
