"""Everybody as a table that Splink reads: one line of JSON a lead, values ready to compare."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.match.blocking import paired_by, room_of
from leadloom.resolve.match.person import PersonTerms, joined
from leadloom.resolve.shelf import load_leads
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import lead_keys, leads
from leadloom.values.nicknames import family_of

PAGE = 2_000


def lines(tx: Tx) -> Iterator[str]:
    """Yield every lead that speaks for itself as a line of JSON."""
    last = 0
    while page := _page(tx, last):
        states = load_leads(tx, list(page), with_rows=False)
        member_of = {member: key for key, state in states.items() for member in state.members}
        keys = _keys(tx, member_of)
        for key, name in page.items():
            if faces := states[key].person.faces:
                yield json.dumps({"unique_id": name, **columns(joined(faces)), "keys": keys[key]})
        last = max(page)


def columns(person: PersonTerms) -> dict[str, Any]:
    """Return what the comparisons of `settings` look at."""
    name = person.names[0] if person.names else None
    place = person.places[0] if person.places else None
    given = name.given[0] if name and name.given else None
    own = [mail for mail in person.mails if mail.kind != "role"]
    return {
        "given": given,
        "family": family_of(given) if given else None,
        "surname": " ".join(name.surname) or None if name else None,
        "generation": name.generation or None if name else None,
        "mailboxes": [mail.address for mail in own if mail.kind == "work"] or None,
        "mail_sites": [mail.host for mail in own if mail.kind == "work"] or None,
        "private_mails": [mail.address for mail in own if mail.kind == "private"] or None,
        "mobiles": [phone.base for phone in person.phones if phone.is_mobile] or None,
        "lines": [phone.base for phone in person.phones if not phone.is_mobile] or None,
        "profiles": list(person.profiles) or None,
        "companies": [" ".join(words) for words in person.employer.names] or None,
        "sites": list(person.employer.sites) or None,
        "city": place.city or None if place else None,
        "postcode": place.postcode or None if place else None,
        "street": place.street or None if place else None,
    }


def _page(tx: Tx, after: int) -> dict[int, str]:
    query = (
        sa.select(leads.c.id, leads.c.uuid)
        .where(
            leads.c.workspace_id == tx.workspace_id,
            leads.c.id > after,
            leads.c.root_id.is_(None),
            leads.c.deleted_at.is_(None),
        )
        .order_by(leads.c.id)
        .limit(PAGE)
    )
    return {row.id: str(row.uuid) for row in tx.conn.execute(query)}


def _keys(tx: Tx, member_of: Mapping[int, int]) -> dict[int, list[str]]:
    """Return the keys that find each lead, but for those that too many share."""
    held: dict[int, set[int]] = defaultdict(set)
    query = sa.select(lead_keys.c.lead_id, lead_keys.c.hash).where(
        lead_keys.c.workspace_id == tx.workspace_id,
        among(tx.conn, lead_keys.c.lead_id, list(member_of)),
    )
    for lead, key in tx.conn.execute(query):
        held[member_of[lead]].add(key)
    crowd = _crowd(tx, {key for some in held.values() for key in some})
    found: dict[int, list[str]] = defaultdict(list)
    for lead, some in held.items():
        few = {paired_by(key) for key in some if crowd[key] <= room_of(key)}
        found[lead] = [str(key) for key in sorted(few)]
    return found


def _crowd(tx: Tx, keys: Collection[int]) -> Counter[int]:
    query = (
        sa.select(lead_keys.c.hash, sa.func.count())
        .where(
            lead_keys.c.workspace_id == tx.workspace_id,
            among(tx.conn, lead_keys.c.hash, list(keys)),
        )
        .group_by(lead_keys.c.hash)
    )
    return Counter({row[0]: row[1] for row in tx.conn.execute(query)})
