"""Duplicates: pairs of leads, or companies, that may be one and wait for a person's word."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.entity import COMPANY, LEAD, Entity
from leadloom.resolve.judgement import COUNTS
from leadloom.runs.run import RESOLVE
from leadloom.storage.database import Tx
from leadloom.storage.tables import judgements, runs

OFFERS = "offers_companies"
"""What the options of a run say that left a set of pairs of companies."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two leads (or companies) that may be one, with the score (0-1) and the reasons."""

    a: uuid.UUID
    a_name: str | None
    b: uuid.UUID
    b_name: str | None
    score: float | None
    reasons: list[str]


def list_duplicates(
    tx: Tx, *, limit: int = 100, of: int | None = None, entity: Entity = LEAD
) -> list[Duplicate]:
    """Return the pairs that wait for a person's verdict, best first; those of one if given."""
    waiting = _waiting(tx, entity).subquery()
    a, b = entity.table.alias(), entity.table.alias()
    name = entity.name.name
    query = (
        sa.select(a.c.uuid, a.c[name], b.c.uuid, b.c[name], waiting.c.score, waiting.c.reasons)
        .join_from(waiting, a, a.c.id == waiting.c.a)
        .join(b, b.c.id == waiting.c.b)
        .order_by(*_best_first(waiting), waiting.c.a, waiting.c.b)
        .limit(limit)
    )
    if of is not None:
        query = query.where(sa.or_(waiting.c.a == of, waiting.c.b == of))
    return [Duplicate(*row) for row in tx.conn.execute(query)]


def count_duplicates(tx: Tx, entity: Entity = LEAD) -> int:
    """Return how many pairs wait for a person's verdict."""
    doubts, apart = (_pairs(tx, one, entity).subquery() for one in ("unsure", "different"))
    waiting = sa.except_(sa.select(doubts.c.a, doubts.c.b), sa.select(apart.c.a, apart.c.b))
    return tx.conn.scalar(sa.select(sa.func.count()).select_from(waiting.subquery())) or 0


def said_otherwise(tx: Tx, entity: Entity) -> set[frozenset[int]]:
    """Return the pairs of which people said that they are different, or that it cannot be told;
    by those that speak for the two."""
    said: set[frozenset[int]] = set()
    for verdict in ("different", "unsure"):
        pairs = _pairs(tx, verdict, entity).where(judgements.c.is_person)
        said.update(frozenset((row.a, row.b)) for row in tx.conn.execute(pairs))
    return said


def latest_offer(tx: Tx) -> int | None:
    """Return the run whose pairs of companies count, the last of `offers`; None without any."""
    return next(offers(tx), None)


def offers(tx: Tx) -> Iterator[int]:
    """Yield the runs of `resolve` that left pairs of companies and stand, the last one first."""
    query = sa.select(runs.c.id, runs.c.options).where(
        runs.c.workspace_id == tx.workspace_id,
        runs.c.kind == RESOLVE,
        runs.c.undone_at.is_(None),
    )
    rows = tx.conn.execute(query.order_by(runs.c.id.desc()))
    return (row.id for row in rows if row.options.get(OFFERS))


def _waiting(tx: Tx, entity: Entity) -> sa.Select[Any]:
    """A query for the strongest doubt about each two leads (`a`, `b`: those that speak for them).

    Two are not doubted when a person called any whom they speak for different.
    """
    doubts, apart = (_pairs(tx, one, entity).subquery() for one in ("unsure", "different"))
    strongest = sa.func.row_number().over(
        partition_by=[doubts.c.a, doubts.c.b],
        order_by=[*_best_first(doubts), doubts.c.low_id, doubts.c.high_id],
    )
    ranked = (
        sa.select(doubts, strongest.label("place"))
        .outerjoin(apart, sa.and_(apart.c.a == doubts.c.a, apart.c.b == doubts.c.b))
        .where(apart.c.id.is_(None))
        .subquery()
    )
    return sa.select(ranked).where(ranked.c.place == 1)


def _best_first(doubts: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    """Order by score, then by the record that raised the doubt: an undo writes them down anew."""
    return [doubts.c.score.is_(None), doubts.c.score.desc(), doubts.c.record_id]


def _pairs(tx: Tx, verdict: str, entity: Entity) -> sa.Select[Any]:
    """A query for the words that count with this verdict, by the leads that speak for the two."""
    rows = entity.table
    low, high = rows.alias(), rows.alias()
    low_root, high_root = rows.alias(), rows.alias()
    one, other = low_root.c.id, high_root.c.id
    return (
        sa.select(
            judgements.c.id,
            judgements.c.low_id,
            judgements.c.high_id,
            judgements.c.record_id,
            judgements.c.score,
            judgements.c.reasons,
            sa.case((one < other, one), else_=other).label("a"),
            sa.case((one < other, other), else_=one).label("b"),
        )
        .join(low, low.c.id == judgements.c.low_id)
        .join(high, high.c.id == judgements.c.high_id)
        .join(low_root, one == sa.func.coalesce(low.c.root_id, low.c.id))
        .join(high_root, other == sa.func.coalesce(high.c.root_id, high.c.id))
        .where(
            judgements.c.workspace_id == tx.workspace_id,
            judgements.c.entity == entity.noun,
            judgements.c.verdict == verdict,
            *_offered(tx, entity),
            one != other,
            low_root.c.deleted_at.is_(None),
            high_root.c.deleted_at.is_(None),
            COUNTS,
        )
    )


def _offered(tx: Tx, entity: Entity) -> list[sa.ColumnElement[bool]]:
    """Of what the machine found about companies, only the last set of pairs counts."""
    if entity is not COMPANY:
        return []
    offer = latest_offer(tx)
    return [sa.or_(judgements.c.is_person, judgements.c.run_id == (offer or 0))]
