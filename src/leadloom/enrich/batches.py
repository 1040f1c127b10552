"""The leads of a run, written down when it begins: what is done, and what is left to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, insert_rows, update_rows
from leadloom.storage.tables import run_batches

SIZE = 50
"""Leads of a batch; one bit each says which are done, so no more than 62."""


@dataclass(slots=True)
class Batch:
    """Some leads of a run; the n-th (from 0) is at position `first` + n and has the n-th bit of
    `done`.
    """

    id: int
    run_id: int
    first: int
    lead_ids: list[int]
    done: int
    sends: int

    def left(self) -> list[tuple[int, int]]:
        """Return (place, lead) of what is not done."""
        return [(n, key) for n, key in enumerate(self.lead_ids) if not self.done >> n & 1]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.done == (1 << len(self.lead_ids)) - 1


_COLUMNS = [run_batches.c[name] for name in Batch.__dataclass_fields__]


def write(tx: Tx, run_id: int, pages: Callable[[Tx, int], Sequence[int]]) -> int:
    """Write down the leads that `pages` gives (the next keys after a key); return how many."""
    last, total, number = 0, 0, 0
    while keys := pages(tx, last):
        rows = []
        for start in range(0, len(keys), SIZE):
            some = list(keys[start : start + SIZE])
            rows.append(
                {
                    "workspace_id": tx.workspace_id,
                    "run_id": run_id,
                    "number": number,
                    "first": total + 1,
                    "lead_ids": some,
                    "done": 0,
                    "is_done": False,
                    "sends": 0,
                    **tx.stamp(),
                }
            )
            total, number = total + len(some), number + 1
        insert_rows(tx.conn, run_batches, rows)
        last = keys[-1]
    return total


def undone(tx: Tx, run_id: int) -> list[Batch]:
    """Return the batches that something is left of, in their order."""
    query = (
        sa.select(*_COLUMNS)
        .where(run_batches.c.run_id == run_id, run_batches.c.is_done.is_(False))
        .order_by(run_batches.c.number)
    )
    return [Batch(*row) for row in tx.conn.execute(query)]


def load(tx: Tx, ids: Sequence[int]) -> dict[int, Batch]:
    """Return batches by key; those of a run that is over are gone."""
    query = sa.select(*_COLUMNS).where(among(tx.conn, run_batches.c.id, ids))
    return {row.id: Batch(*row) for row in tx.conn.execute(query)}


def save(tx: Tx, batches: Sequence[Batch]) -> None:
    """Write what is done of batches, and how often they were sent."""
    rows = [
        {
            "key": one.id,
            "done": one.done,
            "is_done": one.is_done,
            "sends": one.sends,
            **tx.touch(),
        }
        for one in batches
    ]
    update_rows(tx.conn, run_batches, rows)


def is_anything_left(tx: Tx, run_id: int) -> bool:
    """Whether the run has anything left to do."""
    query = sa.select(run_batches.c.id).where(
        run_batches.c.run_id == run_id, run_batches.c.is_done.is_(False)
    )
    return tx.conn.scalar(query.limit(1)) is not None


def forget(tx: Tx, run_id: int) -> None:
    """Delete the batches of a run that is complete."""
    tx.conn.execute(run_batches.delete().where(run_batches.c.run_id == run_id))
