"""All that hangs together: records that share what is their own, directly or through others.

What one record decided can only have mattered to records it hangs together with. So taking a
record back and deciding the rest of its closure again, in order of arrival, leaves exactly what
would be there had it never come. A key that is nobody's own (a name, an employer, a place) leads
on only to those whom a rule in use does not call different: no others can have mattered.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.judgement import judged_with
from leadloom.resolve.match.blocking import asked_by, room_of
from leadloom.resolve.people import Person
from leadloom.resolve.regroup import regroups
from leadloom.resolve.said import Reader, Said
from leadloom.resolve.shelf import lesson_of, testimonies_of
from leadloom.resolve.versions import Rules
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import companies, company_keys, lead_keys, leads, records

# So many records of a lead are looked at one by one.
_LOOKS = 12


@dataclass(slots=True)
class Closure:
    """Leads or companies that hang together, and every live record of theirs, by its key.

    `crowd` says of keys that too many share since when (their first records) others hold them.
    """

    ids: set[int] = field(default_factory=set)
    records: dict[int, Said] = field(default_factory=dict)
    crowd: dict[int, list[int]] = field(default_factory=dict)


def close_leads(tx: Tx, seeds: Collection[int], reader: Reader | None = None) -> Closure:
    """Return the leads that hang together with `seeds` (merged ones included)."""
    closure, rules, reader = Closure(), Rules(tx), reader or Reader()
    known: set[int] = set()
    layer = _with_family(tx, leads, seeds)
    while layer := layer - closure.ids:
        closure.ids |= layer
        said = [reader.read(row) for row in testimonies_of(tx, records.c.lead_id, layer)]
        closure.records.update((one.row.id, one) for one in said)
        own = {key for one in said for key in one.own_keys} - known
        known |= own
        holders = _holders(tx, lead_keys, lead_keys.c.lead_id, own)
        found = {lead for some in holders.values() for lead in some} | judged_with(tx, layer)
        layer = _with_family(tx, leads, found | alike(tx, said, closure.ids | found, rules, reader))
    closure.crowd = _crowd(tx, closure)
    return closure


def close_companies(tx: Tx, seeds: Collection[int], reader: Reader | None = None) -> Closure:
    """Return the companies that hang together with `seeds`."""
    closure, reader = Closure(), reader or Reader()
    known: set[int] = set()
    layer = _with_family(tx, companies, seeds)
    while layer := layer - closure.ids:
        closure.ids |= layer
        met: set[int] = set()
        for row in testimonies_of(tx, records.c.company_id, layer):
            said = closure.records[row.id] = reader.read(row)
            met.update(said.company_keys)
        met -= known
        known |= met
        holders = _holders(tx, company_keys, company_keys.c.company_id, met)
        layer = _with_family(tx, companies, {one for some in holders.values() for one in some})
    return closure


def _holders(
    tx: Tx, keys: sa.Table, owner: sa.Column[Any], hashes: Collection[int]
) -> dict[int, set[int]]:
    """Return who holds each of these keys."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in chunks(list(hashes)):
        query = sa.select(keys.c.hash, owner).where(
            keys.c.workspace_id == tx.workspace_id, among(tx.conn, keys.c.hash, some)
        )
        for key, holder in tx.conn.execute(query):
            found[key].add(holder)
    return found


def _crowd(tx: Tx, closure: Closure) -> dict[int, list[int]]:
    """Return since when others hold the keys of a closure of which there are too many."""
    held = {key for one in closure.records.values() for key in one.lead_keys}
    keys = held.union(asked_by(held))
    holders = _holders(tx, lead_keys, lead_keys.c.lead_id, keys)
    others = {key: some - closure.ids for key, some in holders.items() if len(some) > room_of(key)}
    since: dict[int, int] = {}
    for some in chunks(sorted({lead for found in others.values() for lead in found})):
        query = (
            sa.select(records.c.lead_id, sa.func.min(records.c.id))
            .where(among(tx.conn, records.c.lead_id, some))
            .group_by(records.c.lead_id)
        )
        since.update((row[0], row[1]) for row in tx.conn.execute(query))
    return {key: sorted(since.get(lead, 0) for lead in some) for key, some in others.items()}


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


