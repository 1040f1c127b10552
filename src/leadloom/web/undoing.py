"""Taking back what was done: every toast with Undo comes here."""

from starlette.responses import Response

from leadloom.errors import UsageError
from leadloom.web.route import post
from leadloom.web.visit import Visit

_MOST = 1_000


def undo(visit: Visit) -> Response:
    """Undo runs, in the order given."""
    runs = visit.fields("run")
    if not 0 < len(runs) <= _MOST:
        raise UsageError(f"Name 1 to {_MOST} runs to undo.")
    for run in runs:
        visit.ws.runs.undo(run)
    return visit.done("Taken back.", go="", changed=True)


routes = [post("/undo", undo, role="member")]
