"""Folding everything afresh must change nothing (law 2)."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.entity import COMPANY, LEAD, Entity
from leadloom.resolve.firm_shelf import fold_company, saved_winners
from leadloom.resolve.match.blocking import room_of
from leadloom.resolve.said import Said, read_record
from leadloom.resolve.shelf import (
    fold_lead,
    load_leads,
    testimonies_of,
    testimony_of,
)
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import companies, company_keys, events, lead_keys, leads, records

PAGE = 1_000
# Companies looked at together: each may have any number of records.
FEW = 100

# What a finding calls its field where it is none of the folded ones: the keys it is found by (how
# many there are and should be), the word that it was made, and what a company keeps of its facts.
KEYS, EVENT, WINNERS = "keys", "event", "winners"


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
    seen, since = 0, _first_event(tx)
    for ids in _pages(tx, leads):
        for state in load_leads(tx, ids).values():
            assert state.row is not None
            yield from _compare("lead", state.row, fold_lead(state))
        yield from _missing_keys(tx, _family(tx, leads, ids))
        yield from _unheard_of(tx, LEAD, ids, since)
        seen += len(ids)
        on_progress(seen)


def verify_companies(tx: Tx) -> Iterator[Finding]:
    """Yield every difference between the stored companies and a fresh fold of their facts."""
    since = _first_event(tx)
    for ids in _pages(tx, companies, FEW):
        family = _family(tx, companies, ids)
        said: dict[int, list[Said]] = {key: [] for key in ids}
        for row in testimonies_of(tx, records.c.company_id, family):
            said[family[row.company_id]].append(read_record(row))
        for row in tx.conn.execute(sa.select(companies).where(companies.c.id.in_(ids))).all():
            told = [testimony_of(one.row, one.firm) for one in said[row.id]]
            yield from _compare_company(dict(row._mapping), fold_company(told))
        yield from _missing_firm_keys(tx, said, family)
        yield from _unheard_of(tx, COMPANY, ids, since)


def _compare_company(stored: Mapping[str, Any], folded: dict[str, Any]) -> Iterator[Finding]:
    """Compare a company's values, and what it keeps of its facts to fold news with."""
    del folded["winners"]
    yield from _compare("company", stored, folded)
    try:
        kept = fold_company(saved_winners(stored["winners"]))
    except (ValueError, TypeError, LookupError, AttributeError):
        kept = {}
    if any(kept.get(name) != value for name, value in folded.items()):
        yield Finding("company", stored["uuid"], WINNERS, None, None)


def _family(tx: Tx, table: sa.Table, ids: list[int]) -> dict[int, int]:
    """Return leads or companies, and those merged into them, each with who speaks for it."""
    own = table.c
    query = sa.select(own.id, own.root_id).where(own.id.in_(ids) | own.root_id.in_(ids))
    return {row.id: row.root_id or row.id for row in tx.conn.execute(query)}


def _first_event(tx: Tx) -> dt.datetime | None:
    """Return since when every event is kept; a few that an undo needs are kept for longer."""
    query = sa.select(events.c.occurred_at).where(
        events.c.workspace_id == tx.workspace_id, events.c.type == "run.started"
    )
    found: dt.datetime | None = tx.conn.scalar(query.order_by(events.c.id).limit(1))
    return found


def _unheard_of(
    tx: Tx, entity: Entity, ids: Collection[int], since: dt.datetime | None
) -> Iterator[Finding]:
    """What no event tells of is found by no search. Of earlier days events may be forgotten."""
    table = entity.table
    heard = sa.select(events.c.entity_id).where(
        events.c.entity == entity.noun, among(tx.conn, events.c.entity_id, ids)
    )
    known = set(tx.conn.scalars(heard.distinct()))
    made = sa.select(table.c.uuid, table.c.created_at).where(
        among(tx.conn, table.c.id, [key for key in ids if key not in known])
    )
    for row in tx.conn.execute(made):
        if since is None or row.created_at >= since:
            yield Finding(entity.noun, row.uuid, EVENT, None, f"{entity.noun}.created")


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
    yield from _lacking_keys(tx, COMPANY, wanted, held)


def _missing_keys(tx: Tx, family: Mapping[int, int]) -> Iterator[Finding]:
    """A lead that cannot be found by what its records say would be made twice.

    Of leads that are one, either may hold a key: it finds them both.
    """
    wanted: dict[tuple[int, int], None] = {}
    for row in testimonies_of(tx, records.c.lead_id, family):
        wanted.update(dict.fromkeys((key, row.lead_id) for key in read_record(row).lead_keys))
    held: set[tuple[int, int]] = set()
    for some in chunks(list({key for key, _ in wanted})):
        query = sa.select(lead_keys.c.hash, lead_keys.c.lead_id).where(
            lead_keys.c.workspace_id == tx.workspace_id, lead_keys.c.hash.in_(some)
        )
        held.update((row.hash, row.lead_id) for row in tx.conn.execute(query))
    counts = Counter(key for key, _ in held)
    crowded = {key for key, holders in counts.items() if holders > room_of(key)}
    found = {(key, family.get(lead)) for key, lead in held}
    here = {one for one in wanted if one in held or (one[0], family[one[1]]) in found}
    yield from _lacking_keys(tx, LEAD, [one for one in wanted if one[0] not in crowded], here)


def _lacking_keys(
    tx: Tx, entity: Entity, wanted: Collection[tuple[int, int]], held: set[tuple[int, int]]
) -> Iterator[Finding]:
    """Say of each that is not found by all keys it should be how many those are."""
    due: dict[int, int] = defaultdict(int)
    lacking: dict[int, int] = defaultdict(int)
    for key, owner in wanted:
        due[owner] += 1
        lacking[owner] += (key, owner) not in held
    short = [owner for owner, count in lacking.items() if count]
    table = entity.table
    query = sa.select(table.c.id, table.c.uuid).where(among(tx.conn, table.c.id, short))
    for row in tx.conn.execute(query.order_by(table.c.id)):
        wants = due[row.id]
        yield Finding(entity.noun, row.uuid, KEYS, wants - lacking[row.id], wants)
