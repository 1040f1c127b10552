"""What is known of leads, as providers are asked about them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from leadloom.enrich.provider import Question
from leadloom.leads.fold import fold
from leadloom.resolve.desk import LeadState
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import companies, leads, sources

_COLLEAGUES = 200


def enrichment_sources(tx: Tx) -> set[int]:
    """Return the sources that are enrichment's own: what they said proves nothing."""
    query = sa.select(sources.c.id).where(
        sources.c.workspace_id == tx.workspace_id, sources.c.kind == ENRICHMENT
    )
    return set(tx.conn.scalars(query))


def questions(
    tx: Tx, states: Mapping[int, LeadState], enrichment: Collection[int]
) -> Iterator[tuple[int, Question]]:
    """Yield what is known of each lead from elsewhere than the sources `enrichment`."""
    known = {
        key: fold([t for t in state.testimonies if t.source_id not in enrichment]).values
        for key, state in states.items()
        if not state.is_deleted
    }
    firm_ids = {state.row["company_id"] for state in states.values() if state.row}
    firms = _companies(tx, firm_ids - {None})
    lacking = {
        states[key].row["company_id"]  # type: ignore[index]
        for key, values in known.items()
        if not values.get("email")
    }
    colleagues = _colleagues(tx, lacking - {None})
    for key, values in known.items():
        row = states[key].row or {}
        firm = row.get("company_id")
        others = [one for one in colleagues.get(firm, ()) if one[0] != key]
        yield key, Question(values, firms.get(firm, {}), tuple(one[1:] for one in others))


def _companies(tx: Tx, ids: set[Any]) -> dict[Any, Mapping[str, Any]]:
    found: dict[Any, Mapping[str, Any]] = {}
    for some in chunks(sorted(ids)):
        rows = tx.conn.execute(sa.select(companies).where(among(tx.conn, companies.c.id, some)))
        found.update((row.id, dict(row._mapping)) for row in rows)
    return found


def _colleagues(tx: Tx, ids: set[Any]) -> dict[Any, list[Any]]:
    """Return (lead, first name, last name, real address) of people by company, some of each."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for some in chunks(sorted(ids)):
        query = sa.select(
            leads.c.company_id, leads.c.id, leads.c.first_name, leads.c.last_name, leads.c.email
        ).where(
            among(tx.conn, leads.c.company_id, some),
            leads.c.email_confidence == "real",
            leads.c.first_name.is_not(None),
            leads.c.last_name.is_not(None),
            leads.c.root_id.is_(None),
            leads.c.deleted_at.is_(None),
        )
        for company, *colleague in tx.conn.execute(query.order_by(leads.c.id)):
            if len(found[company]) < _COLLEAGUES:
                found[company].append(tuple(colleague))
    return found
