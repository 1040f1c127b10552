"""A run of many leads is written by a process of its own; the books are the same as without."""

import os
import signal
import threading
import time
from decimal import Decimal
from typing import Any

import psutil
import pytest
from books import check_books, ledger
from fake import Server

from leadloom.enrich import crew
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

CENT = Decimal("0.01")


@pytest.fixture
def ws(lite: Database) -> Workspace:
    return Workspace(session=Session(lite))


def addresses(count: int) -> list[str]:
    return [f"ada.{n}@firm{n}.com" for n in range(count)]


def _writers() -> list[psutil.Process]:
    mine = psutil.Process(os.getpid()).children(recursive=True)
    return [one for one in mine if "leadloom.enrich.writing_process" in _command_of(one)]


def _command_of(process: psutil.Process) -> list[str]:
    """Return how a process was called; nothing of one that has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_a_process_writes_and_ends_with_the_run(
    ws: Workspace, server: Server, fill: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process takes a second or two to start: the run has to last longer."""
    monkeypatch.setattr(crew, "FAR_FROM", 2)
    server.delay_s = 0.2
    fill(ws, *addresses(90), "nobody.1@x.com", "busy.1@y.com")
    seen: list[int] = []
    report = ws.enrich(
        providers=["paid"],
        concurrency=3,
        on_standing=lambda _: seen.append(len(_writers())),
    )
    assert max(seen) == 1
    assert _writers() == []
    assert (report.run.status, report.run.processed) == ("completed", 92)
    assert report.cost == 91 * CENT
    assert len(ledger(ws.db, status="found")) == 91
    check_books(ws.db)
    assert ws.enrich(providers=["paid"]).cost == 0


def test_a_run_whose_writer_dies_goes_on(
    ws: Workspace, server: Server, fill: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 7, for the process that writes: whoever asks takes up what it left."""
    monkeypatch.setattr(crew, "FAR_FROM", 2)
    server.delay_s = 0.2
    fill(ws, *addresses(90))

    def kill() -> None:
        while not (found := _writers()):
            time.sleep(0.05)
        time.sleep(1.5)
        found[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    report = ws.enrich(providers=["paid"], concurrency=3)
    killer.join()
    if report.run.status != "completed":
        report = ws.runs.resume("last:enrich")
    assert (report.run.status, report.run.processed) == ("completed", 90)
    lost = len(ledger(ws.db, status="lost"))
    assert lost <= 6
    assert report.cost == (90 + lost) * CENT
    check_books(ws.db)
