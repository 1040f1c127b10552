"""The dashboard: figures that answer a question each, and lead to the rows behind them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from leadloom.analytics.growth import WEEK, Week
from leadloom.leads.conditions import write_condition
from leadloom.web import charts
from leadloom.web.looks import words
from leadloom.web.route import get
from leadloom.web.visit import Visit

_MOST_BARS: Final = 8
_FEWEST_WEEKS: Final = 5


def first(visit: Visit) -> Response:
    """Go to the dashboard."""
    return visit.go("/home")


def page(visit: Visit) -> Response:
    """Show the frame; its parts come when they are counted."""
    return visit.page("home.html")


def leads(visit: Visit) -> Response:
    """Show how many leads there are, where they stand, where they are from, how they grow."""
    stats = visit.ws.stats()
    weeks = since_the_first(visit.ws.figures.growth())
    links = [leads_with(f"created_at>={w.first}", f"created_at<{w.first + WEEK}") for w in weeks]
    return visit.page(
        "_home_leads.html",
        stats=stats,
        unread=visit.ws.figures.unread(),
        weeks=list(zip(weeks, links, strict=True)),
        growth=charts.line([week.total for week in weeks]),
        statuses=bars(stats["leads_by_lead_status"], "lead_status"),
        sources=bars(stats["leads_by_source"], "source"),
        countries=bars(stats["leads_by_country"], "country"),
    )


def work(visit: Visit) -> Response:
    """Show what calls outside cost and find, and how long runs take."""
    spent = visit.ws.figures.spending()
    series = {name: [float(one) for one in costs] for name, costs in spent.by_provider.items()}
    return visit.page(
        "_home_work.html",
        spent=spent,
        columns=charts.columns(series, float(spent.limit_usd)),
        success=visit.ws.figures.success(),
        times=visit.ws.figures.run_times(),
        duration=charts.duration,
        dollars=charts.dollars,
    )


def outreach(visit: Visit) -> Response:
    """Show how soon people are written to, and what templates come to."""
    return visit.page(
        "_home_outreach.html",
        waits=visit.ws.figures.waits(),
        templates=visit.ws.figures.templates(),
        stats=visit.ws.stats()["messages_by_status"],
        duration=charts.duration,
    )


def since_the_first(weeks: Sequence[Week]) -> Sequence[Week]:
    """Return the weeks from the first lead on, and a few before it."""
    empty = sum(1 for week in weeks if not week.total)
    return weeks[min(max(0, empty - 1), len(weeks) - _FEWEST_WEEKS) :]


def bars(counts: Mapping[str, int], field: str) -> list[dict[str, Any]]:
    """Return the largest counts as bars that lead to their leads; widths are percents."""
    most = max(counts.values(), default=1)
    return [
        {
            "name": words(name) if field == "lead_status" else name,
            "count": count,
            "width": round(100 * count / most, 2),
            "url": leads_with(
                write_condition(field, "=", ["" if name in ("unknown", "None") else name])
            ),
        }
        for name, count in list(counts.items())[:_MOST_BARS]
    ]


def leads_with(*conditions: str) -> str:
    """Return the address of the leads that meet conditions."""
    return f"/leads?{urlencode([('f', one) for one in conditions])}"


routes = [
    get("/", first, role="viewer"),
    get("/home", page, role="viewer"),
    get("/home/leads", leads, role="viewer"),
    get("/home/work", work, role="viewer"),
    get("/home/outreach", outreach, role="viewer"),
]
