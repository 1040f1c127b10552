"""Duplicates: pairs of leads that may be one person and wait for a person's word."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.judgement import counts
from leadloom.storage.database import Tx
from leadloom.storage.tables import judgements, leads


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two leads that may be one person, with the score (0-1) and the reasons."""

    a: uuid.UUID
    a_name: str | None
    b: uuid.UUID
    b_name: str | None
    score: float | None
    reasons: list[str]


def list_duplicates(tx: Tx, *, limit: int = 100, lead: int | None = None) -> list[Duplicate]:
    """Return the pairs that wait for a person's verdict, best first; those of one lead if given."""
    waiting = _waiting(tx).subquery()
    a, b = leads.alias(), leads.alias()
    query = (
        sa.select(
            a.c.uuid, a.c.full_name, b.c.uuid, b.c.full_name, waiting.c.score, waiting.c.reasons
        )
        .join_from(waiting, a, a.c.id == waiting.c.a)
        .join(b, b.c.id == waiting.c.b)
        .order_by(*_best_first(waiting), waiting.c.a, waiting.c.b)
        .limit(limit)
    )
    if lead is not None:
        query = query.where(sa.or_(waiting.c.a == lead, waiting.c.b == lead))
    return [Duplicate(*row) for row in tx.conn.execute(query)]


def count_duplicates(tx: Tx) -> int:
    """Return how many pairs wait for a person's verdict."""
    doubts, apart = (_pairs(tx, verdict).subquery() for verdict in ("unsure", "different"))
    waiting = sa.except_(sa.select(doubts.c.a, doubts.c.b), sa.select(apart.c.a, apart.c.b))
    return tx.conn.scalar(sa.select(sa.func.count()).select_from(waiting.subquery())) or 0


def _waiting(tx: Tx) -> sa.Select[Any]:
    """A query for the strongest doubt about each two leads (`a`, `b`: those that speak for them).

    Two are not doubted when a person called any whom they speak for different.
    """
    doubts, apart = _pairs(tx, "unsure").subquery(), _pairs(tx, "different").subquery()
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


def _pairs(tx: Tx, verdict: str) -> sa.Select[Any]:
    """A query for the words that count with this verdict, by the leads that speak for the two."""
    low, high = leads.alias(), leads.alias()
    low_root, high_root = leads.alias(), leads.alias()
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
            judgements.c.entity == "lead",
            judgements.c.verdict == verdict,
            one != other,
            low_root.c.deleted_at.is_(None),
            high_root.c.deleted_at.is_(None),
            counts(judgements),
        )
    )
