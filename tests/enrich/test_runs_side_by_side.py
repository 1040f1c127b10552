"""Several runs that ask outside, worked on in one process at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from fake import Server

from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


def test_runs_share_the_worker_of_their_process(
    lite: Database, server: Server, fill: Callable[..., None]
) -> None:
    ws = Workspace(session=Session(lite))
    fill(ws, *(f"ada.{n}@firm{n}.com" for n in range(6)))
    server.delay_s = 0.1
    with ThreadPoolExecutor(3) as threads:
        begun = [threads.submit(ws.enrich, providers=[name]) for name in ("paid", "firm", "paid")]
        reports = [one.result(60) for one in begun]
    assert [one.run.status for one in reports] == ["completed"] * 3
    assert len({one.run.uuid for one in reports}) == 3
    assert ws.enrich(providers=["paid"]).run.status == "completed"
    assert ws.verify().differences == []
