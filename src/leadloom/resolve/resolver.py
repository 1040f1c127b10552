"""Grouping everybody again: what is one is woven together, what is not is parted."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.closure import close_leads
from leadloom.resolve.duplicates import count_duplicates
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.examples import EXAMPLES, Parted, Woven
from leadloom.resolve.firm_doubts import offer_companies
from leadloom.resolve.firm_weaving import FirmsWoven, weave_companies
from leadloom.resolve.judgement import doubted, judged_with
from leadloom.resolve.people import called
from leadloom.resolve.regroup import regroups
from leadloom.resolve.replay import decide_again, what_was_asked
from leadloom.resolve.shelf import load_leads
from leadloom.resolve.suspects import Everyone, read_everyone, suspects
from leadloom.resolve.training import keep_up
from leadloom.resolve.versions import BUILT_IN, Version, newest, version_of
from leadloom.resolve.weighing import told
from leadloom.runs import run as runs
from leadloom.runs.run import RESOLVE, Progress
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, rows_among
from leadloom.storage.tables import judgements, leads, records
from leadloom.storage.tables import runs as runs_table

# Groups decided again in one transaction.
BATCH = 100

OpenTx = Callable[[], Any]


@dataclass(slots=True)
class Resolved:
    """What grouping everybody again came to: leads `merged`, `parted`, and `doubtful` pairs.

    `is_learned`: the version was learned from the table for this. `firms` are the companies woven
    into others; of `firms_waiting` pairs of them a person is asked.
    """

    run: runs.Run
    version: int
    records: int = 0
    crowded: int = 0
    groups: int = 0
    firms: FirmsWoven = field(default_factory=FirmsWoven)
    firms_waiting: int = 0
    is_learned: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    examples: list[Woven] = field(default_factory=list)
    partings: list[Parted] = field(default_factory=list)


def resolve(
    open_tx: OpenTx,
    *,
    everything: bool = False,
    on_reading: Callable[[int], None] = lambda rows: None,
    on_progress: Progress = lambda done, counts: None,
    going_on: runs.Run | None = None,
) -> Resolved:
    """Group all records of people again, in a run; or go on with one that was stopped.

    Only those that came since the last time are looked at, and whoever they may be; `everything`
    looks at all. Stopped halfway, what is done stays.
    """
    with open_tx() as tx:
        until = going_on.options["until"] if going_on else _last_record(tx)
        everything = going_on.options["all"] if going_on else everything
        everyone = read_everyone(tx, until, on_reading)
        run = runs.take_over(tx, going_on) if going_on else _start(tx, until, everything)
        before = newest(tx)
        version = _version(tx, everyone, run, is_new=not going_on)
        since = 0 if everything or going_on else _since(tx, version, run)
        groups = suspects(tx, everyone, version, doubted(tx), since=since, everything=everything)
    assert everyone.table is not None
    done = Resolved(run, version.number, len(everyone.ids), everyone.table.pairs.crowded)
    done.groups = len(groups)
    is_new = not going_on and version.number != before.number
    done.is_learned = is_new and version.origin != BUILT_IN
    return _decide(open_tx, done, groups, on_progress)


def _decide(
    open_tx: OpenTx, done: Resolved, groups: Sequence[Sequence[int]], on_progress: Progress
) -> Resolved:
    status, decided = "completed", 0
    for start in range(0, len(groups), BATCH):
        some = groups[start : start + BATCH]
        with open_tx() as tx:
            if runs.is_cancel_requested(tx, done.run.id):
                status = "cancelled"
                break
            _group_again(tx, {lead for group in some for lead in group}, done)
            decided = start + len(some)
            runs.advance(tx, done.run.id, dict(done.counts), decided, total=len(groups))
        on_progress(decided, dict(done.counts))
    if status == "completed":
        done.firms = weave_companies(open_tx, done.run.id)
        done.counts["companies_merged"] = done.firms.merged
        status = "cancelled" if done.firms.is_cancelled else status
    with open_tx() as tx:
        runs.advance(tx, done.run.id, dict(done.counts), decided, total=len(groups))
        if status == "completed":
            offer_companies(tx, done.firms.likely, done.run.id)
            done.firms_waiting = count_duplicates(tx, COMPANY)
        done.run = runs.finish(tx, done.run.id, status, total=len(groups))
    return done


def grouped_in(tx: Tx, run_id: int, limit: int | None = None) -> set[int]:
    """Return leads of which a regrouping found something that stands."""
    query = (
        sa.select(judgements.c.low_id, judgements.c.high_id)
        .where(
            judgements.c.workspace_id == tx.workspace_id,
            judgements.c.entity == "lead",
            judgements.c.run_id == run_id,
            sa.not_(judgements.c.is_person),
        )
        .limit(limit)
    )
    found = {lead for row in tx.conn.execute(query) for lead in row}
    options = tx.conn.scalar(sa.select(runs_table.c.options).where(runs_table.c.id == run_id))
    return found or set((options or {}).get("touched") or ())


def ungroup(tx: Tx, touched: Collection[int], run_id: int) -> int:
    """Decide leads again as if a regrouping had never been; return how many changed."""
    closure = close_leads(tx, touched)
    asked = what_was_asked(tx, closure)
    changed = decide_again(tx, closure, asked, run_id, without=run_id)
    _note_touched(tx, run_id, taken=closure.ids | set(touched))
    return changed


def _group_again(tx: Tx, seeds: Collection[int], done: Resolved) -> None:
    run_id = done.run.id
    closure = close_leads(tx, seeds)
    before, judged = _roots(tx, closure.ids), judged_with(tx, closure.ids)
    asked = what_was_asked(tx, closure, without=run_id)
    decide_again(tx, closure, asked, run_id)
    home_of = _homes(tx, closure.records)
    homes = set(home_of.values())
    after = _roots(tx, closure.ids | homes)
    began = after.keys() - before.keys()
    parted = began | {one for one in before if before[one] != one and after.get(one) == one}
    merged = [one for one in before if before[one] == one and after.get(one) != one]
    parted_from = {one.row.lead_id for one in closure.records.values()} if began else set()
    silent = judged - judged_with(tx, closure.ids | homes)
    _note_touched(tx, run_id, added=parted | parted_from | silent)
    doubts = sa.select(sa.func.count()).where(
        judgements.c.entity == "lead",
        judgements.c.run_id == run_id,
        judgements.c.verdict == "unsure",
        among(tx.conn, judgements.c.low_id, closure.ids | homes),
    )
    done.counts["merged"] += len(merged)
    done.counts["parted"] += len(parted)
    done.counts["doubtful"] += tx.conn.scalar(doubts) or 0
    if merged and len(done.examples) < EXAMPLES:
        done.examples += _examples(tx, run_id, merged)
    if parted and len(done.partings) < EXAMPLES:
        were = {home: closure.records[one].row.lead_id for one, home in home_of.items()}
        pairs = [(after[before.get(one) or were[one]], one) for one in sorted(parted)]
        done.partings += _partings(tx, done.version, pairs[: EXAMPLES - len(done.partings)])


def _homes(tx: Tx, record_ids: Collection[int]) -> dict[int, int]:
    """Return the lead of each of these records that has one."""
    rows = rows_among(tx.conn, _HOMES, records.c.id, record_ids)
    return {row.id: row.lead_id for row in rows}


_HOMES = sa.select(records.c.id, records.c.lead_id).where(records.c.lead_id.is_not(None))


def _note_touched(
    tx: Tx, run_id: int, *, added: Collection[int] = (), taken: Collection[int] = ()
) -> None:
    """Keep in the run of which leads it left no other trace, so that it can be taken back."""
    query = sa.select(runs_table.c.options).where(runs_table.c.id == run_id)
    options = dict(tx.conn.execute(query).scalar_one())
    old = set(options.get("touched") or ())
    new = (old | set(added)) - set(taken)
    if new != old:
        changed = runs_table.update().where(runs_table.c.id == run_id)
        tx.conn.execute(changed.values(options={**options, "touched": sorted(new)}))


def _roots(tx: Tx, ids: Collection[int]) -> dict[int, int]:
    query = sa.select(leads.c.id, sa.func.coalesce(leads.c.root_id, leads.c.id))
    rows = tx.conn.execute(query.where(among(tx.conn, leads.c.id, ids))) if ids else ()
    return {row[0]: row[1] for row in rows}


def _start(tx: Tx, until: int, everything: bool) -> runs.Run:
    return runs.start(tx, RESOLVE, options={"until": until, "all": everything}, agent="resolver")


def _version(tx: Tx, everyone: Everyone, run: runs.Run, *, is_new: bool) -> Version:
    """Return the version that a run judges by, and keep in the run which one it is."""
    if not is_new:
        return version_of(tx, run.options["version"])
    found = keep_up(tx, everyone, run)
    run.options["version"] = found.number
    noted = runs_table.update().where(runs_table.c.id == run.id)
    tx.conn.execute(noted.values(options=run.options))
    return found


def _since(tx: Tx, version: Version, run: runs.Run) -> int:
    """Return up to which record all were grouped by a version before a run."""
    before = regroups(tx, without=run.id)
    again = [word.record_id for word in before if word.version == version.number]
    return max(again, default=0)


def _last_record(tx: Tx) -> int:
    here = records.c.workspace_id == tx.workspace_id
    return tx.conn.scalar(sa.select(sa.func.max(records.c.id)).where(here)) or 0


def _partings(tx: Tx, version: int, pairs: Sequence[tuple[int, int]]) -> list[Parted]:
    """Say why the leads of each pair are two, as they are now."""
    rule = version_of(tx, version).rule
    states = load_leads(tx, {lead for pair in pairs for lead in pair})
    found = []
    for pair in pairs:
        left, parted = (states[lead].person for lead in pair)
        score = rule.explain(left, parted)
        found.append(Parted(called(left), called(parted), score.probability, list(told(score))))
    return found


def _examples(tx: Tx, run_id: int, merged: Collection[int]) -> list[Woven]:
    low, high = leads.alias(), leads.alias()
    query = (
        sa.select(low.c.full_name, high.c.full_name, judgements.c.score, judgements.c.reasons)
        .join(low, low.c.id == judgements.c.low_id)
        .join(high, high.c.id == judgements.c.high_id)
        .where(
            judgements.c.workspace_id == tx.workspace_id,
            judgements.c.entity == "lead",
            judgements.c.run_id == run_id,
            judgements.c.verdict == "same",
            sa.not_(judgements.c.is_person),
            sa.or_(
                among(tx.conn, judgements.c.low_id, merged),
                among(tx.conn, judgements.c.high_id, merged),
            ),
        )
        .order_by(judgements.c.score, judgements.c.id)
        .limit(EXAMPLES)
    )
    return [Woven(*row) for row in tx.conn.execute(query)]
