"""Between the desk and the database: fetch leads and companies, and put them back folded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from leadloom.events.event import Happening, change, record_many
from leadloom.ids import new_uuid
from leadloom.leads import lead as lead_fold
from leadloom.leads.fold import Testimony, fold
from leadloom.resolve.desk import Desk, LeadState
from leadloom.resolve.judgement import kept_apart
from leadloom.resolve.match.blocking import asked_by, room_of
from leadloom.runs.source import ENRICHMENT, PERSON
from leadloom.storage.database import Tx
from leadloom.storage.dialect import insert_new, insert_rows, rows_among, update_rows
from leadloom.storage.tables import lead_keys, leads, records, sources
from leadloom.storage.types import load_json

_LONG_SINCE = 0
# Not news by themselves: derived from the others.
_DERIVED = frozenset({"winners", "source_id"})


def scope_of(source_id: int, provider: str | None) -> str:
    """Return who an external id belongs to: the provider, else this one source."""
    return f"provider:{provider}" if provider else f"source:{source_id}"


def ref_of(source_id: int, provider: str | None, external_id: str | None) -> str | None:
    """Return what names a record's subject across all records, or None when nothing does."""
    return None if external_id is None else f"{scope_of(source_id, provider)}/{external_id}"


# Statements are made once: of what a single row costs, a third was making them.
_ROWS = sa.select(leads)
_FATES = sa.select(leads.c.id, leads.c.deleted_at)
_PARTS = sa.select(leads.c.id, leads.c.root_id)
_TESTIMONIES = (
    sa.select(
        records.c.id,
        records.c.source_id,
        records.c.external_id,
        records.c.policy,
        records.c.observed_at,
        records.c.facts,
        records.c.lead_id,
        records.c.company_id,
        records.c.is_pinned,
        records.c.run_id,
        records.c.model_version,
        sources.c.kind,
        sources.c.provider,
        sources.c.trust,
    )
    .join(sources, sources.c.id == records.c.source_id)
    .where(records.c.facts.is_not(None), records.c.withdrawn_at.is_(None))
    .order_by(records.c.id)
)


def testimonies_of(tx: Tx, owner: sa.Column[Any], ids: Collection[int]) -> list[Any]:
    """Return the live records of leads or companies (`owner` says which), in order of arrival."""
    return rows_among(tx.conn, _TESTIMONIES, owner, ids)


def testimony_of(row: Any, facts: Mapping[str, Any]) -> Testimony:
    """Make a testimony of a row of `testimonies_of`."""
    return Testimony(
        row.id,
        row.source_id,
        ref_of(row.source_id, row.provider, row.external_id),
        row.kind == PERSON,
        row.policy,
        row.trust,
        row.observed_at,
        facts,
        row.company_id,
    )


def lesson_of(row: Any, facts: Mapping[str, Any]) -> Any:
    """Return what a stored record teaches about its person, for `LeadState.hear`.

    What enrichment guessed teaches nothing: it must not count for or against anybody.
    """
    if row.kind == ENRICHMENT:
        return lambda: ({}, None)
    scope = scope_of(row.source_id, row.provider)
    ref = (scope, row.external_id) if row.external_id is not None else None
    return lambda: (facts, ref)


def fetch_leads(tx: Tx, desk: Desk, keys: Collection[int]) -> None:
    """Put on the desk all leads that who holds any of `keys` finds, with all that is said of them.

    The others that hold one of these are only counted.
    """
    asked = set(asked_by(keys))
    found = holders(tx, lead_keys, lead_keys.c.lead_id, leads, asked.union(keys))
    is_met = [key for key, roots in found.items() if key in asked and len(roots) <= room_of(key)]
    states = load_leads(tx, {root for key in is_met for root in found[key]}, with_rows=False)
    by_root, own = by_root_and_own(found)
    for root, state in states.items():
        desk.add_lead(state, by_root[root], own[root])
    desk.crowd = {
        key: [_LONG_SINCE] * others
        for key, roots in found.items()
        if (others := len(roots) - len(states.keys() & roots))
    }
    members = [member for state in states.values() for member in state.members]
    desk.kept_apart |= kept_apart(tx, members)


def load_leads(tx: Tx, roots: Collection[int], *, with_rows: bool = True) -> dict[int, LeadState]:
    """Return leads by id with all that is said of them and, if asked for, their stored rows."""
    states: dict[int, LeadState] = {}
    root_of: dict[int, int] = {}
    for row in rows_among(tx.conn, _ROWS if with_rows else _FATES, leads.c.id, roots):
        states[row.id] = LeadState(row.id, True, is_deleted=row.deleted_at is not None)
        states[row.id].row = dict(row._mapping) if with_rows else None
        root_of[row.id] = row.id
    for row in rows_among(tx.conn, _PARTS, leads.c.root_id, states):
        root_of[row.id] = row.root_id
        states[row.root_id].parts += (row.id,)
    for row in testimonies_of(tx, records.c.lead_id, root_of):
        state, facts = states[root_of[row.lead_id]], load_json(row.facts)
        state.testimonies.append(testimony_of(row, facts))
        state.hear(row.id, lesson_of(row, facts))
    return states


