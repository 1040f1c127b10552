"""What a run came to, looked into: its records page by page, the reasons, whom it asked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from leadloom.leads.query import Page
from leadloom.runs.record import Record, list_records
from leadloom.runs.run import Run
from leadloom.storage.database import Tx
from leadloom.storage.tables import companies, leads, records
from leadloom.storage.tables import runs as run_rows
from leadloom.workspace.views import RecordView, View

# What a person wants the reasons of: what was not taken in.
_TOLD: Final = ("failed", "skipped")


@dataclass(frozen=True, slots=True)
class RecordLine(View):
    """A record of a run, and the name of the lead or company it belongs to today."""

    record: RecordView
    name: str | None


@dataclass(frozen=True, slots=True)
class Reason(View):
    """Why records of a run were not taken in, and how many for that reason."""

    status: str
    reason: str | None
    records: int


@dataclass(frozen=True, slots=True)
class Asked(View):
    """What came of asking one provider in a run; `cost_usd` in US dollars."""

    provider: str
    asked: int
    found: int
    nothing: int
    cached: int
    failed: int
    cost_usd: float


def record_page(
    tx: Tx, run: Run, *, status: str | None, after: int, limit: int
) -> Page[RecordLine]:
    """Return records of a run in its order, those after a position; `next` is the last one's."""
    found = list_records(tx, run.id, after=after, limit=limit + 1, status=status)
    shown = found[:limit]
    names = {**_names(tx, shown, leads, "lead_id"), **_names(tx, shown, companies, "company_id")}
    files = [Path(one["path"]).name for one in run.options.get("files", ())]
    lines = [
        RecordLine(record_view(one, files), names.get(one.lead_id or one.company_id))
        for one in shown
    ]
    return Page(lines, str(shown[-1].position) if len(found) > limit else None)


def record_view(record: Record, files: Sequence[str]) -> RecordView:
    """Return a record as people see it."""
    return RecordView(
        record.position,
        files[record.file_index] if record.file_index is not None else None,
        record.row_number,
        record.external_id,
        record.status,
        record.reason,
        record.lead_id,
        record.company_id,
    )


def reasons(tx: Tx, run: Run, limit: int) -> list[Reason]:
    """Return why records were not taken in, the most frequent reason first."""
    number = sa.func.count()
    query = (
        sa.select(records.c.status, records.c.reason, number)
        .where(records.c.run_id == run.id, records.c.status.in_(_TOLD))
        .group_by(records.c.status, records.c.reason)
        .order_by(number.desc(), records.c.status, records.c.reason)
        .limit(limit)
    )
    return [Reason(*row) for row in tx.conn.execute(query)]


def asked(tx: Tx, run: Run) -> list[Asked]:
    """Return what came of asking each provider, in the order they were asked first."""
    query = sa.select(run_rows.c.tallies).where(run_rows.c.id == run.id)
    told: dict[str, Any] = (tx.conn.scalar(query) or {}).get("providers", {})
    return [
        Asked(
            name,
            one.get("asked", 0),
            one.get("found", 0),
            one.get("nothing", 0),
            one.get("cached", 0),
            one.get("failed", 0) + one.get("lost", 0),
            one.get("cost_micro_usd", 0) / 1e6,
        )
        for name, one in told.items()
    ]


def _names(
    tx: Tx, found: Sequence[Record], table: sa.Table, attribute: str
) -> dict[uuid.UUID | None, str]:
    ids = {getattr(one, attribute) for one in found} - {None}
    if not ids:
        return {}
    name = (
        table.c.name if table is companies else sa.func.coalesce(leads.c.full_name, leads.c.email)
    )
    query = sa.select(table.c.uuid, name).where(
        table.c.workspace_id == tx.workspace_id, table.c.uuid.in_(ids)
    )
    return {row[0]: row[1] for row in tx.conn.execute(query) if row[1]}
