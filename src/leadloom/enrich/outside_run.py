"""A run of enrichment that asks outside: begun, worked on here or by workers, gone on with."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from leadloom.enrich import batches, crew
from leadloom.enrich.enricher import Enriched
from leadloom.enrich.ledger import BUDGET_REACHED
from leadloom.enrich.plan import Plan
from leadloom.enrich.writing import load_spare
from leadloom.jobs.far_writer import Spare
from leadloom.jobs.job import Wish
from leadloom.jobs.jobs import Jobs
from leadloom.jobs.worker import Worker, shared
from leadloom.runs import run as runs
from leadloom.storage.database import Database, Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import runs as run_rows

OpenTx = Callable[[], AbstractContextManager[Tx]]
Pages = Callable[[Tx, int], Sequence[int]]
Progress = Callable[["Standing"], None]

_LOOK_EVERY_S = 0.1
_ALIVE_EVERY_S = 20.0
_JOBS_AT_ONCE = 8
_JOBS = 64  # so many there are at least for workers to share, if there are batches for them
_MOST_OF_A_JOB = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to do. `budget_usd`: it stops before it costs more."""

    plan: Plan
    fields: Sequence[str] = ()
    budget_usd: Decimal | None = None
    concurrency: int | None = None
    refresh: bool = False
    where: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands while it goes on; `providers` counts what came of asking each."""

    status: str
    total: int
    processed: int
    counts: Mapping[str, int]
    providers: Mapping[str, Mapping[str, int]]
    cost_usd: Decimal
    error: str | None


def begin(tx: Tx, wanted: Wanted, pages: Pages) -> runs.Run:
    """Begin a run and write down its leads: whatever happens, it knows what is left."""
    plan = wanted.plan
    options = {
        "where": list(wanted.where),
        "fields": list(wanted.fields),
        "providers": [one.name for one in plan.order],
        "outside": [one.name for one in plan.outside],
        "budget_usd": None if wanted.budget_usd is None else str(wanted.budget_usd),
        "concurrency": wanted.concurrency,
        "refresh": wanted.refresh,
    }
    run = runs.start(tx, "enrich", options=options, agent="enricher")
    total = batches.write(tx, run.id, pages)
    runs.advance(tx, run.id, {}, 0, total=total)
    if not total:
        return runs.finish(tx, run.id, "completed")
    return runs.get_by_key(tx, run.id)


def take_over(tx: Tx, run: runs.Run, budget_usd: Decimal | None) -> runs.Run:
    """Let a run that stopped go on, with another budget if one is given.

    Who had leads under way when it stopped still writes them: so it is looked at anew.
    """
    taken = runs.take_over(tx, runs.get_by_key(tx, run.id))
    if budget_usd is not None:
        options = {**taken.options, "budget_usd": str(budget_usd)}
        tx.conn.execute(
            run_rows.update().where(run_rows.c.id == run.id).values(options=options, **tx.touch())
        )
    if not batches.is_anything_left(tx, run.id):
        return runs.finish(tx, run.id, "completed")
    return runs.get_by_key(tx, run.id)


def hand_over(db: Database, open_tx: OpenTx, run: runs.Run) -> int:
    """Leave a run to the workers, whichever come; return how many jobs that makes."""
    with open_tx() as tx:
        wishes = _wishes(tx, run)
        gone = run_rows.update().where(run_rows.c.id == run.id)
        tx.conn.execute(gone.values(worker=None))  # this process is not who works on it
    with Jobs(db) as jobs:
        for job_id, wish in wishes:
            jobs.send(wish, job_id)
    return len(wishes)


def work_off(db: Database, open_tx: OpenTx, run: runs.Run, on_progress: Progress) -> Enriched:
    """Work on a run in this process until it is over; Ctrl-C stops it, and it can go on later."""
    if run.status == "processing":
        with open_tx() as tx:
            wishes, who = _wishes(tx, run), (tx.workspace_id, tx.user_id)
        with _spare(run) as spare, shared(db) as worker:
            if spare:
                worker.work.shared[crew.spare_name(run.id)] = spare

            def look() -> Standing:
                with worker.work.read(*who) as tx:
                    now = standing(tx, run.id)
                on_progress(now)
                return now

            _drive(worker, open_tx, run, wishes, look)
    with open_tx() as tx:
        return done_of(tx, run.id)


@contextmanager
def _spare(run: runs.Run) -> Iterator[Spare | None]:
    """A process that can write for a run, where that pays; it loads while the engine does."""
    spare = None
    if crew.pays_to_move(run.total or 0):
        with suppress(OSError):
            spare = load_spare()
    try:
        yield spare
    finally:
        if spare:
            spare.close()


def done_of(tx: Tx, run_id: int) -> Enriched:
    """Return what a run has come to."""
    run = runs.get_by_key(tx, run_id)
    tallies = tx.conn.scalar(sa.select(run_rows.c.tallies).where(run_rows.c.id == run_id)) or {}
    return Enriched(
        run,
        Counter(run.counts),
        Counter(tallies.get("fields", {})),
        Decimal(run.actual_cost_usd),
        tallies.get("providers", {}),
    )


def standing(tx: Tx, run_id: int) -> Standing:
    """Return how a run stands."""
    row = tx.conn.execute(sa.select(run_rows).where(run_rows.c.id == run_id)).one()
    status = row.status
    if status == "processing" and row.cancel_requested_at:
        status = "cancelled"
    providers = (row.tallies or {}).get("providers", {})
    return Standing(
        status,
        row.total or 0,
        row.processed,
        row.counts,
        providers,
        Decimal(row.actual_cost_usd),
        row.error,
    )


def _wishes(tx: Tx, run: runs.Run) -> list[tuple[str, Wish]]:
    """Return jobs for the batches that are left; each time they are sent they are new jobs.

    Starting a job takes as long as a batch whose answers are known, so it has some of them.
    """
    left = batches.undone(tx, run.id)
    for batch in left:
        batch.sends += 1
    batches.save(tx, left)
    data = {"workspace": tx.workspace_id, "user": tx.user_id, "run": run.id}
    size = min(max(len(left) // _JOBS, 1), _MOST_OF_A_JOB)
    return [
        (
            f"{crew.JOB}-{run.uuid}-{some[0].id}-{some[0].sends}",
            Wish(crew.JOB, {**data, "batches": [one.id for one in some]}),
        )
        for some in chunks(left, size)
    ]


def _drive(
    worker: Worker,
    open_tx: OpenTx,
    run: runs.Run,
    wishes: Sequence[tuple[str, Wish]],
    look: Callable[[], Standing],
) -> None:
    """Do the jobs, some at once, until all are done or the run is to stop."""
    waiting = list(reversed(wishes))
    under_way: set[Future[Any]] = set()
    failed: list[BaseException] = []
    alive, looks_at = time.monotonic(), 0.0
    try:
        while waiting or under_way:
            if time.monotonic() >= looks_at:
                looks_at = time.monotonic() + _LOOK_EVERY_S
                if look().status != "processing":
                    waiting.clear()
            while waiting and len(under_way) < _JOBS_AT_ONCE:
                job_id, wish = waiting.pop()
                under_way.add(worker.do(wish, job_id))
            ended = {one for one in under_way if one.done()}
            under_way -= ended
            failed += [error for one in ended if (error := one.exception())]
            if failed:
                waiting.clear()
            if time.monotonic() - alive > _ALIVE_EVERY_S:
                alive = time.monotonic()
                with open_tx() as tx:
                    runs.give_sign(tx, run.id)
            wait(under_way, _LOOK_EVERY_S, FIRST_COMPLETED)
    except KeyboardInterrupt:
        _stop(open_tx, run, under_way)
        raise
    _close(open_tx, run, failed)
    look()


def _stop(open_tx: OpenTx, run: runs.Run, under_way: set[Future[Any]]) -> None:
    """Ask nothing more, wait for the answers that are on their way, and write them."""
    with open_tx() as tx:
        found = runs.get_by_key(tx, run.id)
        if found.status == "processing":
            runs.request_cancel(tx, found)
    for one in under_way:
        one.exception()
    _close(open_tx, run, [])


def _close(open_tx: OpenTx, run: runs.Run, failed: Sequence[BaseException]) -> None:
    """Give a run that is not complete the status it stopped with."""
    with open_tx() as tx:
        now = runs.get_by_key(tx, run.id)
        if now.status != "processing":
            return
        if now.cancel_requested_at:
            runs.finish(tx, run.id, "cancelled")
        elif failed:
            runs.finish(tx, run.id, "failed", error=str(failed[0])[:500])


def is_resumable(run: runs.Run) -> bool:
    """Whether a run of enrichment knows what is left of it."""
    return run.kind == "enrich" and "outside" in run.options


__all__ = [
    "BUDGET_REACHED",
    "Standing",
    "Wanted",
    "begin",
    "done_of",
    "hand_over",
    "is_resumable",
    "take_over",
    "work_off",
]
