"""Companies matched as the product does it: a list is imported, and `leadloom resolve` run.

The import makes one what shares a domain, a page or a name; the resolve weaves what is surely one
beside that, and asks about what is likely. Both are marked against the truth.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import contending
import judging
import numpy as np
import sqlalchemy as sa

import leadloom
from leadloom.storage.tables import companies, records

# The columns of a list of companies, and the facts they hold.
_COLUMNS = {
    "Company": "name",
    "Company Domain": "domain",
    "Company Phone": "phone",
    "Company LinkedIn": "linkedin_url",
    "Company City": "city",
    "Company Street": "street",
    "Company Zip": "postal_code",
}


@dataclass(frozen=True, slots=True)
class Matched:
    """What matching companies came to: `seconds` by step, the peak in MB, the groups after the
    import, after the resolve, and once all that it asks is answered rightly.

    Of the merges of the resolve, so many of so many (`right`) are of two that are one; `asked` is a
    part of the rows (0-1).
    """

    seconds: dict[str, float]
    cpu_seconds: float
    peak_mb: float
    imported: judging.Marks
    woven: judging.Marks
    answered: judging.Marks
    right: tuple[int, int]
    asked: float
    confused: dict[str, tuple[int, int]]


def matched(folder: Path) -> Matched:
    """Import a table of companies that was made, and resolve it."""
    owners, clock = contending.owners(folder), contending.Clock()
    _write(folder / "firms.csv", contending.records(folder))
    with leadloom.open(f"sqlite:///{folder / 'firms.db'}") as ws:
        clock.lap("written")
        ws.import_files([folder / "firms.csv"])
        clock.lap("imported")
        before = _roots(ws, len(owners))
        clock.lap("read")
        ws.resolution.run()
        clock.lap("resolved")
        used, peak = clock.cpu(), contending.peak_mb()
        roots, waiting = _roots(ws, len(owners)), ws.companies.duplicates(limit=len(owners))
        numbers = _numbers(ws)
    owner = _owner_of(roots, owners)
    asked = [(numbers[one.a], numbers[one.b]) for one in waiting]
    yes = [(a, b) for a, b in asked if owner[a] == owner[b]]
    return Matched(
        {step: clock.seconds[step] for step in ("imported", "resolved")},
        used,
        peak,
        judging.marks_of(before, owners),
        judging.marks_of(roots, owners),
        judging.marks_of(_joined(roots, yes), owners),
        _right(before, roots, owners),
        len(asked) / len(owners),
        dict(judging.confused(roots, owners, contending.confusable(folder))),
    )


def _write(path: Path, firms: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(_COLUMNS)
        for facts in firms:
            lines.writerow(contending.cell(facts.get(name)) for name in _COLUMNS.values())


def _roots(ws: Any, count: int) -> Any:
    """Return the company that speaks for each row; rows without one stand alone."""
    speaker = sa.func.coalesce(companies.c.root_id, companies.c.id)
    row = records.c
    with ws._session.read() as tx:
        root = dict(tx.conn.execute(sa.select(companies.c.id, speaker)).all())
        found = tx.conn.execute(
            sa.select(row.id, row.position, row.same_as_id, row.company_id)
        ).all()
    home = {one.id: one.company_id for one in found}
    first = min(one.position for one in found)
    roots = np.arange(count) + max(root) + 1
    for one in found:
        if (firm := one.company_id or home.get(one.same_as_id)) is not None:
            roots[one.position - first] = root[firm]
    return roots


def _numbers(ws: Any) -> dict[Any, int]:
    with ws._session.read() as tx:
        return dict(tx.conn.execute(sa.select(companies.c.uuid, companies.c.id)).all())


def _owner_of(roots: Any, owners: Any) -> dict[int, int]:
    """Return of each company whose rows most of its rows are."""
    seen: dict[int, Counter[int]] = {}
    for root, owner in zip(roots.tolist(), owners.tolist(), strict=True):
        seen.setdefault(root, Counter())[owner] += 1
    return {root: found.most_common(1)[0][0] for root, found in seen.items()}


def _right(before: Any, after: Any, owners: Any) -> tuple[int, int]:
    """Return how many of how many companies were woven into others with rows of the same owner.

    What the import joined wrongly is not the resolve's fault.
    """
    owned: dict[int, set[int]] = defaultdict(set)
    parts: dict[int, set[int]] = defaultdict(set)
    for old, new, owner in zip(before.tolist(), after.tolist(), owners.tolist(), strict=True):
        owned[old].add(owner)
        parts[new].add(old)
    right = total = 0
    for new, some in parts.items():
        for old in some - {new}:
            others = set().union(*(owned[one] for one in some if one != old))
            total, right = total + 1, right + bool(owned[old] & others)
    return right, total


def _joined(roots: Any, pairs: Iterable[tuple[int, int]]) -> Any:
    """Return the roots after these pairs of companies became one."""
    distinct, places = np.unique(roots, return_inverse=True)
    place = {root: number for number, root in enumerate(distinct.tolist())}
    known = [(place[a], place[b]) for a, b in pairs if a in place and b in place]
    low, high = [a for a, _ in known], [b for _, b in known]
    return judging.chained(len(distinct), low, high)[places]
