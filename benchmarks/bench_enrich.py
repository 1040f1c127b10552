"""How fast Leadloom enriches, beside a floor measured in the same run.

    python benchmarks/bench_enrich.py [ROWS] [--on DATABASE] [--calls N] [--delay-ms N] [--json]

ROWS: 20,000 unless told; DATABASE: sqlite, postgresql or both. See README.md here for what is
measured and how. The targets: 0.8 of the floor on SQLite, 0.6 on PostgreSQL; from the cache 5,000
records/s; two workers 1.8 times one.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import fake_provider
import sqlalchemy as sa

import leadloom

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "tests"))
from servers import Postgres, fresh  # noqa: E402 - the tests' own server

# Two workers are compared where the calls are what takes the time.
WORKERS_DELAY_S = 0.4
WORKERS_CALLS = 32
WORKERS_ROWS = 4_000
_PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender did: its records in `seconds`; `share` is what its target is measured by.

    `cpu_seconds` are those of its processes, without the database server's.
    """

    contender: str
    rows: int
    seconds: float
    cpu_seconds: float | None = None
    target: str = ""
    share: float | None = None

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.rows / self.seconds


def timed(
    env: Mapping[str, str], what: str, rows: int, place: str, calls: int
) -> tuple[float, float]:
    """Let a contender work in a process of its own; return the seconds it took."""
    command = [sys.executable, str(HERE / "enriching.py"), what, str(rows), place, str(calls)]
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    seconds, cpu = json.loads(done.stdout) if what != "fill" else (0.0, 0.0)
    return seconds, cpu


@contextlib.contextmanager
def place_of(kind: str, folder: Path) -> Iterator[str]:
    """An empty database of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'leads.db'}"
        return
    with Postgres() as server:
        _flush(server.url)
        yield fresh(server.url, "bench")


def _flush(server: str) -> None:
    """Let a server of the tests' wait for the disk at every commit, as one in use does."""
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(sa.text("ALTER SYSTEM SET fsync = on"))
        conn.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()


def measure(kind: str, rows: int, calls: int, env: Mapping[str, str]) -> list[Result]:
    """Let the floor and Leadloom make the same calls; then let Leadloom ask the same again."""
    with tempfile.TemporaryDirectory(prefix="leadloom-bench-") as folder:
        floor = Result("floor", rows, *timed(env, "floor", rows, f"{folder}/floor.db", calls))
        with place_of(kind, Path(folder)) as url:
            timed(env, "fill", rows, url, calls)
            asked = timed(env, "leadloom", rows, url, calls)
            cached = timed(env, "leadloom", rows, url, calls)
            found = [
                floor,
                _against(floor, f"leadloom, {kind}", asked, 0.8 if kind == "sqlite" else 0.6),
                Result(f"from the cache, {kind}", rows, *cached, "5,000 records/s"),
            ]
            if kind == "postgresql":
                found += workers(url, env)
    return found


def _against(floor: Result, name: str, took: tuple[float, float], target: float) -> Result:
    return Result(name, floor.rows, *took, f"{target} of the floor", floor.seconds / took[0])


def workers(url: str, env: Mapping[str, str]) -> list[Result]:
    """Let one worker, then two, do a run of calls that take long."""
    slow = {**env, fake_provider.DELAY: str(WORKERS_DELAY_S)}
    one, two = (_with_workers(url, slow, count) for count in (1, 2))
    return [
        Result("1 worker, slow calls", WORKERS_ROWS, one),
        Result("2 workers, slow calls", WORKERS_ROWS, two, None, "1.8 of one", one / two),
    ]


def _with_workers(url: str, env: Mapping[str, str], count: int) -> float:
    """Return the seconds from the first record to the last."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            command = [sys.executable, "-m", "leadloom", "--db", url, "worker"]
            worker = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, encoding="utf-8")
            stack.callback(worker.wait)
            stack.callback(worker.terminate)
            assert worker.stderr
            worker.stderr.readline()  # it says that it works
        with leadloom.open(url) as ws:
            keys = [one.key for one in ws.leads.find(limit=WORKERS_ROWS).items]
            ws.enrich(
                lead_keys=keys,
                providers=[fake_provider.NAME],
                concurrency=WORKERS_CALLS,
                refresh=True,
                background=True,
            )
            began, run = None, ws.runs.get("last:enrich")
            deadline = time.monotonic() + _PATIENCE_S
            while run.status == "processing" and time.monotonic() < deadline:
                time.sleep(0.05)
                run = ws.runs.get("last:enrich")
                if run.processed and began is None:
                    began = time.perf_counter()
        assert run.status == "completed", run
        assert began
        return time.perf_counter() - began


def show(results: list[Result]) -> None:
    """Print the results as a table."""
    for one in results:
        share = f"{one.share:6.2f}" if one.share is not None else " " * 6
        target = f"  (target {one.target})" if one.target else ""
        used = one.cpu_seconds and f"{one.cpu_seconds:7.1f} CPU s"
        print(
            f"{one.contender:26}{one.rate:10,.0f} records/s{one.seconds:9.1f} s"
            f"{used or '':13}{share}{target}"
        )


def main() -> None:
    """Measure what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description="Measure Leadloom's enrichment beside a floor.")
    parser.add_argument("rows", type=int, nargs="?", default=20_000, metavar="ROWS")
    parser.add_argument("--on", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--calls", type=int, default=64, help="calls under way at once")
    parser.add_argument("--delay-ms", type=float, default=20.0, help="what a call takes")
    parser.add_argument("--json", action="store_true", help="print only JSON")
    given = parser.parse_args()
    kinds = ("sqlite", "postgresql") if given.on == "both" else (given.on,)
    results = []
    with tempfile.TemporaryDirectory(prefix="leadloom-bench-") as folder:
        news = {
            **fake_provider.install(Path(folder)),
            fake_provider.DELAY: str(given.delay_ms / 1000),
        }
        os.environ |= news
        sys.path.insert(0, folder)  # this process sends runs to workers
        for kind in kinds:
            found = measure(kind, given.rows, given.calls, dict(os.environ))
            results += found
            if not given.json:
                show(found)
    if given.json:
        rows = [{**asdict(one), "records_per_second": one.rate} for one in results]
        print(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
