"""Companies between the desk and the database.

A company may have any number of records, so it keeps the testimonies that made its values, and a
new record is folded with those. One that only repeats what is known is not even that.
"""

import datetime as dt
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from leadloom.events.event import Happening, change, record_many
from leadloom.ids import new_uuid
from leadloom.leads import company as company_fold
from leadloom.leads.fold import (
    REMOVED,
    SURENESS,
    Rank,
    Testimony,
    fold,
    fold_alone,
    rank_of,
    winners,
)
from leadloom.resolve.desk import CompanyState, Desk
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.family import members_of, roots_of
from leadloom.resolve.firms import firm_facts
from leadloom.resolve.match.blocking import room_of
from leadloom.resolve.shelf import (
    by_root_and_own,
    differences,
    holders,
    testimonies_of,
    testimony_of,
    write_keys,
    write_rows,
)
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks, rows_among
from leadloom.storage.tables import companies, company_keys, records
from leadloom.storage.types import dump_json, load_json

# What the winners of a company hold only if a person said that it has no domain.
_NO_DOMAIN = '"domain":null'

# Companies that are folded afresh at a time: a large one may have thousands of records.
_AT_ONCE = 500

_ROWS = sa.select(companies)
_PARTS = sa.select(companies.c.id, companies.c.root_id)
_WINNERS = sa.select(companies.c.id, companies.c.domain, companies.c.winners)


def fetch_companies(
    tx: Tx, desk: Desk, keys: Collection[int], named: Collection[int] = ()
) -> dict[int, CompanyState]:
    """Put on the desk all companies that any of `keys` finds, and the `named`, by their ids.

    They come with what made their values. Return them by id.
    """
    holding = holders(tx, company_keys, company_keys.c.company_id, companies, keys)
    found = {key: roots for key, roots in holding.items() if len(roots) <= room_of(key) + 1}
    desk.crowded.update(holding.keys() - found.keys())
    by_root, _ = by_root_and_own(found)
    states: dict[int, CompanyState] = {}
    wanted = [*by_root, *(key for key in named if key not in by_root)]
    for key, domain, saved in rows_among(tx.conn, _WINNERS, companies.c.id, wanted):
        states[key] = state = CompanyState(
            id=key,
            is_stored=True,
            has_domain=domain is not None,
            is_bare=domain is None and _NO_DOMAIN in saved,
            saved_winners=saved,
            find_age=partial(_first_record, tx, key),
        )
        desk.add_company(state, by_root.get(key, ()))
    return states


def _first_record(tx: Tx, company_id: int) -> int:
    query = sa.select(sa.func.min(records.c.id)).where(
        among(tx.conn, records.c.company_id, members_of(tx, company_id, COMPANY)),
        records.c.facts.is_not(None),
        records.c.withdrawn_at.is_(None),
    )
    return tx.conn.scalar(query) or sys.maxsize


def store_companies(tx: Tx, states: Iterable[CompanyState], run_id: int) -> dict[int, list[str]]:
    """Write companies that are new or whose records changed; return what changed, by id."""
    touched = [state for state in states if state.is_touched]
    changed = _write(tx, [(s, news) for s in touched if (news := _news(tx, s))], run_id)
    write_keys(tx, company_keys, "company_id", [(s.new_keys, s.id) for s in touched])
    return changed


def _write(
    tx: Tx, dirty: Sequence[tuple[CompanyState, list[Testimony]]], run_id: int
) -> dict[int, list[str]]:
    """Write companies folded from these testimonies; return what changed, by id."""
    stored = _rows(tx, [state.id for state, _ in dirty if state.is_stored and state.id])
    stamp, touch = tx.stamp(), tx.touch()
    inserts: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    happened: list[Happening] = []
    changed: dict[int, list[str]] = {}
    for state, testimonies in dirty:
        assert state.id is not None
        row, old = fold_company(testimonies), stored.get(state.id)
        if old is None:
            own = {"id": state.id, "uuid": new_uuid(), "workspace_id": tx.workspace_id}
            inserts.append({**own, **row, **stamp})
            happened.append(("company.created", state.id, None))
        elif difference := differences(old, row):
            changed[state.id] = list(difference)
            updates.append({"key": state.id, **row, **touch})
            happened.append(("company.updated", state.id, change(difference)))
        elif old["winners"] != row["winners"]:
            updates.append({"key": state.id, **row, **touch, "updated_at": old["updated_at"]})
    write_rows(tx, companies, inserts, updates)
    record_many(tx, happened, run_id=run_id)
    return changed


def fold_company(testimonies: list[Testimony]) -> dict[str, Any]:
    """Return the columns of a company of which all this is said."""
    if len(testimonies) == 1 and REMOVED not in testimonies[0].facts:
        return _fold_alone(testimonies[0])
    folded = fold(testimonies, company_fold.PREFIX)
    kept = [_freeze(testimony) for testimony in winners(folded, company_fold.PREFIX)]
    return {**company_fold.columns_of(folded.values), "winners": dump_json(kept)}


