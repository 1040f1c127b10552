"""One contender of bench_enrich.py, in a process of its own; prints how many seconds, wall and CPU.

python benchmarks/enriching.py fill ROWS URL             # leads for the others
python benchmarks/enriching.py floor ROWS FILE N         # bare asyncio, N calls at once
python benchmarks/enriching.py leadloom ROWS URL N       # a run of enrichment
"""

import asyncio
import hashlib
import json
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from fake_provider import NAME, ask

import leadloom
from leadloom.enrich.provider import Question

COMMIT_EVERY = 50
_FIRST = ("Ada", "Bob", "Cleo", "Dag", "Eva", "Finn", "Gita", "Hugo")
_BUT_A_FEW = 0.99


class Clock:
    """Measures seconds, and those of processors: this process's and its ended children's."""

    def __init__(self) -> None:
        self._began, self._used = time.perf_counter(), sum(os.times()[:4])

    def read(self) -> tuple[float, float]:
        """Return both, since it was made."""
        return time.perf_counter() - self._began, sum(os.times()[:4]) - self._used


def name(n: int, salt: str = "") -> str:
    """Return a word of its own for each number, unlike that of any other."""
    digest = hashlib.blake2b(f"{salt}{n}".encode(), digest_size=5).digest()
    return "".join("bdfgklmnprstvwxz"[one >> 4] + "aeiou"[one % 5] for one in digest)


def address(n: int) -> str:
    """Return the n-th lead's address."""
    return f"{name(n)}.{n}@{name(n // 5, 'firm')}.com"


def fill(rows: int, url: str) -> None:
    """Bring so many leads into a database, five of each company, each with an address."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        lines = [
            f"{_FIRST[n % 8]} {name(n).title()},{address(n)},{name(n // 5, 'firm').title()}"
            for n in range(rows)
        ]
        path.write_text("\n".join(["Name,Email,Company", *lines]) + "\n")
        with leadloom.open(url) as ws:
            told = ws.import_files([path])
        assert told.leads >= rows * _BUT_A_FEW, told.counts


def floor(rows: int, file: str, at_once: int) -> tuple[float, float]:
    """Make the same calls and keep the answers, a commit for every 50; nothing else."""
    conn = sqlite3.connect(file)
    conn.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    conn.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, email TEXT, answer TEXT)")
    numbers = iter(range(rows))
    waiting: list[tuple[int, str, str]] = []

    def keep(least: int) -> None:
        if len(waiting) >= least:
            with conn:
                conn.executemany("INSERT INTO answers VALUES (?, ?, ?)", waiting)
            waiting.clear()

    async def work() -> None:
        for n in numbers:
            about = address(n)
            found = await ask(Question({"email": [about]}, {}, ()))
            told = [[one.field, one.value, one.evidence] for one in found.answers]
            waiting.append((n, about, json.dumps(told)))
            keep(COMMIT_EVERY)

    async def run() -> None:
        await asyncio.gather(*[work() for _ in range(at_once)])

    clock = Clock()
    asyncio.run(run())
    keep(1)
    return clock.read()


def enrich(rows: int, url: str, at_once: int) -> tuple[float, float]:
    """Enrich all leads."""
    with leadloom.open(url) as ws:
        clock = Clock()
        report = ws.enrich(providers=[NAME], concurrency=at_once)
        took = clock.read()
    assert report.run.status == "completed", report.run
    assert report.run.processed >= rows * _BUT_A_FEW
    return took


if __name__ == "__main__":
    what, count, place, *more = sys.argv[1:]
    if what == "fill":
        fill(int(count), place)
    else:
        work = {"floor": floor, "leadloom": enrich}[what]
        print(json.dumps(work(int(count), place, int(more[0]))))