def holders(
    tx: Tx, table: sa.Table, owner: sa.Column[Any], owners: sa.Table, keys: Collection[int]
) -> dict[int, dict[int, bool]]:
    """Return which roots hold each key, and whether themselves or by what they absorbed."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    query = _holding(table, owner, owners)
    rows = rows_among(tx.conn, query, table.c.hash, keys, workspace=tx.workspace_id)
    for key, holder, root in rows:
        roots = found[key]
        roots[root or holder] = roots.get(root or holder, False) or root is None
    return found


@cache
def _holding(table: sa.Table, owner: sa.Column[Any], owners: sa.Table) -> sa.Select[Any]:
    query = sa.select(table.c.hash, owners.c.id, owners.c.root_id)
    here = table.c.workspace_id == sa.bindparam("workspace")
    return query.join(owners, owners.c.id == owner).where(here)


def by_root_and_own(
    found: Mapping[int, Mapping[int, bool]],
) -> tuple[dict[int, list[int]], dict[int, set[int]]]:
    """Turn key -> roots around: the keys that find each root, and those it holds itself."""
    keys: dict[int, list[int]] = defaultdict(list)
    own: dict[int, set[int]] = defaultdict(set)
    for key, roots in found.items():
        for root, is_own in roots.items():
            keys[root].append(key)
            if is_own:
                own[root].add(key)
    return keys, own


def store_leads(
    tx: Tx, states: Sequence[LeadState], ready: Mapping[LeadState, dict[str, Any]], run_id: int
) -> dict[int, list[str]]:
    """Write leads that are new or whose records changed; return what changed, by id.

    `ready` has the columns, already folded, of leads with a single record.
    """
    dirty = [state for state in states if state.is_touched]
    stamp, touch = tx.stamp(), tx.touch()
    inserts: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    happened: list[Happening] = []
    changed: dict[int, list[str]] = {}
    moved = {"key", "source_id", *touch}
    _read_rows(tx, [state for state in dirty if state.is_stored and state.row is None])
    for state in dirty:
        assert state.id is not None
        row = fold_lead(state, ready.get(state))
        if state.row is None:
            own = {"id": state.id, "uuid": new_uuid(), "workspace_id": tx.workspace_id}
            inserts.append({**own, **row, **stamp})
            happened.append(("lead.created", state.id, None))
        elif difference := differences(state.row, row):
            changed[state.id] = list(difference)
            moved.update(difference)
            updates.append({"key": state.id, **row, **touch})
            happened.append(("lead.updated", state.id, change(difference)))
        elif state.row["source_id"] != row["source_id"]:
            updates.append({"key": state.id, **row, **touch, "updated_at": state.row["updated_at"]})
    # Of many columns few have changed; which of them have an index costs most.
    few = [{name: value for name, value in row.items() if name in moved} for row in updates]
    write_rows(tx, leads, inserts, few)
    record_many(tx, happened, run_id=run_id)
    write_keys(tx, lead_keys, "lead_id", [(s.new_keys, s.id) for s in dirty])
    return changed


def _read_rows(tx: Tx, states: Sequence[LeadState]) -> None:
    by_id = {state.id: state for state in states if state.id is not None}
    for row in rows_among(tx.conn, _ROWS, leads.c.id, by_id):
        by_id[row.id].row = dict(row._mapping)


def fold_lead(state: LeadState, ready: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the columns of a lead: the fold of all that is said of it."""
    said = state.testimonies
    if ready is not None and len(said) == 1:
        return {**_BLANK, **ready, "company_id": said[0].company_id, "source_id": said[0].source_id}
    return lead_columns(said)


_BLANK = dict.fromkeys(lead_fold.columns_of({}))


def lead_columns(said: Sequence[Testimony]) -> dict[str, Any]:
    """Return the columns of a lead of which all this is said."""
    folded = fold(said)
    row = lead_fold.columns_of(folded.values)
    row["company_id"] = _company_of(folded.claims, said)
    first = min(said, key=lambda testimony: testimony.record_id, default=None)
    row["source_id"] = first.source_id if first else None
    return row


def _company_of(claims: Mapping[str, Any], said: Sequence[Testimony]) -> int | None:
    """Return the company of the record that named it; else of the newest that has one."""
    for name in ("company", "domain"):
        if name in claims:
            winner: Testimony = claims[name][0].testimony
            if winner.facts.get(name) is None:
                return None
            if winner.company_id is not None:
                return winner.company_id
    return next((t.company_id for t in reversed(said) if t.company_id is not None), None)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return {column: [old, new]} of what changed and is news."""
    return {
        name: [old[name], value]
        for name, value in new.items()
        if name not in _DERIVED and old[name] != value
    }


def write_rows(
    tx: Tx, table: sa.Table, inserts: list[dict[str, Any]], updates: list[dict[str, Any]]
) -> None:
    """Insert new rows, and update others by their `key`."""
    insert_rows(tx.conn, table, inserts)
    update_rows(tx.conn, table, updates)


def write_keys(
    tx: Tx, table: sa.Table, owner: str, held: Iterable[tuple[Collection[int], int | None]]
) -> None:
    """Let leads or companies be found by the keys they hold."""
    # In the order of the index: neighbours go to one page, which is read and written once.
    pairs = sorted((key, holder) for keys, holder in held for key in keys)
    rows = [{"workspace_id": tx.workspace_id, "hash": key, owner: holder} for key, holder in pairs]
    insert_new(tx.conn, table, rows)