def _fold_alone(testimony: Testimony) -> dict[str, Any]:
    """Return the columns of a company of which this is all that is said; most are."""
    values = fold_alone(testimony.facts)
    return {**company_fold.columns_of(values), "winners": dump_json([_freeze(testimony)])}


def refold_companies(tx: Tx, ids: Collection[int], run_id: int) -> dict[int, list[str]]:
    """Fold companies, or those that speak for them, afresh from all their records.

    Return what changed, by id.
    """
    changed: dict[int, list[str]] = {}
    for some in chunks(sorted(roots_of(tx, ids, COMPANY)), _AT_ONCE):
        said = all_testimonies(tx, some)
        states = [CompanyState(id=key, is_stored=True) for key in some if said[key]]
        changed |= _write(tx, [(state, said[state.id or 0]) for state in states], run_id)
    return changed


def all_testimonies(tx: Tx, ids: Collection[int]) -> dict[int, list[Testimony]]:
    """Return all that is said of companies and those merged into each, by their ids.

    It comes under the companies' own field names, in order of arrival.
    """
    speaker = {key: key for key in ids}
    speaker |= {
        row.id: row.root_id for row in rows_among(tx.conn, _PARTS, companies.c.root_id, ids)
    }
    found: dict[int, list[Testimony]] = {key: [] for key in ids}
    for row in testimonies_of(tx, records.c.company_id, speaker):
        testimony = testimony_of(row, firm_facts(load_json(row.facts)))
        found[speaker[row.company_id]].append(testimony)
    for said in found.values():
        said.sort(key=lambda testimony: testimony.record_id)
    return found


def saved_winners(saved: str | None) -> list[Testimony]:
    """Return the testimonies that made a company's values, as its row keeps them."""
    return [Testimony(*_thaw(one)) for one in load_json(saved or "[]")]


def _news(tx: Tx, state: CompanyState) -> list[Testimony]:
    """Return the testimonies to fold a company from; none when nothing new was said.

    What only repeats a winner, no more strongly than it, cannot change any value. Where the
    winners do not suffice (something they rest on is superseded, or is spoken of as of an earlier
    day), all is read again.
    """
    if state.saved_winners is None and state.is_stored:
        return _all_of(tx, state)
    known = saved_winners(state.saved_winners)
    best = _Best(known)
    news = [testimony for testimony in state.testimonies if best.hears(testimony)]
    state.news = {testimony.record_id for testimony in news}
    if not state.is_stored:
        return state.testimonies
    if not news:
        return []
    refs = {testimony.ref for testimony in known} - {None}
    if any(one.ref in refs or one.observed_at < tx.now for one in news):
        return _all_of(tx, state)
    return known + news


def _all_of(tx: Tx, state: CompanyState) -> list[Testimony]:
    assert state.id is not None
    return all_testimonies(tx, [state.id])[state.id] + state.testimonies


@dataclass(slots=True)
class _Word:
    """The best word on a field so far."""

    value: Any
    rank: Rank


class _Best:
    """What is known of a company, field by field, while more testimonies are heard."""

    def __init__(self, known: Iterable[Testimony]) -> None:
        self._words: dict[str, _Word] = {}
        for testimony in known:
            self.hears(testimony)

    def hears(self, testimony: Testimony) -> bool:
        """Take a testimony in; return whether it says anything new, or anything more strongly."""
        facts = testimony.facts
        is_news = testimony.is_edit or REMOVED in facts
        sureness: Mapping[str, Any] = facts.get(SURENESS) or {}
        plain = rank_of(testimony, None)
        for name, value in facts.items():
            if name in (SURENESS, REMOVED):
                continue
            rank = rank_of(testimony, sureness[name]) if name in sureness else plain
            word = self._words.get(name)
            if word is not None and word.value == value and rank[:4] <= word.rank[:4]:
                continue
            is_news = True
            if word is None or rank > word.rank:
                self._words[name] = _Word(value, rank)
        return is_news


def _rows(tx: Tx, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    rows = rows_among(tx.conn, _ROWS, companies.c.id, ids)
    return {row.id: dict(row._mapping) for row in rows}


def _freeze(testimony: Testimony) -> list[Any]:
    return [
        testimony.record_id,
        testimony.source_id,
        testimony.ref,
        testimony.is_edit,
        testimony.policy,
        testimony.trust,
        testimony.observed_at.isoformat(),
        testimony.facts,
    ]


def _thaw(saved: list[Any]) -> list[Any]:
    return [*saved[:6], dt.datetime.fromisoformat(saved[6]), saved[7]]
