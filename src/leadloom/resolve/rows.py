"""Rows of leads and companies after they were decided again: made, moved, found by keys, gone."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.events.event import record_many
from leadloom.ids import new_uuid
from leadloom.leads import company as company_fold
from leadloom.leads import lead as lead_fold
from leadloom.resolve.closure import Closure
from leadloom.resolve.desk import State
from leadloom.resolve.entity import LEAD, Entity
from leadloom.resolve.judgement import forget_machine_judgements
from leadloom.resolve.said import Said
from leadloom.resolve.shelf import write_keys
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks, reserve_ids
from leadloom.storage.tables import records


def make_rows(tx: Tx, states: Sequence[State], run_id: int, entity: Entity) -> None:
    """Make rows for what has to stand on its own now; folding fills them."""
    blank: dict[str, Any] = (
        lead_fold.columns_of({})
        if entity is LEAD
        else {**company_fold.columns_of({}), "winners": "[]"}
    )
    for state, key in zip(states, reserve_ids(tx.conn, entity.table, len(states)), strict=True):
        state.id = key
        own = {"id": key, "uuid": new_uuid(), "workspace_id": tx.workspace_id}
        tx.conn.execute(entity.table.insert().values(**own, **blank, **tx.stamp()))
    happened = [(f"{entity.noun}.created", state.id, None) for state in states]
    record_many(tx, happened, run_id=run_id)


def rewrite_keys(
    tx: Tx,
    closure: Closure,
    keys_of: Callable[[Said], list[int]],
    held: Iterable[tuple[Collection[int], int | None]],
    entity: Entity,
) -> None:
    """Let the closure be found by the keys that are `held`, each with who holds it, and no others.

    Its keys are those of its records.
    """
    table = entity.keys
    owner = table.c[list(table.c.keys())[-1]]
    met = {key for said in closure.records.values() for key in keys_of(said)}
    wanted = {(key, holder) for keys, holder in held for key in keys}
    there: set[tuple[int, int | None]] = set()
    for some in chunks(list(met)):
        query = sa.select(table.c.hash, owner).where(
            table.c.workspace_id == tx.workspace_id, among(tx.conn, table.c.hash, some)
        )
        there.update((row[0], row[1]) for row in tx.conn.execute(query) if row[1] in closure.ids)
    if stale := there - wanted:
        this = [table.c.workspace_id == tx.workspace_id, table.c.hash == sa.bindparam("key")]
        gone = table.delete().where(*this, owner == sa.bindparam("holder"))
        tx.conn.execute(gone, [{"key": key, "holder": holder} for key, holder in sorted(stale)])
    write_keys(tx, table, owner.name, [([key], holder) for key, holder in wanted - there])


def move(tx: Tx, moved: Mapping[int, int | None], entity: Entity) -> None:
    """Give records, by their keys, to other leads or companies."""
    if moved:
        tx.conn.execute(
            records.update()
            .where(records.c.id == sa.bindparam("key"))
            .values({entity.owner.name: sa.bindparam("home")}),
            [{"key": key, "home": home} for key, home in moved.items()],
        )


def remove(tx: Tx, ids: Sequence[int], run_id: int, entity: Entity) -> None:
    """Delete what nothing speaks of any more, with what was made for it."""
    table, owner = entity.table, entity.owner
    for some in chunks(ids):
        tx.conn.execute(records.update().where(owner.in_(some)).values({owner.name: None}))
        forget_machine_judgements(tx, some, entity, also_people=True)
        gone = tx.conn.execute(sa.select(table.c.id, table.c.uuid).where(table.c.id.in_(some)))
        happened = [(f"{entity.noun}.removed", row.id, {"id": str(row.uuid)}) for row in gone]
        tx.conn.execute(table.delete().where(table.c.id.in_(some)))
        record_many(tx, happened, run_id=run_id)
