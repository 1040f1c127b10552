"""Where what is known of a lead or a company comes from, and what happened to it."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.events.event import list_events
from leadloom.leads.fold import Claim, Folded
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import records, runs, sources
from leadloom.workspace.views import EventView, FieldView, OtherFact


def field_views(tx: Tx, folded: Folded, *, with_repetitions: bool = True) -> list[FieldView]:
    """Return each field with the fact that won it and the facts that did not, by name.

    Without repetitions, of those that say the same the best one stands for all.
    """
    claims = {name: folded.claims[name] for name in sorted(folded.values)}
    if not with_repetitions:
        claims = {name: _distinct(said) for name, said in claims.items()}
    told_by = {claim.testimony.record_id for said in claims.values() for claim in said}
    origins = _origins(tx, sorted(told_by))
    return [_field_view(name, folded.values[name], said, origins) for name, said in claims.items()]


def history(tx: Tx, entity: str, keys: Sequence[int]) -> list[EventView]:
    """Return what happened to leads or companies, newest first."""
    happened = list_events(tx, entity, keys)
    run_ids = {event.run_id for event in happened if event.run_id}
    query = sa.select(runs.c.id, runs.c.uuid).where(runs.c.id.in_(run_ids))
    uuids = {row.id: row.uuid for row in tx.conn.execute(query)}
    return [
        EventView(e.occurred_at, e.type, e.actor, uuids.get(e.run_id or 0), e.data)
        for e in happened
    ]


def _origins(tx: Tx, record_ids: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in chunks(record_ids):
        query = (
            sa.select(
                records.c.id, records.c.row_number, sources.c.name, sources.c.kind, runs.c.uuid
            )
            .join(sources, sources.c.id == records.c.source_id)
            .join(runs, runs.c.id == records.c.run_id)
            .where(among(tx.conn, records.c.id, some))
        )
        found.update((row.id, row) for row in tx.conn.execute(query))
    return found


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    best: dict[str, Claim] = {}
    for claim in claims:
        best.setdefault(repr(claim.value), claim)
    return list(best.values())


def _field_view(
    name: str, value: Any, claims: Sequence[Claim], origins: Mapping[int, Any]
) -> FieldView:
    winner, *losers = claims
    others = [OtherFact(value=loser.value, **_origin(loser, origins)) for loser in losers]
    kind = origins[winner.testimony.record_id].kind
    return FieldView(field=name, value=value, kind=kind, **_origin(winner, origins), others=others)


def _origin(claim: Claim, origins: Mapping[int, Any]) -> dict[str, Any]:
    origin, testimony = origins[claim.testimony.record_id], claim.testimony
    sureness = (testimony.facts.get("~") or {}).get(claim.field) or {}
    return {
        "source": origin.name,
        "run": origin.uuid,
        "row": origin.row_number,
        "observed_at": testimony.observed_at,
        "confidence": sureness.get("c", 1.0),
    }
