"""Folding everything afresh must change nothing (law 2)."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.firm_shelf import fold_company
from leadloom.resolve.match.blocking import room_of
from leadloom.resolve.said import Said, read_record
from leadloom.resolve.shelf import (
    fold_lead,
    load_leads,
    testimonies_of,
    testimony_of,
)
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import companies, company_keys, lead_keys, leads, records

PAGE = 1_000
# Companies looked at together: each may have any number of records.
FEW = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """A stored value that is not what the facts say."""

    kind: str
    id: uuid.UUID
    field: str
    stored: Any
    folded: Any


def verify_leads(tx: Tx, on_progress: Callable[[int], None]) -> Iterator[Finding]:
    """Yield every difference between the stored leads and a fresh fold of their facts."""
    seen = 0
    for ids in _pages(tx, leads):
        for state in load_leads(tx, ids).values():
            assert state.row is not None
            yield from _compare("lead", state.row, fold_lead(state))
        yield from _missing_keys(tx, ids)
        seen += len(ids)
        on_progress(seen)


def verify_companies(tx: Tx) -> Iterator[Finding]:
    """Yield every difference between the stored companies and a fresh fold of their facts."""
    for ids in _pages(tx, companies, FEW):
        family = _family(tx, ids)
        said: dict[int, list[Said]] = {key: [] for key in ids}
        for row in testimonies_of(tx, records.c.company_id, family):
            said[family[row.company_id]].append(read_record(row))
        for row in tx.conn.execute(sa.select(companies).where(companies.c.id.in_(ids))).all():
            told = [testimony_of(one.row, one.firm) for one in said[row.id]]
            folded = fold_company(told)
            del folded["winners"]
            yield from _compare("company", dict(row._mapping), folded)
        yield from _missing_firm_keys(tx, said, family)


def _family(tx: Tx, ids: list[int]) -> dict[int, int]:
    """Return companies, and those merged into them, each with the one that speaks for it."""
    own = companies.c
    query = sa.select(own.id, own.root_id).where(own.id.in_(ids) | own.root_id.in_(ids))
    return {row.id: row.root_id or row.id for row in tx.conn.execute(query)}


def _pages(tx: Tx, table: sa.Table, size: int = PAGE) -> Iterator[list[int]]:
    last = 0
    while True:
        query = (
            sa.select(table.c.id)
            .where(
                table.c.workspace_id == tx.workspace_id,
                table.c.root_id.is_(None),
                table.c.id > last,
            )
            .order_by(table.c.id)
            .limit(size)
        )
        ids = list(tx.conn.scalars(query))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _compare(kind: str, stored: Mapping[str, Any], folded: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in folded.items():
        if stored[name] != value:
            yield Finding(kind, stored["uuid"], name, stored[name], value)


def _missing_firm_keys(
    tx: Tx, said: Mapping[int, Sequence[Said]], family: Mapping[int, int]
) -> Iterator[Finding]:
    """A company is found by what its records, and those of what was merged into it, say."""
    wanted = {
        (key, root): None for root, some in said.items() for one in some for key in one.company_keys
    }
    held: set[tuple[int, int]] = set()
    for some in chunks(list({key for key, _ in wanted})):
        query = sa.select(company_keys.c.hash, company_keys.c.company_id).where(
            company_keys.c.workspace_id == tx.workspace_id, company_keys.c.hash.in_(some)
        )
        held.update((key, family[one]) for key, one in tx.conn.execute(query) if one in family)
    for key, root in wanted:
        if (key, root) not in held:
            name = tx.conn.execute(sa.select(companies.c.uuid).where(companies.c.id == root))
            yield Finding("company", name.scalar_one(), "key", None, key)


def _missing_keys(tx: Tx, ids: list[int]) -> Iterator[Finding]:
    """A lead that cannot be found by what its records say would be made twice."""
    wanted: dict[tuple[int, int], None] = {}
    for row in testimonies_of(tx, records.c.lead_id, ids):
        wanted.update(dict.fromkeys((key, row.lead_id) for key in read_record(row).lead_keys))
    held: set[tuple[int, int]] = set()
    for some in chunks(list({key for key, _ in wanted})):
        query = sa.select(lead_keys.c.hash, lead_keys.c.lead_id).where(
            lead_keys.c.workspace_id == tx.workspace_id, lead_keys.c.hash.in_(some)
        )
        held.update((row.hash, row.lead_id) for row in tx.conn.execute(query))
    counts = Counter(key for key, _ in held)
    crowded = {key for key, holders in counts.items() if holders > room_of(key)}
    uuids = {
        row.id: row.uuid
        for row in tx.conn.execute(sa.select(leads.c.id, leads.c.uuid).where(leads.c.id.in_(ids)))
    }
    for key, lead in wanted:
        if (key, lead) not in held and key not in crowded:
            yield Finding("lead", uuids[lead], "key", None, key)
