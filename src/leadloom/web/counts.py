"""The figures beside the lines of the side bar, asked for when the page is there already."""

from starlette.responses import Response

from leadloom.web.access import may_visit
from leadloom.web.route import get
from leadloom.web.visit import Visit


def counts(visit: Visit) -> Response:
    """Return how many leads, companies, pairs and drafts to look at, and runs at work there are."""
    ws = visit.ws
    at_work = [one for one in ws.runs.list(limit=20).items if one.status == "processing"]
    return visit.json(
        {
            "leads": ws.leads.count(),
            "companies": ws.companies.count(),
            "duplicates": ws.leads.count_duplicates() + ws.companies.count_duplicates(),
            "runs": len(at_work),
            "drafts": ws.figures.unread(),
        }
    )


def live(visit: Visit) -> Response:
    """Return what happens, as it happens."""
    return visit.site.live.response(lambda: may_visit(visit.site, visit.request))


routes = [get("/counts", counts, role="viewer"), get("/live", live, role="viewer")]
