"""Writing down what a hearing came to: who speaks for whom, and what records showed."""

from collections.abc import Collection, Mapping, Sequence

from leadloom.events.event import record_many
from leadloom.resolve.desk import Placement, State
from leadloom.resolve.entity import LEAD, Entity
from leadloom.resolve.family import pointers_of
from leadloom.resolve.heard import Finder
from leadloom.resolve.judgement import write_judgement
from leadloom.resolve.merge import parted, woven
from leadloom.resolve.people import Verdict
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks


def write_pointers(
    tx: Tx,
    atoms: Mapping[int, State],
    used: Collection[State],
    run_id: int,
    entity: Entity = LEAD,
) -> None:
    """Write who speaks for whom; a lead that is gone speaks for nobody."""
    rows, before = entity.table, pointers_of(tx, atoms.keys(), entity)
    for some in chunks(list(atoms)):
        tx.conn.execute(
            rows.update().where(rows.c.id.in_(some)).values(merged_into=None, root_id=None)
        )
    after: dict[int, int] = {}
    for state in used:
        chain = _speakers(state, used)
        if chain and state.id:
            pointing = rows.update().where(rows.c.id == state.id)
            tx.conn.execute(pointing.values(merged_into=chain[0], root_id=chain[-1]))
            after[state.id] = chain[-1]
    stayed = {state.id for state in used}
    merges = [(root, part) for part, root in after.items() if before.get(part) != root]
    cuts = {part: root for part, root in before.items() if part in stayed and part not in after}
    record_many(tx, woven(tx, merges, entity), run_id=run_id)
    for part, root in cuts.items():
        record_many(tx, parted(tx, root, part, entity), run_id=run_id)


def _speakers(state: State, used: Collection[State]) -> list[int]:
    """Return the leads above one that still have records, from the one it was merged into on."""
    chain: list[int] = []
    above = state.merged_into
    while above is not None:
        if above in used and above.id is not None:
            chain.append(above.id)
        above = above.merged_into
    return chain


def write_findings(tx: Tx, found: Sequence[tuple[Finder, Placement]]) -> None:
    """Write what records showed of leads: which are one, and which may be."""
    for finder, placement in found:
        for younger, verdict in placement.merged:
            if younger.merged_into and younger.merged_into.id and younger.id:
                pair = (younger.merged_into.id, younger.id)
                _judge(tx, pair, verdict, "same", finder)
        for doubt in placement.doubts:
            if doubt.a.id and doubt.b.id and doubt.a.root is not doubt.b.root:
                pair = (doubt.a.id, doubt.b.id)
                _judge(tx, pair, doubt.verdict, "unsure", finder)


def _judge(tx: Tx, pair: tuple[int, int], verdict: Verdict, answer: str, finder: Finder) -> None:
    write_judgement(
        tx,
        *pair,
        answer,
        run_id=finder[0],
        score=verdict.score,
        reasons=verdict.reasons,
        record_id=finder[1],
    )
