"""Where a person is to be found: the leads that are them, and what names them elsewhere."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.leads.match_key import hash_of
from leadloom.resolve.duplicates import list_duplicates
from leadloom.resolve.shelf import scope_of
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import lead_keys, leads, metadata, records, sources
from leadloom.storage.types import dump_json, load_json
from leadloom.values.mailbox_kind import is_role

_PAGE = 2_000
# Tables that name a lead and are dealt with one by one.
_APART = ("records", "lead_keys", "email_participants")


@dataclass(frozen=True, slots=True)
class Names:
    """What a person is known by: `texts` tell them wherever they stand, `keys` at the door.

    `lines`: the keys of their phone numbers, which may be others' too.
    """

    texts: tuple[str, ...]
    emails: tuple[str, ...]
    keys: tuple[int, ...]
    lines: tuple[int, ...] = ()


def names_of(tx: Tx, members: Collection[int]) -> Names:
    """Return what the leads `members` are known by, from all that was ever said of them.

    An address or number that others share too (info@, a switchboard) names nobody.
    """
    emails: dict[str, None] = {}
    profiles: dict[str, None] = {}
    keys: dict[int, None] = {}
    lines: dict[int, None] = {}
    for row in _records_of(tx, members):
        facts = load_json(row.facts) if row.facts else {}
        emails.update(dict.fromkeys(facts.get("email") or ()))
        lines.update((hash_of("phone", number), None) for number in facts.get("phone") or ())
        if profile := facts.get("linkedin_url"):
            profiles[profile] = None
        if row.external_id is not None:
            scope = scope_of(row.source_id, row.provider)
            keys[hash_of("ref", scope, row.external_id)] = None
    query = sa.select(leads.c.email, leads.c.linkedin_url).where(leads.c.id.in_(members))
    for row in tx.conn.execute(query):
        emails.update(dict.fromkeys(filter(None, [row.email])))
        profiles.update(dict.fromkeys(filter(None, [row.linkedin_url])))
    own = [address for address in emails if not is_role(address)]
    keys.update((hash_of("email", address), None) for address in own)
    keys.update((hash_of("linkedin", profile), None) for profile in profiles)
    return Names((*own, *profiles), tuple(own), tuple(keys), tuple(lines))


def others_like(tx: Tx, root: int, members: Collection[int], names: Names) -> list[uuid.UUID]:
    """Return the other leads that may be them, oldest first.

    They have one of their addresses, numbers or profiles, or wait for a verdict on the two; a
    colleague on the same line is among them, too.
    """
    of_theirs = among(tx.conn, lead_keys.c.hash, [*names.keys, *names.lines])
    here = lead_keys.c.workspace_id == tx.workspace_id
    found = set(tx.conn.scalars(sa.select(lead_keys.c.lead_id).where(here, of_theirs)))
    own = sa.func.coalesce(leads.c.root_id, leads.c.id)
    roots = sa.select(own).where(among(tx.conn, leads.c.id, found - set(members)))
    alike = among(tx.conn, leads.c.id, set(tx.conn.scalars(roots)) - set(members))
    doubted = {one for pair in list_duplicates(tx, of=root) for one in (pair.a, pair.b)}
    query = sa.select(leads.c.uuid).where(
        sa.or_(alike, leads.c.uuid.in_(doubted)),
        leads.c.id != root,
        leads.c.deleted_at.is_(None),
    )
    return list(tx.conn.scalars(query.order_by(leads.c.id)))


def _records_of(tx: Tx, members: Collection[int]) -> Iterator[Any]:
    query = (
        sa.select(records, sources.c.provider)
        .join(sources, sources.c.id == records.c.source_id)
        .where(among(tx.conn, records.c.lead_id, members))
        .order_by(records.c.id)
    )
    return iter(tx.conn.execute(query).all())


def repetitions_of(tx: Tx, record_ids: Collection[int]) -> list[int]:
    """Return the records that only repeat one of these."""
    found: list[int] = []
    for some in chunks(list(record_ids)):
        query = sa.select(records.c.id).where(among(tx.conn, records.c.same_as_id, some))
        found += tx.conn.scalars(query)
    return found


def loose_records(tx: Tx, texts: Iterable[str]) -> list[int]:
    """Return the records of nobody that name the person: left out, failed, withdrawn."""
    wanted = _as_json(texts)
    if not wanted:
        return []
    found: list[int] = []
    last = 0
    while True:
        query = (
            sa.select(records.c.id, records.c.original, records.c.facts, records.c.external_id)
            .where(
                records.c.workspace_id == tx.workspace_id,
                records.c.lead_id.is_(None),
                records.c.original.is_not(None),
                records.c.id > last,
            )
            .order_by(records.c.id)
            .limit(_PAGE)
        )
        rows = tx.conn.execute(query).all()
        if not rows:
            return found
        for row in rows:
            told = f"{row.original} {row.facts} {row.external_id}".lower()
            if any(text in told for text in wanted):
                found.append(row.id)
        last = rows[-1].id


def naming(tx: Tx, table: sa.Table, column: sa.Column[Any], texts: Iterable[str]) -> Any:
    """Return the condition that a JSON column of this workspace's rows holds one of `texts`."""
    told = sa.func.lower(sa.cast(column, sa.Text))
    holds = [told.contains(text, autoescape=True) for text in _as_json(texts)]
    return sa.and_(table.c.workspace_id == tx.workspace_id, sa.or_(sa.false(), *holds))


def _as_json(texts: Iterable[str]) -> list[str]:
    return [dump_json(text)[1:-1].lower() for text in texts]


def tables_naming_leads() -> list[sa.Table]:
    """Return the tables whose rows are about a lead, those that others point to last."""
    return [
        table
        for table in reversed(metadata.sorted_tables)
        if "lead_id" in table.c and table.name not in _APART
    ]
