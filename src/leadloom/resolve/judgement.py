"""Judgements: same, different or unsure about two leads. A person's word outranks the machine's."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
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


def write_judgement(
    tx: Tx,
    a: int,
    b: int,
    verdict: str,
    *,
    is_person: bool,
    run_id: int,
    score: float | None = None,
    reasons: tuple[str, ...] = (),
    record_id: int | None = None,
) -> None:
    """Keep a verdict about leads `a` and `b`; the machine never overwrites a person's."""
    low, high = sorted((a, b))
    pair = sa.and_(
        judgements.c.workspace_id == tx.workspace_id,
        judgements.c.entity == "lead",
        judgements.c.low_id == low,
        judgements.c.high_id == high,
    )
    known = tx.conn.execute(sa.select(judgements).where(pair)).first()
    if known and known.is_person and not is_person:
        return
    values: dict[str, Any] = {
        "verdict": verdict,
        "is_person": is_person,
        "run_id": run_id,
        "score": score,
        "reasons": list(reasons),
        "record_id": record_id,
    }
    if known:
        tx.conn.execute(judgements.update().where(pair).values(**values, **tx.touch()))
        return
    tx.conn.execute(
        judgements.insert().values(
            workspace_id=tx.workspace_id,
            entity="lead",
            low_id=low,
            high_id=high,
            **values,
            **tx.stamp(),
        )
    )


def list_duplicates(tx: Tx, *, limit: int = 100) -> list[Duplicate]:
    """Return the pairs that wait for a person's verdict, best first."""
    low, high = leads.alias(), leads.alias()
    query = (
        sa.select(
            low.c.uuid,
            low.c.full_name,
            high.c.uuid,
            high.c.full_name,
            judgements.c.score,
            judgements.c.reasons,
        )
        .join(low, low.c.id == judgements.c.low_id)
        .join(high, high.c.id == judgements.c.high_id)
        .where(
            judgements.c.workspace_id == tx.workspace_id,
            judgements.c.entity == "lead",
            judgements.c.verdict == "unsure",
            sa.func.coalesce(low.c.root_id, low.c.id)
            != sa.func.coalesce(high.c.root_id, high.c.id),
            low.c.deleted_at.is_(None),
            high.c.deleted_at.is_(None),
        )
        .order_by(judgements.c.score.desc(), judgements.c.id)
        .limit(limit)
    )
    return [Duplicate(*row) for row in tx.conn.execute(query)]


def merges_by_people(tx: Tx, ids: Collection[int]) -> dict[int, int]:
    """Return which of these leads people merged into which."""
    merged: dict[int, int] = {}
    for some in chunks(list(ids)):
        query = (
            sa.select(leads.c.id, leads.c.merged_into)
            .join(judgements, _pairs(leads.c.id, leads.c.merged_into))
            .where(
                leads.c.id.in_(some),
                judgements.c.entity == "lead",
                judgements.c.is_person,
                judgements.c.verdict == "same",
            )
        )
        merged.update((row.id, row.merged_into) for row in tx.conn.execute(query))
    return merged


def _pairs(a: Any, b: Any) -> Any:
    low, high = judgements.c.low_id, judgements.c.high_id
    return sa.or_(sa.and_(low == a, high == b), sa.and_(low == b, high == a))


def forget_machine_judgements(tx: Tx, ids: Collection[int], *, also_people: bool = False) -> None:
    """Delete what the machine (and, if said, people) judged about these leads."""
    for some in chunks(list(ids)):
        about = sa.or_(judgements.c.low_id.in_(some), judgements.c.high_id.in_(some))
        mine = sa.and_(judgements.c.workspace_id == tx.workspace_id, about)
        if not also_people:
            mine = sa.and_(mine, sa.not_(judgements.c.is_person))
        tx.conn.execute(judgements.delete().where(mine))
