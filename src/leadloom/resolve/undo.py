"""Undoing a run: its records are withdrawn, and what hangs together with them is decided again."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from leadloom.errors import ConflictError
from leadloom.events.event import record, record_many
from leadloom.resolve.merge import cut, parted, refold, root_of
from leadloom.resolve.replay import Undone, withdraw
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.storage.tables import judgements, leads, records
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
        _withdraw_repetitions(tx, run.id)
        _take_back_merges(tx, run.id)
    undone = Undone()
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
        record(tx, "run.undone", run.id, run_id=run.id, data={"records": undone.records})
    return undone


def _check(tx: Tx, run: runs.Run) -> None:
    if run.undone_at:
        raise ConflictError(f"Run {run.uuid} was undone already.")
    if run.status == "processing" and not run.is_interrupted(tx.now):
        raise ConflictError(f"Run {run.uuid} is under way: cancel it first.")
    if run.options.get("verb") == "unmerge":
        raise ConflictError("An unmerge is taken back by merging the two again.")


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


def _take_back_merges(tx: Tx, run_id: int) -> None:
    """Cut the merges that a person made in this run."""
    ours = sa.and_(
        judgements.c.workspace_id == tx.workspace_id,
        judgements.c.run_id == run_id,
        judgements.c.is_person,
        judgements.c.verdict == "same",
    )
    pairs = tx.conn.execute(sa.select(judgements.c.low_id, judgements.c.high_id).where(ours)).all()
    for low, high in pairs:
        part = _absorbed_of(tx, low, high)
        if part is not None:
            old_root = root_of(tx, part)
            cut(tx, part)
            refold(tx, [old_root, part], run_id)
            record_many(tx, parted(tx, old_root, part), run_id=run_id)
    tx.conn.execute(judgements.delete().where(ours))


def _absorbed_of(tx: Tx, low: int, high: int) -> int | None:
    query = sa.select(leads.c.id, leads.c.merged_into).where(leads.c.id.in_([low, high]))
    for one, into in tx.conn.execute(query):
        if into in (low, high):
            return int(one)
    return None


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
    return Undone(tx.conn.scalar(count) or 0, alone, shared, firms)


_IS_LIVE = sa.and_(records.c.facts.is_not(None), records.c.withdrawn_at.is_(None))


def _split(tx: Tx, run_id: int, owner: sa.Column[Any]) -> tuple[int, int]:
    """Return how many leads (or companies) only this run speaks of, and how many others do too."""
    mine = sa.select(owner).where(records.c.run_id == run_id, _IS_LIVE, owner.is_not(None))
    others = sa.select(owner).where(records.c.run_id != run_id, _IS_LIVE, owner.in_(mine))
    total = tx.conn.scalar(sa.select(sa.func.count(owner.distinct())).where(owner.in_(mine))) or 0
    shared = tx.conn.scalar(sa.select(sa.func.count()).select_from(others.distinct().subquery()))
    return total - (shared or 0), shared or 0
