"""Recipients: leads as a letter sees them, whether they may be written to, and who said what."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.leads.fold import NAME_PARTS, Folded, fold
from leadloom.leads.lead import Lead, lead_of, select_leads
from leadloom.outreach.render import FactUsed, unreachable
from leadloom.outreach.suppressions import find_suppressed
from leadloom.outreach.variables import LEAD
from leadloom.resolve.shelf import load_leads
from leadloom.runs.source import list_sources
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import companies, leads

_OWN: Final = sorted((LEAD - {"country_code", "employee_count", "social_url"}) | {"social_urls"})
"""The attributes of a lead that a template may name."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A lead to write to: `context` holds its fields, `obstacle` why it must not be written to."""

    key: int
    context: dict[str, Any]
    obstacle: str | None


def load_recipients(tx: Tx, keys: Sequence[int]) -> list[Recipient]:
    """Return the leads with these inner keys, in the same order, deleted ones too."""
    found: dict[int, Lead] = {}
    for some in chunks(keys):
        query = select_leads(tx).where(leads.c.id.in_(some))
        found.update((lead.key, lead) for lead in map(lead_of, tx.conn.execute(query)))
    suppressed = find_suppressed(tx, {a for lead in found.values() for a in lead.emails})
    staff = _employee_counts(tx, list(found))
    recipients = []
    for key in keys:
        if (lead := found.get(key)) is not None:
            context = _context(lead, staff.get(key))
            recipients.append(Recipient(key, context, _obstacle(lead, context, suppressed)))
    return recipients


def load_facts(tx: Tx, keys: Collection[int]) -> dict[int, dict[str, FactUsed]]:
    """Return where each field of these leads has its value from, by the lead's inner key."""
    states = load_leads(tx, keys)
    names = {source.id: source.name for source in list_sources(tx)} if states else {}
    return {key: _facts(fold(state.testimonies), names) for key, state in states.items()}


def _facts(folded: Folded, names: dict[int, str]) -> dict[str, FactUsed]:
    """Name the winner of each field; the parts of a name come from the record whose name won."""
    facts: dict[str, FactUsed] = {}
    whole = folded.claims.get("full_name")
    for field, claims in folded.claims.items():
        best = whole[0] if whole and field in NAME_PARTS else claims[0]
        facts[field] = FactUsed(
            folded.values.get(field),
            names.get(best.testimony.source_id),
            best.testimony.observed_at,
            best.rank[3],
        )
    for plural, field in (("emails", "email"), ("phones", "phone")):
        if field in facts:
            facts[plural] = facts[field]
    return facts


def _context(lead: Lead, employee_count: int | None) -> dict[str, Any]:
    context = {name: getattr(lead, name) for name in _OWN}
    context["social_url"] = context.pop("social_urls")
    return {**context, "custom": lead.custom, "employee_count": employee_count}


def _obstacle(lead: Lead, context: dict[str, Any], suppressed: dict[str, str]) -> str | None:
    if lead.deleted_at is not None:
        return "was deleted"
    return unreachable(context) or _suppression(lead, suppressed)


def _suppression(lead: Lead, suppressed: dict[str, str]) -> str | None:
    """A person who does not want letters to one address does not want them to another."""
    if any(suppressed.get(address) == address for address in lead.emails):
        return "the e-mail address is suppressed"
    return "the e-mail domain is suppressed" if lead.email in suppressed else None


def _employee_counts(tx: Tx, keys: Iterable[int]) -> dict[int, int]:
    firm, root = companies.alias("firm"), companies.alias("firm_root")
    found: dict[int, int] = {}
    for some in chunks(list(keys)):
        query = (
            sa.select(leads.c.id, root.c.employee_count)
            .join(firm, firm.c.id == leads.c.company_id)
            .join(root, root.c.id == sa.func.coalesce(firm.c.root_id, firm.c.id))
            .where(leads.c.id.in_(some), root.c.employee_count.is_not(None))
        )
        found.update((row.id, row.employee_count) for row in tx.conn.execute(query))
    return found