def alike(
    tx: Tx, said: Sequence[Said], known: Collection[int], rules: Rules, reader: Reader
) -> set[int]:
    """Return the leads, but those `known`, that share no more than weak keys with these records
    and that some rule in use does not call different from the lead of any of them."""
    by_key: dict[int, set[int]] = defaultdict(set)
    for one in said:
        for key in asked_by(one.lead_keys):
            if key not in one.own_keys:
                by_key[key].add(one.row.lead_id)
    holders = _holders(tx, lead_keys, lead_keys.c.lead_id, by_key)
    pairs = {
        (mine, other)
        for key, some in holders.items()
        if len(some) <= room_of(key) + 1
        for other in some.difference(known)
        for mine in by_key[key]
    }
    if not pairs:
        return set()
    root = _roots(tx, {lead for pair in pairs for lead in pair})
    members = [lead for lead in root if lead not in known]
    theirs = [reader.read(row) for row in testimonies_of(tx, records.c.lead_id, members)]
    everything = [*said, *theirs]
    people, alone = _people(everything, root), _alone(everything, root)
    placed_by = _placed_by(everything, root)
    again = {word.version for word in regroups(tx)}

    @cache
    def are_alike(a: int, b: int) -> bool:
        if not all(person.names for person in (*alone[a], *alone[b])):
            return True  # what has no name goes with others, and who knows with which
        # As they are, and as they would be of whom less were known.
        tried = [(people[a], people[b])]
        if len(alone[a]) > 1 or len(alone[b]) > 1:
            tried += [(one, other) for one in alone[a] for other in alone[b]]
        # Whichever of them came later was placed by its own rule, and no other ever asked.
        used = [rules.of(version) for version in placed_by[a] | placed_by[b] | again]
        return any(
            rule.judge(one, other).answer != "different" for one, other in tried for rule in used
        )

    met = [(mine, other) for mine, other in pairs if mine in root and other in root]
    return {other for mine, other in met if are_alike(root[mine], root[other])}


def _placed_by(said: Iterable[Said], root: Mapping[int, int]) -> dict[int, set[int | None]]:
    """Return the versions of the rules that placed the records of each lead."""
    found: dict[int, set[int | None]] = defaultdict(set)
    for one in said:
        if one.row.lead_id in root:
            found[root[one.row.lead_id]].add(one.row.model_version)
    return found


def _alone(said: Iterable[Said], root: Mapping[int, int]) -> dict[int, list[Person]]:
    """Return what each record by itself says of a lead, or of any that is one with it."""
    alone: dict[int, list[Person]] = defaultdict(list)
    for one in said:
        if one.row.lead_id in root and len(alone[root[one.row.lead_id]]) < _LOOKS:
            person = Person()
            person.learn(*lesson_of(one.row, one.facts)())
            alone[root[one.row.lead_id]].append(person)
    return alone


def _people(said: Iterable[Said], root: Mapping[int, int]) -> dict[int, Person]:
    """Return what is known of each lead, all that was merged into it included."""
    people: dict[int, Person] = defaultdict(Person)
    for one in sorted(said, key=lambda one: one.row.id):
        if one.row.lead_id in root:
            people[root[one.row.lead_id]].learn(*lesson_of(one.row, one.facts)())
    return people


def _roots(tx: Tx, ids: Collection[int]) -> dict[int, int]:
    """Return who speaks for these leads and for all that are one with them."""
    found: dict[int, int] = {}
    speaker = sa.func.coalesce(leads.c.root_id, leads.c.id)
    for some in chunks(list(_with_family(tx, leads, ids))):
        query = sa.select(leads.c.id, speaker).where(among(tx.conn, leads.c.id, some))
        found.update((row[0], row[1]) for row in tx.conn.execute(query))
    return found
