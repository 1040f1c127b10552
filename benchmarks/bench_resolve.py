"""Who is who: people, companies and FEBRL, matched by Leadloom and, in the same run, by Splink.

    python benchmarks/bench_resolve.py [--people 100000 1000000] [--companies 50000] [--seed 1]
                                       [--alone] [--stream 1000] [--no-febrl] [--no-sweep]

The truth is made by `truth.py` and never seen by the matcher. A score is over the pairs that
groups imply. People are grouped by the rule that weaves (`resolving.py`), companies are imported
and resolved (`firms.py`). Splink's groups are its connected components at the threshold
that suits it best. Each step is a process of its own, and is told of as soon as it is done.
"""

import argparse
import multiprocessing
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import contending
import febrl
import firms
import judging
import resolving
from rich.console import Console

from leadloom.resolve.match import bulk
from leadloom.resolve.match.model import bits_of

OUT = Console(width=110, highlight=False)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=[100_000])
    parser.add_argument("--companies", type=int, nargs="*", default=[50_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stream", type=int, default=0, help="rows that come one by one, too")
    parser.add_argument("--alone", action="store_true", help="without Splink")
    parser.add_argument("--no-febrl", action="store_true", help="without the FEBRL sets")
    parser.add_argument("--no-sweep", action="store_true", help="at the model's thresholds only")
    chosen = parser.parse_args()
    if not chosen.no_febrl:
        for which in (2, 3, 4):
            match_febrl(which, with_peer=which == 3 and not chosen.alone)
    tables = [("people", n) for n in chosen.people] + [("companies", n) for n in chosen.companies]
    for name, count in tables:
        with tempfile.TemporaryDirectory(prefix="leadloom-bench-") as folder:
            OUT.rule(f"{count:,} {name}")
            _apart(contending.make, name, count, chosen.seed, Path(folder))
            if name == "people":
                everybody(Path(folder), is_swept=not chosen.no_sweep)
            else:
                companies(Path(folder))
            if not chosen.alone:
                _tell_peer(_apart(contending.splinks, name, Path(folder)))
            if name == "people" and chosen.stream:
                _tell_stream(_apart(contending.stream, Path(folder), chosen.stream))


def everybody(folder: Path, *, is_swept: bool) -> None:
    """Match made-up people, and say how well and how fast."""
    found: contending.Matched = _apart(contending.ours, folder)
    _tell_cost(found)
    OUT.print(f"{found.pairs:,} pairs, {found.crowded:,} keys set aside")
    OUT.print(f"woven automatically  {_groups(found.woven)}")
    _tell_queue(found)
    if is_swept:
        bits, best = max(_apart(contending.swept, folder), key=lambda one: one[1].f1)
        OUT.print(f"best groups          {best}, at {bits:+.1f} bits, largest {best.largest}")


def companies(folder: Path) -> None:
    """Import and resolve made-up companies, and say how well and how fast."""
    found: firms.Matched = _apart(firms.matched, folder)
    _tell_cost(found)
    right, merged = found.right
    OUT.print(f"{right:,} of {merged:,} companies woven rightly")
    OUT.print(f"after the import     {_groups(found.imported)}")
    OUT.print(f"woven automatically  {_groups(found.woven)}")
    _tell_queue(found)


def _tell_cost(found: contending.Matched | firms.Matched) -> None:
    laps = ", ".join(f"{lap} {seconds:.1f} s" for lap, seconds in found.seconds.items())
    OUT.print(f"Leadloom {sum(found.seconds.values()):.1f} s ({laps}), ", end="")
    OUT.print(f"CPU {found.cpu_seconds:.1f} s, peak {found.peak_mb:,.0f} MB, ", end="")


def _groups(marks: judging.Marks) -> str:
    return f"{marks}, largest {marks.largest}, largest wrongly joined {marks.mixed}"


def _tell_queue(found: contending.Matched | firms.Matched) -> None:
    recall, asked = found.answered.recall, found.asked
    OUT.print(f"with the queue       R {recall:.3f}, queue {asked:.1%} of rows")
    for confused, (joined, total) in found.confused.items():
        OUT.print(f"  {confused:32} {joined:4} of {total:4} joined")


def _tell_stream(found: contending.Streamed) -> None:
    OUT.print(f"one by one           {found.rows:,} rows into {found.leads:,} leads ", end="")
    OUT.print(f"(these were imported in {found.import_seconds:.0f} s)")
    for how, (median, p99) in (("added", found.added), ("a file each", found.imported)):
        OUT.print(f"  {how:18} median {median:.1f} ms, p99 {p99:.1f} ms")


def _tell_peer(peer: contending.Peer) -> None:
    bits, best = max(peer.marks, key=lambda one: one[1].f1)
    OUT.print(f"Splink {peer.seconds:.1f} s, CPU {peer.cpu_seconds:.1f} s, ", end="")
    OUT.print(f"peak {peer.peak_mb:,.0f} MB (with the terms it was given)")
    OUT.print(f"Splink's best groups {best}, at {bits:+} bits, largest {best.largest}")
    sure = [one for _, one in peer.marks if one.precision >= 0.94]
    if sure:
        OUT.print(f"Splink at P ≥ 0.94   {max(sure, key=lambda one: one.recall)}")


def _apart(step: Callable[..., Any], *given: Any) -> Any:
    """Do a step in a process of its own, and return what it came to."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(step, *given).result()


def match_febrl(which: int, *, with_peer: bool) -> None:
    """Match a FEBRL set at a fixed 0.95."""
    records, true = febrl.load(which)
    table = bulk.table_of(bulk.PEOPLE, records)
    OUT.rule(f"FEBRL {which}")
    default = table.kind.model().with_records(len(records))
    for name, model in (("built in", default), ("learned", bulk.learned(table))):
        met, odds = bulk.met(table, model)
        pairs = list(zip(met.low.tolist(), met.high.tolist(), strict=True))
        at = bits_of(0.95)
        said = [pair for pair, one in zip(pairs, odds, strict=True) if one >= at]
        OUT.print(f"{name:10} pairs at 0.95  {judging.pair_marks(said, true)}")
        found = resolving.resolved(records, table, model, met, odds)
        OUT.print(f"{'':10} in groups      {judging.pair_marks(judging.inside(found.roots), true)}")
    if with_peer:
        import splink_peer

        found = splink_peer.people([table.kind.terms_of(record) for record in records])
        sure = found.bits >= bits_of(0.95)
        said = list(zip(found.low[sure].tolist(), found.high[sure].tolist(), strict=True))
        OUT.print(f"{'Splink':10} pairs at 0.95  {judging.pair_marks(said, true)}")


if __name__ == "__main__":
    main()
