"""Records: one thing as received in a run, the facts read from it, and what became of it."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.tables import companies, leads, records

OUTCOMES = ("created", "updated", "unchanged", "skipped", "failed")


@dataclass(frozen=True, slots=True)
class Record:
    """A record as people see it; `lead_id` and `company_id` are the ones it belongs to today."""

    position: int
    file_index: int | None
    row_number: int | None
    external_id: str | None
    status: str
    reason: str | None
    lead_id: uuid.UUID | None
    company_id: uuid.UUID | None
    original: str | None
    observed_at: dt.datetime
    withdrawn_at: dt.datetime | None


def list_records(
    tx: Tx, run_id: int, *, after: int = -1, limit: int = 1_000, status: str | None = None
) -> list[Record]:
    """Return records of a run in its order, those after position `after`."""
    full = records.alias()
    atom, root = leads.alias(), leads.alias()
    firm, firm_root = companies.alias(), companies.alias()
    query = (
        sa.select(
            records.c.position,
            records.c.file_index,
            records.c.row_number,
            records.c.external_id,
            records.c.status,
            records.c.reason,
            root.c.uuid,
            firm_root.c.uuid,
            sa.func.coalesce(records.c.original, full.c.original),
            records.c.observed_at,
            records.c.withdrawn_at,
        )
        .outerjoin(full, full.c.id == records.c.same_as_id)
        .outerjoin(atom, atom.c.id == sa.func.coalesce(records.c.lead_id, full.c.lead_id))
        .outerjoin(root, root.c.id == sa.func.coalesce(atom.c.root_id, atom.c.id))
        .outerjoin(firm, firm.c.id == sa.func.coalesce(records.c.company_id, full.c.company_id))
        .outerjoin(firm_root, firm_root.c.id == sa.func.coalesce(firm.c.root_id, firm.c.id))
        .where(records.c.run_id == run_id, records.c.position > after)
        .order_by(records.c.position)
        .limit(limit)
    )
    if status:
        query = query.where(records.c.status == status)
    return [Record(*row) for row in tx.conn.execute(query)]


def iterate_records(tx: Tx, run_id: int, **filters: Any) -> Iterator[Record]:
    """Yield every record of a run in its order, a page at a time."""
    after = -1
    while page := list_records(tx, run_id, after=after, **filters):
        yield from page
        after = page[-1].position


def count_outcomes(tx: Tx, run_id: int) -> dict[str, int]:
    """Return how many records of a run had each outcome."""
    query = (
        sa.select(records.c.status, sa.func.count())
        .where(records.c.run_id == run_id)
        .group_by(records.c.status)
    )
    return {row[0]: row[1] for row in tx.conn.execute(query)}


def owners(tx: Tx, run_id: int) -> Iterator[tuple[int | None, int | None]]:
    """Yield the inner keys of the lead and the company of every record of a run."""
    full, firm = records.alias(), companies.alias()
    query = (
        sa.select(
            sa.func.coalesce(records.c.lead_id, full.c.lead_id),
            sa.func.coalesce(firm.c.root_id, firm.c.id),
        )
        .outerjoin(full, full.c.id == records.c.same_as_id)
        .outerjoin(firm, firm.c.id == sa.func.coalesce(records.c.company_id, full.c.company_id))
        .where(records.c.run_id == run_id)
    )
    yield from map(tuple, tx.conn.execute(query.execution_options(yield_per=10_000)))
