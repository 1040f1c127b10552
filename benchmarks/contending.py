"""The steps of `bench_resolve.py`, each for a process of its own: make a table, match and mark it.

What one step leaves for the next is in a folder, so that no step holds the memory of another.
"""

import csv
import itertools
import json
import os
import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import judging
import numpy as np
import resolving
import truth

import leadloom
from leadloom.errors import UsageError
from leadloom.resolve.match import bulk

KINDS = {"people": bulk.PEOPLE, "companies": bulk.FIRMS}
_MAKERS = {"people": truth.people, "companies": truth.companies}
_RECORDS, _OWNERS, _CONFUSABLE = "records.jsonl", "owners.npy", "confusable.json"
# Thresholds at which groups are formed to find the one that suits best: bits.
SWEPT = (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
_PEERS_SWEPT = range(0, 26, 2)


@dataclass(frozen=True, slots=True)
class Matched:
    """What matching a table came to, and what it took: `seconds` by step, and the peak in MB."""

    seconds: dict[str, float]
    cpu_seconds: float
    peak_mb: float
    pairs: int
    crowded: int
    woven: judging.Marks
    answered: judging.Marks
    asked: float
    confused: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Streamed:
    """How long rows took that came one by one into a table of so many `leads`, the match and the
    write included: median and p99 in milliseconds, as a person adds them (`added`, a fold and an
    answer included), and as files of one row (`imported`)."""

    import_seconds: float
    leads: int
    rows: int
    added: tuple[float, float]
    imported: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Peer:
    """What Splink came to at each threshold (bits), and what it took."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    marks: list[tuple[float, judging.Marks]]


def make(name: str, count: int, seed: int, folder: Path) -> int:
    """Make a table up, write it down, and return how many records it has."""
    made = _MAKERS[name](count, seed)
    with (folder / _RECORDS).open("w", encoding="utf-8") as file:
        for record in made.records:
            file.write(json.dumps(record) + "\n")
    np.save(folder / _OWNERS, np.array(made.owners, dtype=np.int64))
    (folder / _CONFUSABLE).write_text(json.dumps(made.confusable), encoding="utf-8")
    return len(made.owners)


def records(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a table that was made."""
    with (folder / _RECORDS).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def owners(folder: Path) -> Any:
    """Return the true owner of each record of a table that was made."""
    return np.load(folder / _OWNERS)


def confusable(folder: Path) -> list[tuple[int, int, str]]:
    """Return the pairs of owners of a table that are easily confused, and how."""
    return json.loads((folder / _CONFUSABLE).read_text(encoding="utf-8"))


def ours(folder: Path) -> Matched:
    """Match a table of people by Leadloom, all in memory, by the model learned from it."""
    clock = Clock()
    table = bulk.table_of(bulk.PEOPLE, records(folder))
    clock.lap("made ready")
    model = bulk.learned(table)
    clock.lap("learned")
    pairs, odds = bulk.met(table, model)
    clock.lap("scored")
    lines = resolving.Lines(folder / _RECORDS)
    roots, asked = resolving.resolved(lines, table, model, pairs, odds)
    clock.lap("grouped")
    used, peak = clock.cpu(), peak_mb()
    true = owners(folder)
    return Matched(
        clock.seconds,
        used,
        peak,
        len(odds),
        table.pairs.crowded,
        judging.marks_of(roots, true),
        judging.marks_of(judging.answered(roots, asked, true), true),
        len(asked) / len(true),
        dict(judging.confused(roots, true, confusable(folder))),
    )


def swept(folder: Path) -> list[tuple[float, judging.Marks]]:
    """Mark the groups of people that Leadloom's odds give at each threshold."""
    lines, true = resolving.Lines(folder / _RECORDS), owners(folder)
    table = bulk.table_of(bulk.PEOPLE, records(folder))
    model = bulk.learned(table)
    pairs, odds = bulk.met(table, model)
    marks = []
    for bits in SWEPT:
        at = 1 / (1 + 2.0**-bits)
        judged = model.changed(same_at=at, unsure_at=at)
        found = resolving.resolved(lines, table, judged, pairs, odds)
        marks.append((bits, judging.marks_of(found.roots, true)))
    return marks


def splinks(name: str, folder: Path) -> Peer:
    """Match a table by Splink, and mark its connected components at each threshold."""
    import splink_peer

    kind, true = KINDS[name], owners(folder)
    terms = [kind.terms_of(record) for record in records(folder)]
    clock = Clock()
    found = splink_peer.PEERS[name](terms)
    clock.lap("all")
    used, peak = clock.cpu(), peak_mb()
    marks: list[tuple[float, judging.Marks]] = []
    for bits in _PEERS_SWEPT:
        kept = found.bits >= bits
        roots = judging.chained(len(true), found.low[kept], found.high[kept])
        marks.append((bits, judging.marks_of(roots, true)))
    return Peer(clock.seconds["all"], used, peak, marks)


# The columns of a list of people, and the facts they hold.
_COLUMNS = {
    "Name": "full_name",
    "Email": "email",
    "Phone": "phone",
    "LinkedIn": "linkedin_url",
    "Company": "company",
    "Website": "domain",
    "Title": "title",
    "City": "city",
    "Street": "street",
    "Postal code": "postal_code",
}


def stream(folder: Path, rows: int) -> Streamed:
    """Import a table of people but for the last `rows`, which come one by one then.

    Every second one is added as by a person, the others come as files of their own.
    """
    count = len(owners(folder)) - rows
    everybody = records(folder)
    _write(folder / "people.csv", itertools.islice(everybody, count))
    took: dict[str, list[float]] = {"added": [], "imported": []}
    with leadloom.open(f"sqlite:///{folder / 'leads.db'}") as ws:
        began = time.perf_counter()
        report = ws.import_files([folder / "people.csv"])
        imported = time.perf_counter() - began
        for number, facts in enumerate(everybody):
            values = {name: cell(facts[name]) for name in _COLUMNS.values() if name in facts}
            is_added, file = bool(number % 2), folder / f"{number}.csv"
            if not is_added:
                _write(file, [facts])
            began = time.perf_counter()
            try:
                if is_added:
                    ws.leads.add(values)
                else:
                    ws.import_files([file])
            except UsageError:  # a telephone number that is none: a form would say so
                continue
            spent = 1000 * (time.perf_counter() - began)
            took["added" if is_added else "imported"].append(spent)
    return Streamed(imported, report.leads, rows, **{how: _marks(ms) for how, ms in took.items()})


def _marks(took: list[float]) -> tuple[float, float]:
    """Return the median, and what 99 of 100 are under."""
    took.sort()
    return took[len(took) // 2], took[min(len(took) - 1, int(len(took) * 0.99))]


def _write(path: Path, people: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(_COLUMNS)
        for facts in people:
            lines.writerow(cell(facts.get(name)) for name in _COLUMNS.values())


def cell(value: Any) -> str:
    """Return a value as a list has it in one cell."""
    return "; ".join(value) if isinstance(value, list) else value or ""


class Clock:
    """Takes the seconds of each step, and those of the processors since it was made."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last, self._used = time.perf_counter(), _cpu()

    def lap(self, name: str) -> None:
        """Note the seconds since the last step as those of this one."""
        now = time.perf_counter()
        self.seconds[name], self._last = now - self._last, now

    def cpu(self) -> float:
        """Return the seconds of the processors since this was made."""
        return _cpu() - self._used


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def peak_mb() -> float:
    """Return the most that this process held; what `getrusage` says may be of who started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    held = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(held.split()[1]) / 1024
