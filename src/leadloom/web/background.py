"""Work that outlives the request that began it; its run tells how far it has come."""

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Final

from leadloom.errors import LeadloomError
from leadloom.web.visit import Visit
from leadloom.workspace import Workspace

# As long as a server that ends waits for what is under way.
_PATIENCE_S: Final = 10.0
_under_way: "dict[threading.Thread, Workspace]" = {}


def go_on(visit: Visit, work: Callable[[], object]) -> None:
    """Do something in a thread. What goes wrong is written in its run, else kept by `explain`."""
    _start(visit.ws, visit.site.options.explain, work)


def go_on_again(ws: Workspace, explain: Callable[[Exception], str]) -> None:
    """Go on with what only the end of the server before this one stopped."""
    runs = ws.bulk.stopped()

    def work() -> None:
        for run in runs:
            with contextlib.suppress(LeadloomError):
                ws.runs.resume(str(run.id))

    if runs:
        _start(ws, explain, work)


def _start(ws: Workspace, explain: Callable[[Exception], str], work: Callable[[], object]) -> None:
    def safely() -> None:
        with contextlib.suppress(LeadloomError):
            try:
                work()
            except LeadloomError:
                raise
            except Exception as error:
                explain(error)
            finally:
                _under_way.pop(threading.current_thread(), None)

    thread = threading.Thread(target=safely, daemon=True, name="leadloom-work")
    _under_way[thread] = ws
    thread.start()


def stop() -> None:
    """Ask what is under way to stop, and wait for it a little: it can go on later."""
    threads = list(_under_way)
    for ws in list(_under_way.values()):
        with contextlib.suppress(LeadloomError):
            ws.runs.halt()
    until = time.monotonic() + _PATIENCE_S
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
