"""Undoing a run: its records are withdrawn, and what hangs together with them is decided again."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from leadloom.errors import ConflictError
from leadloom.events.event import record
from leadloom.resolve.closure import close_companies, close_leads
from leadloom.resolve.deletion import deleted_in, recount
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.firm_doubts import withdraw_offer
from leadloom.resolve.judgement import found_in, spoken_of, take_back, take_back_joins
from leadloom.resolve.parting import rejoin
from leadloom.resolve.replay import (
    Undone,
    decide_again,
    decide_companies_again,
    what_was_asked,
    withdraw,
)
from leadloom.resolve.resolver import grouped_in, ungroup
from leadloom.resolve.versions import retire
from leadloom.runs import run as runs
from leadloom.runs.run import RESOLVE
from leadloom.storage.database import Tx
from leadloom.storage.tables import records
from leadloom.storage.tables import runs as runs_table

# Records withdrawn in one transaction, with all that hangs together with them.
BATCH = 500


def undo(
    open_tx: Callable[[], Any],
    run: runs.Run,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Undone:
    """Take back all that a run brought, batch by batch; what people did since stays.

    Stopped halfway, it is gone on with by calling it again. Raises ConflictError when the run is
    still under way or was undone before.
    """
    with open_tx() as tx:
        _check(tx, run)
        undone = _take_back_words(tx, run) if run.kind != RESOLVE else Undone()
    while run.kind == RESOLVE and _part_companies(open_tx, run, undone):
        on_progress(undone.records)
    while run.kind == RESOLVE:
        with open_tx() as tx:
            if not (touched := grouped_in(tx, run.id, BATCH)):
                break
            undone.leads_changed += ungroup(tx, touched, run.id)
    while True:
        with open_tx() as tx:
            taken = _next(tx, run.id)
            if not taken:
                break
            withdraw(tx, run.id, taken, undone)
        on_progress(undone.records)
    with open_tx() as tx:
        tx.conn.execute(
            runs_table.update()
            .where(runs_table.c.id == run.id)
            .values(undone_at=tx.now, **tx.touch())
        )
        retire(tx, run.id)
        withdraw_offer(tx, run.id)
        record(tx, "run.undone", run.id, run_id=run.id, data={"records": undone.records})
    return undone


def _check(tx: Tx, run: runs.Run) -> None:
    if run.undone_at:
        raise ConflictError(f"Run {run.uuid} was undone already.")
    if run.status == "processing" and not run.is_interrupted(tx.now):
        raise ConflictError(f"Run {run.uuid} is under way: cancel it first.")


def _withdraw_repetitions(tx: Tx, run_id: int) -> None:
    """Rows that only repeated others (or said nothing) have nothing to take back."""
    tx.conn.execute(
        records.update()
        .where(
            records.c.run_id == run_id,
            records.c.facts.is_(None),
            records.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=tx.now, **tx.touch())
    )


def _take_back_words(tx: Tx, run: runs.Run) -> Undone:
    """Let what a person said in this run count no more; return what changed by that."""
    deleted = deleted_in(tx, run.id)
    closure = close_leads(tx, {*spoken_of(tx, run.id), *deleted})
    firms = spoken_of(tx, run.id, COMPANY)
    asked = what_was_asked(tx, closure)
    take_back(tx, run.id)
    _withdraw_repetitions(tx, run.id)
    changed = recount(tx, deleted, run.id)
    if rejoin(tx, run.options, run.id):
        closure = close_leads(tx, closure.ids)
    changed += decide_again(tx, closure, asked, run.id) if closure.ids else 0
    undone = Undone(leads_changed=changed)
    if firms:
        moved = decide_companies_again(tx, close_companies(tx, firms), run.id)
        undone.companies_changed, undone.leads_changed = moved[0], changed + moved[1]
    return undone


def _part_companies(open_tx: Callable[[], Any], run: runs.Run, undone: Undone) -> bool:
    """Let some of the companies that a `resolve` wove count as two; return whether there were any.

    The last ones first: what was woven earlier stands without them.
    """
    with open_tx() as tx:
        joins = found_in(tx, run.id, COMPANY, BATCH)
        if joins:
            firms = {one for join in joins for one in (join.kept, join.absorbed)}
            take_back_joins(tx, joins, COMPANY)
            moved = decide_companies_again(tx, close_companies(tx, firms), run.id)
            undone.companies_changed += moved[0]
            undone.leads_changed += moved[1]
    return bool(joins)


def _next(tx: Tx, run_id: int) -> list[int]:
    """Return the next records to withdraw, the last first."""
    query = (
        sa.select(records.c.id)
        .where(
            records.c.run_id == run_id,
            records.c.facts.is_not(None),
            records.c.withdrawn_at.is_(None),
        )
        .order_by(records.c.position.desc())
        .limit(BATCH)
    )
    return list(tx.conn.scalars(query))


def plan(tx: Tx, run: runs.Run) -> Undone:
    """Say what undoing a run would take back, without doing it."""
    _check(tx, run)
    mine = sa.and_(records.c.run_id == run.id, _IS_LIVE)
    count = sa.select(sa.func.count()).where(mine)
    alone, shared = _split(tx, run.id, records.c.lead_id)
    firms, _ = _split(tx, run.id, records.c.company_id)
    words = len({*spoken_of(tx, run.id), *deleted_in(tx, run.id), *grouped_in(tx, run.id)})
    told = len(spoken_of(tx, run.id, COMPANY))
    return Undone(tx.conn.scalar(count) or 0, alone, shared + words, firms, told)


_IS_LIVE = sa.and_(records.c.facts.is_not(None), records.c.withdrawn_at.is_(None))


def _split(tx: Tx, run_id: int, owner: sa.Column[Any]) -> tuple[int, int]:
    """Return how many leads (or companies) only this run speaks of, and how many others do too."""
    mine = sa.select(owner).where(records.c.run_id == run_id, _IS_LIVE, owner.is_not(None))
    others = sa.select(owner).where(records.c.run_id != run_id, _IS_LIVE, owner.in_(mine))
    total = tx.conn.scalar(sa.select(sa.func.count(owner.distinct())).where(owner.in_(mine))) or 0
    shared = tx.conn.scalar(sa.select(sa.func.count()).select_from(others.distinct().subquery()))
    return total - (shared or 0), shared or 0
