"""What is there, in figures."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.duplicates import count_duplicates
from leadloom.resolve.entity import COMPANY
from leadloom.storage.database import Tx
from leadloom.storage.tables import companies, leads, messages, records, runs, sources


def count_all(tx: Tx) -> dict[str, Any]:
    """Return how much there is of everything, and how leads divide by what matters."""
    live = sa.and_(leads.c.root_id.is_(None), leads.c.deleted_at.is_(None))
    mine = leads.c.workspace_id == tx.workspace_id
    mine_live = sa.and_(mine, live)
    source = sa.func.coalesce(sources.c.name, "unknown")
    by_source = (
        sa.select(source, sa.func.count())
        .select_from(leads.outerjoin(sources, sources.c.id == leads.c.source_id))
        .where(mine_live)
        .group_by(source)
    )
    of_leads = {
        "leads": live,
        "leads_with_email": sa.and_(live, leads.c.email.is_not(None)),
        "leads_with_phone": sa.and_(live, leads.c.phone.is_not(None)),
        "leads_deleted": leads.c.deleted_at.is_not(None),
        "leads_woven_in": leads.c.root_id.is_not(None),
    }
    of_companies = {
        "companies": companies.c.root_id.is_(None),
        "companies_woven_in": companies.c.root_id.is_not(None),
    }
    return {
        **_counts(tx, leads, of_leads),
        **_counts(tx, companies, of_companies),
        "records": _count(tx, records, records.c.workspace_id == tx.workspace_id),
        "runs": _count(tx, runs, runs.c.workspace_id == tx.workspace_id, runs.c.kind != "edit"),
        "duplicates_waiting": count_duplicates(tx),
        "company_duplicates_waiting": count_duplicates(tx, COMPANY),
        "leads_by_status": _by(tx, leads.c.status, mine_live),
        "leads_by_lead_status": _by(tx, leads.c.lead_status, mine_live),
        "leads_by_source": _largest(tx, by_source),
        "leads_by_country": _by(tx, leads.c.country, mine_live, leads.c.country.is_not(None)),
        "messages_by_status": _by(
            tx, messages.c.status, messages.c.workspace_id == tx.workspace_id
        ),
    }


def _counts(tx: Tx, table: sa.Table, which: Mapping[str, sa.ColumnElement[bool]]) -> dict[str, int]:
    """Return how many rows meet each condition, by one look at all of them."""
    counted = [sa.func.count(sa.case((one, 1))).label(name) for name, one in which.items()]
    row = tx.conn.execute(sa.select(*counted).where(table.c.workspace_id == tx.workspace_id)).one()
    return dict(row._mapping)


def _count(tx: Tx, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return tx.conn.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0


def _by(tx: Tx, column: Any, *where: sa.ColumnElement[bool]) -> dict[str, int]:
    return _largest(tx, sa.select(column, sa.func.count()).where(*where).group_by(column))


def _largest(tx: Tx, query: Any) -> dict[str, int]:
    found = sorted(((str(row[0]), int(row[1])) for row in tx.conn.execute(query)), key=_most_first)
    return dict(found[:25])


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
