"""What stands beside the list: the run at work, how leads grow, where they stand."""

from typing import Final

from starlette.responses import Response

from leadloom.web import charts
from leadloom.web.looks import words
from leadloom.web.route import get
from leadloom.web.visit import Visit

_RUNS: Final = 3


def rail(visit: Visit) -> Response:
    """Show it; it is asked for when the list is there already."""
    runs = [one for one in visit.ws.runs.list(limit=20).items if one.status == "processing"]
    weeks = visit.ws.figures.growth()
    by_status = visit.ws.leads.values("lead_status")
    most = max(by_status.values(), default=1)
    return visit.page(
        "_rail.html",
        runs=runs[:_RUNS],
        weeks=weeks,
        new=weeks[-1].added if weeks else 0,
        line=charts.line([week.total for week in weeks]),
        statuses=[
            (name or "", words(name or "none"), count, round(100 * count / most))
            for name, count in by_status.items()
        ],
    )


routes = [get("/leads/rail", rail, role="viewer")]
