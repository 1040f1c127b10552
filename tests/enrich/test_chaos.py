"""Workers killed at random while a provider delays, fails, lies and breaks off: the books hold.

It takes as long as you let it: `LEADLOOM_CHAOS_S=60 make chaos`.
"""

import os
import random
import signal
import time
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from books import check_books, ledger
from fake import Server
from test_outside_run import CENT, command

from leadloom.enrich import outside_run
from leadloom.runs import run as runs
from leadloom.storage.database import Database
from leadloom.storage.tables import provider_states
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

SECONDS = float(os.environ.get("LEADLOOM_CHAOS_S", "0"))
# How the provider treats whom: well, with nothing, with a refusal first, with rubbish.
KINDS = ("ada", "bob", "cleo", "nobody", "busy", "shaky", "broken")
AT_ONCE = 8
# What a provider is billed for perhaps although nothing came of it.
HANGING = ("the answer is no JSON", "it took too long to answer", "the call broke off")


@pytest.mark.skipif(not SECONDS, reason="LEADLOOM_CHAOS_S says for how many seconds")
def test_nothing_is_lost_doubled_or_overspent(
    postgres_db: Database, server: Server, fill: Any
) -> None:
    dice = random.Random(int(os.environ.get("LEADLOOM_CHAOS_SEED", "7")))
    ws = Workspace(session=Session(postgres_db))
    size = int(SECONDS * 60)
    fill(ws, *[f"{dice.choice(KINDS)}.{n}@firm{n}.com" for n in range(size)])
    server.delay_s = 0.03
    budget = size // 4 * CENT
    ws.enrich(providers=["paid"], budget_usd=budget, concurrency=AT_ONCE, background=True)
    workers = [_worker(ws) for _ in range(2)]
    kills, end = 0, time.monotonic() + SECONDS
    try:
        while time.monotonic() < end:
            time.sleep(dice.uniform(0.5, 3))
            server.failing = dice.random() < 0.1
            server.delay_s = dice.choice((0.01, 0.03, 0.2))
            victim = dice.randrange(2)
            workers[victim].send_signal(signal.SIGKILL)
            workers[victim].wait()
            workers[victim], kills = _worker(ws), kills + 1
            _wake(ws)
            run = ws.runs.get("last:enrich")
            assert run.actual_cost_usd <= budget
            if run.status == "budget reached":
                budget += size // 4 * CENT
                _go_on(ws, budget)
    finally:
        server.failing, server.delay_s = False, 0.0
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(60)
    _finish(ws)
    run = ws.runs.get("last:enrich")
    assert (run.status, run.processed, run.total) == ("completed", size, size)
    assert sum(run.counts.values()) == size
    check_books(ws.db, budget_micro=int(Decimal(size) * 20_000))
    rows = ledger(ws.db)
    told = Counter(row.status for row in rows)
    # Whatever was under way at a kill may be billed, and so may what the provider left hanging.
    why = Counter(row.error for row in rows if row.status == "lost")
    cut_short = sum(count for error, count in why.items() if "cut short" in error)
    assert cut_short <= (kills + 2) * AT_ONCE, (kills, why)
    assert all(error.startswith(("whoever asked", *HANGING)) for error in why), why
    assert run.actual_cost_usd == (told["found"] + told["lost"]) * CENT
    answered = [row.digest for row in rows if row.status in ("found", "nothing")]
    assert len(answered) == len(set(answered))
    assert ws.verify().differences == []


def _go_on(ws: Workspace, budget: Decimal) -> None:
    """Let the workers go on, with more money."""
    with ws._session.write() as tx:
        run = outside_run.take_over(tx, runs.get_run(tx, "last:enrich"), budget)
    if run.status == "processing":
        outside_run.hand_over(ws.db, ws._session.write, run)


def _wake(ws: Workspace) -> None:
    """A provider that failed too often rests for longer than this lasts: there is more to see."""
    with ws.db.write() as conn:
        conn.execute(provider_states.delete())


def _worker(ws: Workspace) -> Any:
    return command(ws.db, "worker", "--slots", "2")


def _finish(ws: Workspace) -> None:
    """Go on until all is done; what a dead worker was at is known to be free after a while."""
    worker = _worker(ws)
    try:
        for _ in range(300):
            status = ws.runs.get("last:enrich").status
            if status == "completed":
                return
            if status == "budget reached":
                ws.runs.resume("last:enrich", budget_usd=Decimal(1_000))
            time.sleep(1)
    finally:
        worker.terminate()
        worker.wait(60)
    raise AssertionError("the run does not end")
