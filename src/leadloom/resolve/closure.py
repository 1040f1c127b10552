"""All that hangs together: records that share keys, directly or through others.

What one record decided can only have mattered to records it hangs together with. So taking a
record back and deciding the rest of its closure again, in order of arrival, leaves exactly what
would be there had it never come.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from leadloom.leads import company as companies_fold
from leadloom.resolve.firms import firm_facts
from leadloom.resolve.keys import company_keys as keys_of_company
from leadloom.resolve.keys import lead_keys as keys_of_lead
from leadloom.resolve.shelf import scope_of, testimonies_of
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import companies, company_keys, lead_keys, leads, records
from leadloom.storage.types import load_json


@dataclass(frozen=True, slots=True)
class Said:
    """A stored record with its facts read and its keys worked out again."""

    row: Any
    facts: dict[str, Any]
    firm: dict[str, Any]
    lead_keys: list[int]
    company_keys: list[int]


@dataclass(slots=True)
class Closure:
    """Leads or companies that hang together, and every live record of theirs, by its key."""

    ids: set[int] = field(default_factory=set)
    records: dict[int, Said] = field(default_factory=dict)


def read_record(row: Any) -> Said:
    """Read a row of `testimonies_of` as it was read when it arrived."""
    facts = load_json(row.facts)
    firm = firm_facts(facts)
    is_person = row.is_pinned or companies_fold.is_person(facts)
    scope = scope_of(row.source_id, row.provider)
    # What enrichment guessed finds nobody: a wrong guess must not weave two people together.
    is_guess = row.kind == ENRICHMENT
    own = keys_of_lead(facts, scope, row.external_id) if is_person and not is_guess else []
    return Said(row, facts, firm, own, [] if is_guess else keys_of_company(firm))


def close_leads(tx: Tx, seeds: Collection[int]) -> Closure:
    """Return the leads that hang together with `seeds` (merged ones included)."""
    return _close(tx, seeds, leads, lead_keys, lead_keys.c.lead_id, records.c.lead_id)


def close_companies(tx: Tx, seeds: Collection[int]) -> Closure:
    """Return the companies that hang together with `seeds`."""
    owner = company_keys.c.company_id
    return _close(tx, seeds, companies, company_keys, owner, records.c.company_id)


def _close(
    tx: Tx,
    seeds: Collection[int],
    owners: sa.Table,
    keys: sa.Table,
    owner: sa.Column[Any],
    owned: sa.Column[Any],
) -> Closure:
    closure = Closure()
    known_keys: set[int] = set()
    layer = _with_family(tx, owners, seeds)
    while layer := layer - closure.ids:
        closure.ids |= layer
        met: set[int] = set()
        for row in testimonies_of(tx, owned, layer):
            said = read_record(row)
            closure.records[row.id] = said
            met.update(said.lead_keys if owners is leads else said.company_keys)
        fresh = met - known_keys
        known_keys |= fresh
        layer = _with_family(tx, owners, _holders(tx, keys, owner, fresh))
    return closure


def _holders(tx: Tx, keys: sa.Table, owner: sa.Column[Any], hashes: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(list(hashes)):
        query = sa.select(owner).where(
            keys.c.workspace_id == tx.workspace_id, keys.c.hash.in_(some)
        )
        found.update(tx.conn.scalars(query))
    return found


def _with_family(tx: Tx, owners: sa.Table, ids: Collection[int]) -> set[int]:
    """Add the roots of `ids` and all that was merged into those."""
    found: set[int] = set()
    for some in chunks(list(ids)):
        query = sa.select(owners.c.id, owners.c.root_id).where(owners.c.id.in_(some))
        roots = {row.root_id or row.id for row in tx.conn.execute(query)}
        found |= roots
        for part in chunks(list(roots)):
            members = sa.select(owners.c.id).where(owners.c.root_id.in_(part))
            found.update(tx.conn.scalars(members))
    return found
