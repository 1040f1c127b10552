"""What is there, in figures."""

from typing import Any

import sqlalchemy as sa

from leadloom.resolve.duplicates import count_duplicates
from leadloom.resolve.entity import COMPANY
from leadloom.storage.database import Tx
from leadloom.storage.tables import companies, leads, messages, records, runs, sources


def count_all(tx: Tx) -> dict[str, Any]:
    """Return how much there is of everything, and how leads divide by what matters."""
    mine = leads.c.workspace_id == tx.workspace_id
    live = sa.and_(mine, leads.c.root_id.is_(None), leads.c.deleted_at.is_(None))
    source = sa.func.coalesce(sources.c.name, "unknown")
    by_source = (
        sa.select(source, sa.func.count())
        .select_from(leads.outerjoin(sources, sources.c.id == leads.c.source_id))
        .where(live)
        .group_by(source)
    )
    return {
        "leads": _count(tx, leads, live),
        "leads_with_email": _count(tx, leads, live, leads.c.email.is_not(None)),
        "leads_with_phone": _count(tx, leads, live, leads.c.phone.is_not(None)),
        "leads_deleted": _count(tx, leads, mine, leads.c.deleted_at.is_not(None)),
        "leads_woven_in": _count(tx, leads, mine, leads.c.root_id.is_not(None)),
        "companies": _count(
            tx,
            companies,
            companies.c.workspace_id == tx.workspace_id,
            companies.c.root_id.is_(None),
        ),
        "companies_woven_in": _count(
            tx,
            companies,
            companies.c.workspace_id == tx.workspace_id,
            companies.c.root_id.is_not(None),
        ),
        "records": _count(tx, records, records.c.workspace_id == tx.workspace_id),
        "runs": _count(tx, runs, runs.c.workspace_id == tx.workspace_id, runs.c.kind != "edit"),
        "duplicates_waiting": count_duplicates(tx),
        "company_duplicates_waiting": count_duplicates(tx, COMPANY),
        "leads_by_status": _by(tx, leads.c.status, live),
        "leads_by_lead_status": _by(tx, leads.c.lead_status, live),
        "leads_by_source": _largest(tx, by_source),
        "leads_by_country": _by(tx, leads.c.country, live, leads.c.country.is_not(None)),
        "messages_by_status": _by(
            tx, messages.c.status, messages.c.workspace_id == tx.workspace_id
        ),
    }


def _count(tx: Tx, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return tx.conn.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0


def _by(tx: Tx, column: Any, *where: sa.ColumnElement[bool]) -> dict[str, int]:
    return _largest(tx, sa.select(column, sa.func.count()).where(*where).group_by(column))


def _largest(tx: Tx, query: Any) -> dict[str, int]:
    found = sorted(((str(row[0]), int(row[1])) for row in tx.conn.execute(query)), key=_most_first)
    return dict(found[:25])


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
