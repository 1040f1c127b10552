"""Learning a model from the table, and from what people said, merged and parted.

`train` does so when asked to. A `resolve` does it by itself, where there is enough to learn from,
and again when the table is another size: nobody has to know that there is a model.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.judgement import COUNTS
from leadloom.resolve.match import bulk, learn
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.matcher import Matcher
from leadloom.resolve.match.person import joined
from leadloom.resolve.shelf import load_leads
from leadloom.resolve.suspects import Everyone, read_everyone
from leadloom.resolve.versions import (
    BUILT_IN,
    FEWEST,
    LEARNED,
    TRAINED,
    Version,
    in_force,
    put_in_force,
)
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import judgements, records

TRAIN = "train"
"""The kind of run that a training is."""

ENOUGH = 500
"""Records; of fewer nothing is learned without being asked."""

# Of a table whose size has changed so much, a model is learned anew.
_NEAR_ENOUGH = 1.25

# What one word of a person weighs, in pairs: they were asked about what is hard to tell.
_WEIGHT = 5.0


def train(
    tx: Tx, on_reading: Callable[[int], None] = lambda rows: None
) -> tuple[runs.Run, Version, int]:
    """Fit a model to all there is and put it in force; return it, and how many words it heard."""
    run = runs.start(tx, TRAIN, options={}, agent="resolver")
    here = records.c.workspace_id == tx.workspace_id
    until = tx.conn.scalar(sa.select(sa.func.max(records.c.id)).where(here)) or 0
    everyone = read_everyone(tx, until, on_reading)
    version, words = _learned(tx, everyone, TRAINED, run)
    run = runs.finish(tx, run.id, "completed", total=len(everyone.ids))
    return run, version, words


def keep_up(tx: Tx, everyone: Everyone, run: runs.Run) -> Version:
    """Return the version to judge everyone by: the one in force, or one learned from them now.

    Learned is where there are enough and nothing was learned yet, or the table was another size
    then. A small one has its census taken anew at most. What is learned is undone with `run`.
    """
    found, count = in_force(tx), len(everyone.ids)
    is_near = 1 / _NEAR_ENOUGH < count / max(found.records, 1) < _NEAR_ENOUGH
    if count >= ENOUGH and not (is_near and found.origin != BUILT_IN):
        origin = LEARNED if found.origin == BUILT_IN else found.origin
        return _learned(tx, everyone, origin, run)[0]
    if is_near or found.origin != BUILT_IN or max(count, found.records) < FEWEST:
        return found
    assert everyone.table is not None
    model = found.matcher.model.with_records(count)
    return put_in_force(tx, model, everyone.table.census, origin=BUILT_IN)


def _learned(tx: Tx, everyone: Everyone, origin: str, run: runs.Run) -> tuple[Version, int]:
    """Put a model in force that is fitted to everyone; return it, and how many words it heard."""
    table = everyone.table
    assert table is not None
    if len(everyone.ids) < FEWEST:
        table.census = Census()
    model = bulk.learned(table)
    examples = _said(tx, Matcher(model, table.census))
    if examples:
        model = learn.learn(model, examples)
    version = put_in_force(tx, model, table.census, origin=origin, run_id=run.id)
    return version, len(examples)


def _said(tx: Tx, matcher: Matcher) -> list[learn.Example]:
    """Return what people said of pairs of leads: judged, merged or parted."""
    query = sa.select(judgements.c.low_id, judgements.c.high_id, judgements.c.verdict).where(
        judgements.c.workspace_id == tx.workspace_id,
        judgements.c.entity == "lead",
        judgements.c.is_person,
        judgements.c.verdict.in_(("same", "different")),
        COUNTS,
    )
    found: list[learn.Example] = []
    words = tx.conn.execute(query).all()
    for some in chunks(words):
        known = _known(tx, {lead for word in some for lead in word[:2]})
        for low, high, verdict in some:
            a, b = known.get(low), known.get(high)
            if a and b:
                codes = matcher.codes(joined(a), joined(b))
                found.append(learn.Example(codes, _WEIGHT, verdict == "same"))
    return found


def _known(tx: Tx, ids: set[int]) -> dict[int, Any]:
    """Return the records of each lead itself, whoever speaks for it, made ready."""
    return {key: state.person.faces for key, state in load_leads(tx, sorted(ids)).items()}
