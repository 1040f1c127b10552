"""Leads and companies that lack keys, or have those of an earlier recipe, get today's."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.leads.match_key import hash_of
from leadloom.resolve.match.blocking import former_keys_of, room_of
from leadloom.resolve.match.person import terms_of
from leadloom.resolve.said import read_record
from leadloom.resolve.shelf import testimonies_of, write_keys
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import companies, company_keys, lead_keys, leads, records
from leadloom.values import company_name, person_name

NOBODY = 0


def rekey_leads(conn: sa.Connection, after: int, limit: int) -> int | None:
    """Write the keys that leads lack: a step of a backfill."""
    return _page(conn, leads, after, limit, give_lead_keys)


def rekey_companies(conn: sa.Connection, after: int, limit: int) -> int | None:
    """Write the keys that companies lack, a page at a time as `rekey_leads` does."""
    return _page(conn, companies, after, limit, give_company_keys)


def renew_keys(conn: sa.Connection, after: int, limit: int) -> int | None:
    """Write the keys that leads lack, and take away what no lead is found by any more."""
    return _page(conn, leads, after, limit, _renew)


def _page(
    conn: sa.Connection,
    table: sa.Table,
    after: int,
    limit: int,
    act: Callable[[Tx, Sequence[int]], None],
) -> int | None:
    query = (
        sa.select(table.c.id, table.c.workspace_id)
        .where(table.c.id > after)
        .order_by(table.c.id)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    by_workspace: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_workspace[row.workspace_id].append(row.id)
    for workspace, ids in by_workspace.items():
        act(Tx(conn, dt.datetime.now(dt.UTC), workspace, NOBODY), ids)
    return rows[-1].id if rows else None


def give_lead_keys(tx: Tx, ids: Sequence[int]) -> None:
    """Write the keys that these leads lack."""
    holders: dict[int, set[int]] = defaultdict(set)
    for row in testimonies_of(tx, records.c.lead_id, ids):
        for key in read_record(row).lead_keys:
            holders[key].add(row.lead_id)
    crowd = _crowd(tx, list(holders))
    free = [(key, found) for key, found in holders.items() if crowd[key] <= room_of(key)]
    write_keys(tx, lead_keys, "lead_id", [([key], one) for key, found in free for one in found])


def give_company_keys(tx: Tx, ids: Sequence[int]) -> None:
    """Write the keys that these companies lack."""
    held: dict[int, set[int]] = defaultdict(set)
    for row in testimonies_of(tx, records.c.company_id, ids):
        held[row.company_id].update(read_record(row).company_keys)
    write_keys(tx, company_keys, "company_id", [(keys, one) for one, keys in held.items()])


def _renew(tx: Tx, ids: Sequence[int]) -> None:
    said = [read_record(row) for row in testimonies_of(tx, records.c.lead_id, ids)]
    today = {(key, one.row.lead_id) for one in said for key in one.lead_keys}
    before = {(key, one.row.lead_id) for one in said for key in _before(one.facts)}
    if stale := sorted(before - today):
        sweeping = lead_keys.delete().where(
            lead_keys.c.workspace_id == tx.workspace_id,
            lead_keys.c.hash == sa.bindparam("key"),
            lead_keys.c.lead_id == sa.bindparam("lead"),
        )
        tx.conn.execute(sweeping, [{"key": key, "lead": lead} for key, lead in stale])
    give_lead_keys(tx, ids)


def _before(facts: Mapping[str, Any]) -> Iterator[int]:
    """Yield the keys of earlier recipes."""
    yield from former_keys_of(terms_of(facts))
    if not (name := facts.get("full_name")) or not (own := person_name.key(name)):
        return
    yield hash_of("name", own)
    for called in {own, person_name.kinship_key(name)}:
        if company := facts.get("company"):
            yield hash_of("name+company", called, company_name.key(company))
        if site := facts.get("domain"):
            yield hash_of("name+domain", called, site)


def _crowd(tx: Tx, keys: Sequence[int]) -> Counter[int]:
    """Return how many leads hold each of `keys` already."""
    query = (
        sa.select(lead_keys.c.hash, sa.func.count())
        .where(lead_keys.c.workspace_id == tx.workspace_id, among(tx.conn, lead_keys.c.hash, keys))
        .group_by(lead_keys.c.hash)
    )
    return Counter({row[0]: row[1] for row in tx.conn.execute(query)})
