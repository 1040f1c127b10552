"""Judgements: same, different or unsure about two leads, or two companies.

Every word stays. Of a pair that is the machine's, and each that people said, with the run it was
said in. What counts is the last word of a person, else the machine's: taking a run back takes its
words away, and what was said before counts again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from leadloom.resolve.entity import COMPANY, LEAD, Entity
from leadloom.resolve.family import members_of, root_of
from leadloom.runs.run import RESOLVE
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks, rows_among
from leadloom.storage.tables import judgements, records, runs

_later = judgements.alias()
COUNTS: Final = sa.not_(
    sa.exists().where(
        _later.c.workspace_id == judgements.c.workspace_id,
        _later.c.entity == judgements.c.entity,
        _later.c.low_id == judgements.c.low_id,
        _later.c.high_id == judgements.c.high_id,
        _later.c.is_person,
        sa.or_(sa.not_(judgements.c.is_person), _later.c.id > judgements.c.id),
    )
)
"""The condition that a word counts: no person said anything of the pair after it."""

_SIDES = judgements.c.low_id, judgements.c.high_id
_APART = sa.select(*_SIDES, judgements.c.record_id).where(
    judgements.c.workspace_id == sa.bindparam("workspace"),
    judgements.c.entity == sa.bindparam("entity"),
    judgements.c.verdict == "different",
    COUNTS,
)


class Join(NamedTuple):
    """That two were said to be the same: the last record there was then, and which one goes on.

    `found_by` is the run of `resolve` that found so, or None where a person said it.
    """

    record_id: int
    kept: int
    absorbed: int
    found_by: int | None = None


def write_judgement(
    tx: Tx,
    a: int,
    b: int,
    verdict: str,
    *,
    run_id: int,
    score: float,
    reasons: tuple[str, ...],
    record_id: int,
    entity: Entity = LEAD,
) -> None:
    """Keep what the machine found about leads `a` and `b`, in place of what it found before."""
    about = sa.and_(_about(tx, a, b, entity), sa.not_(judgements.c.is_person))
    values = {
        "verdict": verdict,
        "run_id": run_id,
        "score": score,
        "reasons": list(reasons),
        "record_id": record_id,
    }
    known = judgements.update().where(about).values(**values, **tx.touch())
    if not tx.conn.execute(known).rowcount:
        _insert(tx, a, b, entity, is_person=False, **values)


def say(tx: Tx, a: int, b: int, verdict: str, run_id: int, entity: Entity = LEAD) -> None:
    """Keep a person's word about two leads, each with all that is one with it.

    Whatever people said otherwise of any two of them counts no more.
    """
    last = tx.conn.scalar(sa.select(sa.func.max(records.c.id)))
    doubt = _doubt(tx, a, b, entity) if verdict == "unsure" else {"score": None, "reasons": []}
    values = {"verdict": verdict, "run_id": run_id, "record_id": last, **doubt}
    for low, high in {_pair(a, b), *_contrary(tx, a, b, verdict, entity)}:
        _insert(tx, low, high, entity, is_person=True, **values)


def ask(tx: Tx, a: int, b: int, run_id: int, score: float, reasons: Sequence[str]) -> None:
    """Keep a doubt about two leads that was brought from elsewhere."""
    last = tx.conn.scalar(sa.select(sa.func.max(records.c.id)))
    values = {"verdict": "unsure", "run_id": run_id, "record_id": last}
    _insert(tx, a, b, LEAD, is_person=True, score=score, reasons=list(reasons), **values)


def _doubt(tx: Tx, a: int, b: int, entity: Entity) -> dict[str, Any]:
    """Return the score and the reasons of a doubt: a person who shares it has no others."""
    found = tx.conn.execute(
        sa.select(judgements.c.score, judgements.c.reasons)
        .where(_about(tx, a, b, entity), sa.not_(judgements.c.is_person))
        .order_by(judgements.c.id.desc())
        .limit(1)
    ).first()
    return dict(found._mapping) if found else {"score": None, "reasons": []}


def _contrary(tx: Tx, a: int, b: int, verdict: str, entity: Entity) -> list[tuple[int, int]]:
    """Return the pairs across the two leads of which people said something else."""
    ours, theirs = (members_of(tx, root_of(tx, one, entity), entity) for one in (a, b))
    low, high = judgements.c.low_id, judgements.c.high_id
    query = sa.select(low, high).where(
        _of(tx, entity),
        judgements.c.is_person,
        judgements.c.verdict != verdict,
        sa.or_(
            sa.and_(among(tx.conn, low, ours), among(tx.conn, high, theirs)),
            sa.and_(among(tx.conn, low, theirs), among(tx.conn, high, ours)),
        ),
        COUNTS,
    )
    return [(row.low_id, row.high_id) for row in tx.conn.execute(query)]


def kept_apart(tx: Tx, ids: Collection[int], entity: Entity = LEAD) -> dict[frozenset[int], int]:
    """Return the pairs with one of `ids` in them that a person said are different.

    Each with the last record that there was when they said so.
    """
    given = {"workspace": tx.workspace_id, "entity": entity.noun}
    found = [row for side in _SIDES for row in rows_among(tx.conn, _APART, side, ids, **given)]
    return {frozenset((row.low_id, row.high_id)): row.record_id or 0 for row in found}


def settled_about(tx: Tx, ids: Collection[int]) -> set[int]:
    """Return the records that were settled when people parted any of these companies."""
    settled: set[int] = set()
    for some in chunks(list(ids)):
        query = (
            sa.select(runs.c.options)
            .join_from(judgements, runs, runs.c.id == judgements.c.run_id)
            .where(
                _of(tx, COMPANY),
                judgements.c.verdict == "different",
                among(tx.conn, judgements.c.low_id, some),
                COUNTS,
            )
        )
        for options in tx.conn.scalars(query):
            settled.update(options.get("settled") or ())
    return settled


def joins_said(tx: Tx, ids: Collection[int], entity: Entity = LEAD) -> list[Join]:
    """Return which of these were said to be the same, by people or a `resolve`, in that order."""
    found: list[Any] = []
    low, high = judgements.c.low_id, judgements.c.high_id
    for some in chunks(list(ids)):
        query = (
            sa.select(judgements.c.record_id, low, high, runs.c.options, runs.c.kind, runs.c.id)
            .outerjoin(runs, runs.c.id == judgements.c.run_id)
            .where(
                _of(tx, entity),
                among(tx.conn, low, some),
                judgements.c.is_person,
                judgements.c.verdict == "same",
                COUNTS,
            )
            .order_by(judgements.c.id)
        )
        found += [row for row in tx.conn.execute(query) if row.high_id in ids]
    names = _names(tx, {key for row in found for key in (row.low_id, row.high_id)}, entity)
    return [
        Join(
            row.record_id or 0,
            *_directed(row.low_id, row.high_id, names, row.options),
            row.id if row.kind == RESOLVE else None,
        )
        for row in found
    ]


def _names(tx: Tx, ids: Collection[int], entity: Entity) -> dict[int, tuple[str, int | None]]:
    own = entity.table.c
    query = sa.select(own.id, own.uuid, own.merged_into).where(among(tx.conn, own.id, ids))
    rows = tx.conn.execute(query) if ids else ()
    return {row.id: (str(row.uuid), row.merged_into) for row in rows}


def _directed(
    a: int, b: int, names: Mapping[int, tuple[str, int | None]], options: Mapping[str, Any] | None
) -> tuple[int, int]:
    """Put the lead that goes on first: as the run has it, else as the pointer has it."""
    kept = (options or {}).get("kept")
    is_other = names[b][0] == kept or (names[a][0] != kept and names[a][1] == b)
    return (b, a) if is_other else (a, b)


def one_since(tx: Tx, a: int, b: int, entity: Entity = LEAD) -> int | None:
    """Return the first record that found two merged leads as one; None when that is not known."""
    query = (
        sa.select(judgements.c.record_id, judgements.c.is_person)
        .where(_about(tx, a, b, entity), judgements.c.verdict == "same")
        .order_by(judgements.c.is_person.desc(), judgements.c.id.desc())
    )
    found = tx.conn.execute(query.limit(1)).first()
    if found is None or found.record_id is None:
        return None
    # The machine merges by what a record shows; a person spoke after the last one there was.
    return int(found.record_id) + int(found.is_person)


def spoken_of(tx: Tx, run_id: int, entity: Entity = LEAD) -> set[int]:
    """Return the leads (or companies) of which people said something in a run."""
    query = sa.select(judgements.c.low_id, judgements.c.high_id).where(
        _of(tx, entity), _said_in(tx, run_id)
    )
    return {lead for row in tx.conn.execute(query) for lead in row}


def take_back(tx: Tx, run_id: int) -> None:
    """Delete what people said in a run."""
    tx.conn.execute(judgements.delete().where(_said_in(tx, run_id)))


def take_back_joins(tx: Tx, joins: Iterable[Join], entity: Entity) -> None:
    """Delete what runs of `resolve` found, of these."""
    for join in joins:
        about = _about(tx, join.kept, join.absorbed, entity)
        tx.conn.execute(judgements.delete().where(about, judgements.c.run_id == join.found_by))


def found_in(tx: Tx, run_id: int, entity: Entity, limit: int) -> list[Join]:
    """Return some of what a run of `resolve` found to be the same, the last first."""
    low, high = judgements.c.low_id, judgements.c.high_id
    query = (
        sa.select(low, high)
        .where(_of(tx, entity), _said_in(tx, run_id), judgements.c.verdict == "same")
        .order_by(judgements.c.id.desc())
        .limit(limit)
    )
    return [Join(0, row.low_id, row.high_id, run_id) for row in tx.conn.execute(query)]


def doubted(tx: Tx, entity: Entity = LEAD) -> list[tuple[int, int]]:
    """Return the pairs, by the leads that speak for them, that the machine had a doubt about."""
    low, high = entity.table.alias(), entity.table.alias()
    one, other = (sa.func.coalesce(lead.c.root_id, lead.c.id) for lead in (low, high))
    query = (
        sa.select(one, other)
        .join_from(judgements, low, low.c.id == judgements.c.low_id)
        .join(high, high.c.id == judgements.c.high_id)
        .where(
            _of(tx, entity),
            sa.not_(judgements.c.is_person),
            judgements.c.verdict == "unsure",
            one != other,
        )
    )
    return [(row[0], row[1]) for row in tx.conn.execute(query)]


def judged_with(tx: Tx, ids: Collection[int], entity: Entity = LEAD) -> set[int]:
    """Return the leads of which the machine found something together with any of these."""
    query = sa.select(*_SIDES).where(sa.not_(judgements.c.is_person))
    return {lead for row in about_any(tx, query, ids, entity) for lead in row}


def forget_machine_judgements(
    tx: Tx, ids: Collection[int], entity: Entity = LEAD, *, also_people: bool = False
) -> None:
    """Delete what the machine (and, if said, people) judged about these leads."""
    forgetting = judgements.delete()
    if not also_people:
        forgetting = forgetting.where(sa.not_(judgements.c.is_person))
    for some in chunks(list(ids)):
        for side in _SIDES:
            tx.conn.execute(forgetting.where(_of(tx, entity), among(tx.conn, side, some)))


def about_any(
    tx: Tx, query: sa.Select[Any], ids: Collection[int], entity: Entity = LEAD
) -> list[Any]:
    """Return the rows of a query of judgements that speak of any of `ids`; of two of them, twice.

    Each side of the pairs is asked for by itself: with an OR no database uses its index.
    """
    found: list[Any] = []
    for some in chunks(list(ids)):
        for side in _SIDES:
            found += tx.conn.execute(query.where(_of(tx, entity), among(tx.conn, side, some)))
    return found


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _said_in(tx: Tx, run_id: int) -> sa.ColumnElement[bool]:
    here = judgements.c.workspace_id == tx.workspace_id
    return sa.and_(here, judgements.c.run_id == run_id, judgements.c.is_person)


def _of(tx: Tx, entity: Entity) -> sa.ColumnElement[bool]:
    here = judgements.c.workspace_id == tx.workspace_id
    return sa.and_(here, judgements.c.entity == entity.noun)


def _about(tx: Tx, a: int, b: int, entity: Entity) -> sa.ColumnElement[bool]:
    low, high = _pair(a, b)
    return sa.and_(_of(tx, entity), judgements.c.low_id == low, judgements.c.high_id == high)


def _insert(tx: Tx, a: int, b: int, entity: Entity, **values: Any) -> None:
    low, high = _pair(a, b)
    tx.conn.execute(
        judgements.insert().values(
            workspace_id=tx.workspace_id,
            entity=entity.noun,
            low_id=low,
            high_id=high,
            **values,
            **tx.stamp(),
        )
    )
