"""How long one new row takes beside many: matched against all of them, woven in and committed.

    python benchmarks/bench_one_row.py [ROWS] [--adds N] [--db URL] [--json]

A generated file of ROWS rows (100,000 unless told) is imported; the rows that come after it in the
same generator, a fifth of them people who are there already, are added one by one. The target, at
1,000,000 on SQLite: half of them within 2 ms, 99 of 100 within 10 ms. The floor, in the same run:
a bare INSERT into a table of as many rows, with a commit that waits for the disk as well. The
database is made anew in a temporary folder, or is the empty one at URL.
"""

import argparse
import csv
import itertools
import json
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import generate
from bench_concurrent import Waited, waited

import leadloom
from leadloom.errors import UsageError
from leadloom.workspace import Workspace

FIELDS = {
    "First Name": "first_name",
    "Last Name": "last_name",
    "Email": "email",
    "Phone": "phone",
    "Company": "company",
    "Title": "title",
    "City": "city",
    "Country": "country",
    "LinkedIn URL": "linkedin_url",
}
WARM = 20
TARGETS_MS = 2.0, 10.0


def timed(each: Iterable[Callable[[], object]]) -> list[float]:
    """Return how long each took, in seconds; the first few, which fill caches, are left out."""
    seconds: list[float] = []
    for do in each:
        began = time.perf_counter()
        do()
        seconds.append(time.perf_counter() - began)
    return seconds[WARM:]


def add_each(
    ws: Workspace, rows: Iterable[dict[str, str]], outcomes: Counter[str]
) -> Iterator[Callable[[], object]]:
    """Yield what adds each row by hand; a value that nobody could type is counted as refused."""

    def add(values: dict[str, str]) -> None:
        try:
            outcomes[ws.leads.add(values).status] += 1
        except UsageError:
            outcomes["refused"] += 1

    for row in rows:
        values = {field: row[column] for column, field in FIELDS.items() if row[column]}
        yield lambda values=values: add(values)


def floor(folder: Path, stored: Path, rows: Iterable[dict[str, str]]) -> list[float]:
    """Insert the same rows into a bare table beside as many, with an index and a commit each."""
    names = list(FIELDS)
    conn = sqlite3.connect(folder / "floor.db", isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute(f"CREATE TABLE people ({', '.join(f'c{n}' for n in range(len(names)))})")
    conn.execute("CREATE INDEX by_email ON people (c2)")
    insert = f"INSERT INTO people VALUES ({', '.join('?' * len(names))})"
    conn.execute("BEGIN")
    with stored.open(encoding="utf-8", newline="") as file:
        conn.executemany(insert, ([row[n] for n in names] for row in csv.DictReader(file)))
    conn.execute("COMMIT")
    seconds = timed(
        lambda row=row: conn.execute(insert, [row[name] for name in names]) for row in rows
    )
    conn.close()
    return seconds


def measure(url: str, folder: Path, rows: int, adds: int) -> tuple[list[Waited], Counter[str]]:
    """Fill the database at `url` and add to it; return how long that took, and what it came to."""
    whole, stored = folder / "all.csv", folder / "stored.csv"
    generate.write(whole, rows + adds + WARM, 1)
    with whole.open(encoding="utf-8", newline="") as read, stored.open("w", newline="") as kept:
        lines = csv.DictReader(read)
        writer = csv.DictWriter(kept, lines.fieldnames or ())
        writer.writeheader()
        writer.writerows(itertools.islice(lines, rows))
        new = list(lines)
    outcomes: Counter[str] = Counter()
    with leadloom.open(url) as ws:
        ws.import_files([stored])
        seconds = timed(add_each(ws, new, outcomes))
    return [waited("leadloom", seconds), waited("floor", floor(folder, stored, new))], outcomes


def main() -> None:
    """Measure what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description="Measure how long one new row takes.")
    parser.add_argument("rows", type=int, nargs="?", default=100_000, metavar="ROWS")
    parser.add_argument("--adds", type=int, default=1_000, metavar="N")
    parser.add_argument("--db", metavar="URL", help="an empty database; a new SQLite file if not")
    parser.add_argument("--json", action="store_true", help="print only JSON")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leadloom-bench-") as folder:
        url = given.db or f"sqlite:///{folder}/leads.db"
        found, outcomes = measure(url, Path(folder), given.rows, given.adds)
    if given.json:
        print(json.dumps({"waited": [asdict(one) for one in found], "outcomes": outcomes}))
        return
    ended = ", ".join(f"{count:,} {status}" for status, count in outcomes.items())
    print(f"beside {given.rows:,} rows: {ended}")
    for one in found:
        print(
            f"  {one.what:9} p50 {one.median_s * 1000:6.2f} ms, p99 {one.p99_s * 1000:6.2f} ms,"
            f" longest {one.longest_s * 1000:6.2f} ms"
        )
    print(f"  target    p50 {TARGETS_MS[0]:6.2f} ms, p99 {TARGETS_MS[1]:6.2f} ms")


if __name__ == "__main__":
    main()
