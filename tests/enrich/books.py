"""The ledger and the money as they are stored, for tests to check them against each other."""

from typing import Any

import sqlalchemy as sa

from leadloom.connect.money import micro
from leadloom.storage.database import Database
from leadloom.storage.tables import api_usage, run_batches, runs, spending


def ledger(db: Database, **where: Any) -> list[Any]:
    """Return the rows of the ledger, oldest first."""
    with db.read() as conn:
        rows = conn.execute(sa.select(api_usage).order_by(api_usage.c.id)).all()
    return [row for row in rows if all(getattr(row, k) == v for k, v in where.items())]


def check_books(db: Database, budget_micro: int | None = None) -> None:
    """What was spent is what the ledger says, to the cent; nothing is put aside or double."""
    rows = ledger(db)
    with db.read() as conn:
        pots = {row.scope: row for row in conn.execute(sa.select(spending))}
        told = {row.id: row for row in conn.execute(sa.select(runs).where(runs.c.kind == "enrich"))}
        left = conn.scalar(sa.select(sa.func.count()).select_from(run_batches))
    assert not [row for row in rows if row.status == "asked"]
    assert not [pot for pot in pots.values() if pot.reserved_micro_usd]
    for run_id, run in told.items():
        cost = sum(row.cost_micro_usd for row in rows if row.run_id == run_id)
        spent = pots[f"run:{run_id}"].spent_micro_usd if f"run:{run_id}" in pots else 0
        assert cost == spent == micro(run.actual_cost_usd)
        if budget_micro is not None:
            assert cost <= budget_micro
        if run.status == "completed":
            assert run.processed == run.total == sum(run.counts.values())
    if all(run.status == "completed" for run in told.values()):
        assert left == 0
    days = [pot for scope, pot in pots.items() if scope.startswith("day:")]
    assert sum(pot.spent_micro_usd for pot in days) == sum(row.cost_micro_usd for row in rows)
    answered = [row for row in rows if row.status in ("found", "nothing")]
    questions = [(row.run_id, row.position, row.provider) for row in answered]
    assert len(questions) == len(set(questions))
