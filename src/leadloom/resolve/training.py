"""Learning a model from the table, and from what people said, merged and parted."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from leadloom.resolve.judgement import counts
from leadloom.resolve.match import bulk, learn
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.matcher import OF_PEOPLE, Matcher, codes_of
from leadloom.resolve.match.person import joined
from leadloom.resolve.shelf import load_leads
from leadloom.resolve.suspects import read_everyone
from leadloom.resolve.versions import FEWEST, TRAINED, Version, put_in_force
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import judgements, records

TRAIN = "train"
"""The kind of run that a training is."""

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
    assert everyone.table is not None
    if len(everyone.ids) < FEWEST:
        everyone.table.census = Census()
    model = bulk.learned(everyone.table)
    examples = _said(tx, Matcher(model, everyone.table.census))
    if examples:
        model = learn.learn(model, examples)
    version = put_in_force(tx, model, everyone.table.census, origin=TRAINED, run_id=run.id)
    run = runs.finish(tx, run.id, "completed", total=len(everyone.ids))
    return run, version, len(examples)


def _said(tx: Tx, matcher: Matcher) -> list[learn.Example]:
    """Return what people said of pairs of leads: judged, merged or parted."""
    query = sa.select(judgements.c.low_id, judgements.c.high_id, judgements.c.verdict).where(
        judgements.c.workspace_id == tx.workspace_id,
        judgements.c.entity == "lead",
        judgements.c.is_person,
        judgements.c.verdict.in_(("same", "different")),
        counts(judgements),
    )
    found: list[learn.Example] = []
    words = tx.conn.execute(query).all()
    for some in chunks(words):
        known = _known(tx, {lead for word in some for lead in word[:2]})
        for low, high, verdict in some:
            a, b = known.get(low), known.get(high)
            if a and b:
                codes = codes_of(OF_PEOPLE, joined(a), joined(b), matcher.census)
                found.append(learn.Example(codes, _WEIGHT, verdict == "same"))
    return found


def _known(tx: Tx, ids: set[int]) -> dict[int, Any]:
    """Return the records of each lead itself, whoever speaks for it, made ready."""
    return {key: state.person.faces for key, state in load_leads(tx, sorted(ids)).items()}
