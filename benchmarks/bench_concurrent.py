"""How long others wait while Leadloom imports.

    python benchmarks/bench_concurrent.py [ROWS] [--db URL] [--writers N] [--json]

One process imports a generated file; in this one, a thread asks for a page of leads again and
again, and others change one field of one lead again and again. ROWS: 100,000 unless told. The
targets, on SQLite: p99 of a page at most 250 ms, of a one-row write at most 1 s. The database is
made anew in a temporary folder, or is the empty one at URL.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import generate

import leadloom
from leadloom.errors import LeadloomError
from leadloom.workspace import Workspace

PAUSE_S = 0.05
TARGETS_S = {"page": 0.25, "write": 1.0}


@dataclass(frozen=True, slots=True)
class Waited:
    """How long one kind of work took, in seconds, over `times` times."""

    what: str
    times: int
    median_s: float
    p99_s: float
    longest_s: float


def waited(what: str, seconds: Sequence[float]) -> Waited:
    """Sum up measured times."""
    ranked = sorted(seconds)
    at = [ranked[min(len(ranked) - 1, int(len(ranked) * share))] for share in (0.5, 0.99)]
    return Waited(what, len(ranked), at[0], at[1], ranked[-1])


class Worker(threading.Thread):
    """Does one thing again and again on a workspace of its own, and notes how long it took."""

    def __init__(self, url: str, work: Callable[[Workspace, int], object]) -> None:
        super().__init__()
        self._url, self._work = url, work
        self._is_over = threading.Event()
        self.seconds: list[float] = []
        self.error: Exception | None = None

    def run(self) -> None:
        with leadloom.open(self._url) as ws:
            while not self._is_over.wait(PAUSE_S):
                began = time.perf_counter()
                try:
                    self._work(ws, len(self.seconds))
                except LeadloomError as error:
                    self.error = error
                    return
                self.seconds.append(time.perf_counter() - began)

    def stop(self) -> list[float]:
        """End the thread; return the times. Raises what it met."""
        self._is_over.set()
        self.join()
        if self.error:
            raise self.error
        return self.seconds


def measure(url: str, source: Path, writers: int) -> tuple[float, list[Waited]]:
    """Import `source` into the database at `url` while others work on it.

    Returns the seconds the import took, and how long the others waited.
    """
    with leadloom.open(url) as ws:
        leads = [str(ws.leads.add({"full_name": f"Edited {n}"}).lead.id) for n in range(writers)]
    began = time.perf_counter()
    command = [sys.executable, "-m", "leadloom", "--db", url, "import", str(source)]
    importing = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    reader = Worker(url, lambda ws, n: ws.leads.find(limit=50))
    editors = [_editor(url, lead) for lead in leads]
    for worker in (reader, *editors):
        worker.start()
    _, errors = importing.communicate()
    seconds = time.perf_counter() - began
    pages = reader.stop()
    writes = [one for editor in editors for one in editor.stop()]
    if importing.returncode not in (0, 1):
        raise RuntimeError(f"the import failed: {errors.decode()}")
    return seconds, [waited("page", pages), waited("write", writes)]


def _editor(url: str, lead: str) -> Worker:
    return Worker(url, lambda ws, n: ws.leads.set(lead, {"title": f"Head {n}"}))


def main() -> None:
    """Measure what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description="Measure how long others wait for an import.")
    parser.add_argument("rows", type=int, nargs="?", default=100_000, metavar="ROWS")
    parser.add_argument("--db", metavar="URL", help="an empty database; a new SQLite file if not")
    parser.add_argument("--writers", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print only JSON")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leadloom-bench-") as folder:
        source = Path(folder) / "leads.csv"
        generate.write(source, given.rows, 1)
        url = given.db or f"sqlite:///{folder}/leads.db"
        seconds, found = measure(url, source, given.writers)
    if given.json:
        print(json.dumps({"import_seconds": seconds, "waited": [asdict(one) for one in found]}))
        return
    print(f"{given.rows:,} rows imported in {seconds:.1f} s, meanwhile")
    for one in found:
        target = TARGETS_S[one.what]
        print(
            f"  {one.what:6}{one.times:7,} times: median {one.median_s * 1000:6.0f} ms,"
            f" p99 {one.p99_s * 1000:6.0f} ms (target {target * 1000:.0f}),"
            f" longest {one.longest_s * 1000:6.0f} ms"
        )


if __name__ == "__main__":
    main()
