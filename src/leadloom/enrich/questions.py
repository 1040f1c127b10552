"""What is known of leads, as providers are asked about them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from leadloom.enrich.provider import Question
from leadloom.leads.company import PLAIN, PREFIX
from leadloom.leads.fields import FIELDS
from leadloom.leads.fold import fold
from leadloom.resolve.desk import LeadState
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.family import pointers_of
from leadloom.resolve.firm_shelf import saved_winners
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import companies, leads, sources

_COLLEAGUES = 200
# What is told of a company, beside what tells where it is from.
_NAMES = ("id", *PLAIN, "tags", "custom", "winners")
_OF_A_FIRM = [companies.c[name] for name in _NAMES]
_ENRICHMENT = sa.select(sources.c.id).where(
    sources.c.workspace_id == sa.bindparam("workspace"), sources.c.kind == ENRICHMENT
)
_FIELD_OF = {name: PREFIX + name for name in _NAMES if PREFIX + name in FIELDS}


def enrichment_sources(tx: Tx) -> set[int]:
    """Return the sources that are enrichment's own: what they said proves nothing."""
    return set(tx.conn.scalars(_ENRICHMENT, {"workspace": tx.workspace_id}))


def questions(
    tx: Tx,
    states: Mapping[int, LeadState],
    enrichment: Collection[int],
    *,
    with_firms: bool = False,
) -> Iterator[tuple[int, Question]]:
    """Yield what is known of each lead from elsewhere than the sources `enrichment`.

    `with_firms`: the values hold what is known of its company, too.
    """
    known = {
        key: fold([t for t in state.testimonies if t.source_id not in enrichment]).values
        for key, state in states.items()
        if not state.is_deleted
    }
    said = {key: state.row["company_id"] for key, state in states.items() if state.row}
    speaker = pointers_of(tx, set(said.values()) - {None}, COMPANY)
    firm_of = {key: speaker.get(firm, firm) for key, firm in said.items()}
    firms = _companies(tx, set(firm_of.values()) - {None}, enrichment)
    lacking = {firm_of.get(key) for key, values in known.items() if not values.get("email")}
    colleagues = _colleagues(tx, lacking - {None})
    for key, values in known.items():
        firm = firm_of.get(key)
        others = [one for one in colleagues.get(firm, ()) if one[0] != key]
        if with_firms and firm in firms:
            values = {**_facts_of(firms[firm]), **values}
        yield key, Question(values, firms.get(firm, {}), tuple(one[1:] for one in others))


def _facts_of(firm: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of a company, by the fields of facts."""
    return {field: firm[name] for name, field in _FIELD_OF.items()}


def _companies(tx: Tx, ids: set[Any], enrichment: Collection[int]) -> dict[Any, Mapping[str, Any]]:
    """Return companies by key, without what enrichment found before: it proves nothing."""
    found: dict[Any, Mapping[str, Any]] = {}
    for some in chunks(sorted(ids)):
        rows = tx.conn.execute(sa.select(*_OF_A_FIRM).where(among(tx.conn, companies.c.id, some)))
        for row in rows:
            firm = dict(zip(_NAMES, row, strict=True))
            found[firm["id"]] = _without(firm, enrichment)
    return found


def _without(firm: dict[str, Any], enrichment: Collection[int]) -> dict[str, Any]:
    said = saved_winners(firm["winners"])
    kept = [one for one in said if one.source_id not in enrichment]
    if len(kept) < len(said):
        values = fold(kept, PREFIX).values
        firm.update((name, values.get(name)) for name in PLAIN)
    return firm


def _colleagues(tx: Tx, ids: set[Any]) -> dict[Any, list[Any]]:
    """Return (lead, first name, last name, real address) of people by company, some of each."""
    found: dict[Any, list[Any]] = defaultdict(list)
    speaker = {key: key for key in ids}
    for some in chunks(sorted(ids)):
        merged = sa.select(companies.c.id, companies.c.root_id).where(
            among(tx.conn, companies.c.root_id, some)
        )
        speaker.update((row.id, row.root_id) for row in tx.conn.execute(merged))
    for some in chunks(sorted(speaker)):
        query = sa.select(
            leads.c.company_id, leads.c.id, leads.c.first_name, leads.c.last_name, leads.c.email
        ).where(
            among(tx.conn, leads.c.company_id, some),
            leads.c.email_confidence == "real",
            leads.c.email_status.not_in(("invalid", "bounced")),
            leads.c.first_name.is_not(None),
            leads.c.last_name.is_not(None),
            leads.c.root_id.is_(None),
            leads.c.deleted_at.is_(None),
        )
        for company, *colleague in tx.conn.execute(query.order_by(leads.c.id)):
            if len(found[speaker[company]]) < _COLLEAGUES:
                found[speaker[company]].append(tuple(colleague))
    return found
