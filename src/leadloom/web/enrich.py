"""Finding what is missing: of whom, what, whom to ask, what it would cost, and begin."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from starlette.responses import Response

from leadloom.errors import LeadloomError, UsageError
from leadloom.web import columns
from leadloom.web.background import go_on
from leadloom.web.enrich_money import read_usd, usd
from leadloom.web.imports_fields import label
from leadloom.web.listing import Listing, listing_of, read
from leadloom.web.route import get, post
from leadloom.web.runs_look import look
from leadloom.web.visit import Visit
from leadloom.workspace.bulk import Chosen
from leadloom.workspace.enrichment import ProviderState
from leadloom.workspace.reports import EnrichReport

FILTERS: Final = ("lead_status", "country", "seniority", "enrichment_status")
# Leads that an estimate looks at; for more it is scaled.
SAMPLE: Final = 300
_RECENT: Final = 4
_BEGINS_WITHIN_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.1
_BY_NAME: Final = "ready when named"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is wanted. `providers`: these only; none is whoever is usually asked."""

    listing: Listing
    fields: list[str]
    providers: list[str]
    budget_usd: Decimal | None
    refresh: bool

    @property
    def options(self) -> dict[str, Any]:
        """Return what the verb calls it, less whose gaps are filled."""
        return {"fields": self.fields, "providers": self.providers, "refresh": self.refresh}


def page(visit: Visit) -> Response:
    """Show what can be chosen, or for a script only of whom; the estimate is loaded after it."""
    listing = _listing(visit)
    whose: dict[str, Any] = {
        "listing": listing,
        "filters": FILTERS,
        "count": visit.ws.leads.count(listing.text, **listing.options),
        "label": label,
    }
    if visit.is_by_script:
        return visit.page("_enrich_whose.html", **whose)
    states = visit.ws.enrichment.providers()
    return visit.page(
        "enrich.html",
        **whose,
        is_anybody_there=bool(visit.ws.leads.window(limit=1)),
        states=states,
        can_be_found=_by_field(states, are_on=True),
        cannot_be_found=_by_field(states, are_on=False),
        is_usual=_is_usual,
        usd=usd,
        **_recent(visit),
    )


def fields(visit: Visit) -> Response:
    """Show the fields that leads can be chosen by."""
    return visit.page("_filter_fields.html", listing=_listing(visit), into="whose")


def values(visit: Visit) -> Response:
    """Show the values of a field that leads can be chosen by."""
    listing, field = _listing(visit), visit.part("field")
    found = visit.ws.leads.values(field, where=listing.beside(field))
    return visit.page("_filter.html", listing=listing, field=field, found=found, into="whose")


def recent(visit: Visit) -> Response:
    """Show the last enrichments, and what they cost."""
    return visit.page("_enrich_recent.html", usd=usd, **_recent(visit))


def estimate(visit: Visit) -> Response:
    """Say what it would find and cost: tried out with some leads, and taken back."""
    ask = _asked(visit)
    listing = ask.listing
    total = visit.ws.leads.count(listing.text, **listing.options)
    some = visit.ws.leads.window(listing.text, limit=SAMPLE, **listing.options)
    report: EnrichReport | None = None
    if some:
        keys = [lead.key for lead in some]
        report = visit.ws.enrich(lead_keys=keys, dry_run=True, **ask.options)
    html = visit.html(
        "_enrich_estimate.html",
        report=report,
        total=total,
        looked_at=len(some),
        scale=total / len(some) if some else 0,
        budget=ask.budget_usd,
        label=label,
        usd=usd,
    )
    return visit.done(html=html, into="estimate")


def run(visit: Visit) -> Response:
    """Begin; the run's page shows how far it has come and what it costs."""
    ask = _asked(visit)
    listing = ask.listing
    if not visit.ws.leads.window(listing.text, limit=1, **listing.options):
        raise UsageError("Nobody answers to these conditions: take one away.")
    options = {**ask.options, "budget_usd": ask.budget_usd}
    if listing.text:
        chosen = Chosen(text=listing.text, where=listing.where, deleted=listing.is_deleted)
        options["lead_keys"] = visit.ws.bulk.keys(chosen)
    begun = _begin(visit, listing.where, options)
    return visit.done(go=f"/runs/{begun}" if begun else "/runs")


def _begin(visit: Visit, where: Sequence[str], options: dict[str, Any]) -> str | None:
    """Start in a thread; return the id of the run as soon as there is one. Raises what failed."""
    before = set(_newest(visit))
    over = threading.Event()
    failed: list[LeadloomError] = []

    def work() -> None:
        try:
            visit.ws.enrich(where, **options)
        except LeadloomError as error:
            failed.append(error)
            raise
        finally:
            over.set()

    go_on(visit, work)
    until = time.monotonic() + _BEGINS_WITHIN_S
    while time.monotonic() < until:
        if new := [one for one in _newest(visit) if one not in before]:
            return new[0]
        if over.wait(_LOOK_EVERY_S) and failed:
            raise failed[0]
    return None


def _newest(visit: Visit) -> list[str]:
    return [str(one.id) for one in visit.ws.runs.list(limit=5, kind="enrich").items]


def _asked(visit: Visit) -> Ask:
    """Read the form. Raises UsageError for what nobody has."""
    states = {one.name: one for one in visit.ws.enrichment.providers()}
    named = [name for name in visit.fields("provider") if name in states]
    if visit.field("providers_shown") and not named:
        raise UsageError("Choose at least one provider to ask.")
    usual = [name for name, one in states.items() if _is_usual(one)]
    return Ask(
        read(visit.fields, "/enrich", columns.LEADS, columns.SHOWN_LEADS),
        visit.fields("find"),
        [] if set(named) == set(usual) else named,
        read_usd(visit.field("budget")),
        visit.field("refresh") == "1",
    )


def _is_usual(state: ProviderState) -> bool:
    """Whether a provider is asked when nobody says whom to ask."""
    return state.is_on and state.status != _BY_NAME


def _by_field(states: Sequence[ProviderState], *, are_on: bool) -> dict[str, list[ProviderState]]:
    """Return whom to ask for each field, in their order: the waterfall.

    Of the fields that somebody who can be asked finds, or of the others.
    """
    names = dict.fromkeys(field for one in states for field in one.fields)
    found = {name: [one for one in states if name in one.fields] for name in names}
    return {name: by for name, by in found.items() if any(one.is_on for one in by) is are_on}


def _listing(visit: Visit) -> Listing:
    return listing_of(visit, "/enrich", columns.LEADS, columns.SHOWN_LEADS)


def _recent(visit: Visit) -> dict[str, Any]:
    now = visit.ws.db.now()
    found = visit.ws.runs.list(limit=_RECENT, kind="enrich").items
    return {"looks": [look(one, now) for one in found]}


routes = [
    get("/enrich", page, role="viewer"),
    get("/enrich/recent", recent, role="viewer"),
    get("/enrich/filter", fields, role="viewer"),
    get("/enrich/filter/{field}", values, role="viewer"),
    post("/enrich/estimate", estimate, role="member"),
    post("/enrich/run", run, role="member"),
]
