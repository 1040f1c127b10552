"""How fast Leadloom imports, beside floors measured in the same run.

    python benchmarks/bench_import.py [ROWS …] [--on DATABASE] [--repeat N] [--seed N] [--json]

Without ROWS: 100,000 and 1,000,000. DATABASE: sqlite, postgresql or mariadb; the server is started
for it and stopped. See README.md here for what is measured and how.
"""

import argparse
import contextlib
import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import generate
import sqlalchemy as sa
from running import Ran, run

from leadloom.imports.importer import BATCH
from leadloom.storage.database import Database

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "tests"))
from servers import MariaDb, Postgres, fresh  # noqa: E402 - the tests' own servers

SIZES = (100_000, 1_000_000)
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """One contender's time over one file. `tenths`: rows a second in each tenth of the rows."""

    contender: str
    rows: int
    seconds: float
    cpu_seconds: float
    peak_mb: float | None
    database_mb: float
    tenths: Sequence[float] = ()
    counts: dict[str, int] | None = None

    @property
    def rate(self) -> float:
        """Rows a second, the start of the process included."""
        return self.rows / self.seconds


class Place:
    """Where a contender keeps its rows: an empty database of a kind, in a folder or on a server."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder = folder
        self._file = folder / "bench.db"
        self.url = fresh(server, "bench") if server else f"sqlite:///{self._file}"

    def megabytes(self) -> float:
        """Return the room it takes."""
        if self.url.startswith("sqlite"):
            return self._file.stat().st_size / MEGABYTE
        with Database(self.url).read() as conn:
            is_postgres = conn.dialect.name == "postgresql"
            return float(conn.scalar(sa.text(_SIZE_POSTGRESQL if is_postgres else _SIZE_MARIADB)))


_SIZE_POSTGRESQL = "SELECT pg_database_size(current_database()) / 1000000.0"
_SIZE_MARIADB = (
    "SELECT sum(data_length + index_length) / 1000000.0 FROM information_schema.TABLES "
    "WHERE TABLE_SCHEMA = DATABASE()"
)


def leadloom_imports(source: Path, place: Place, rows: int) -> Result:
    """Leadloom: cleaned, resolved, folded, with its history."""
    ran = run([sys.executable, str(HERE / "product.py"), str(source), place.url])
    told = json.loads(ran.output)
    _expect(told["rows"], rows, "Leadloom")
    counts = {name: told[name] for name in ("created", "updated", "unchanged", "skipped", "failed")}
    tenths = rates_by_tenth(told["marks"], rows)
    return _result("leadloom", rows, ran, place.megabytes(), tenths=tenths, counts=counts)


def floor_inserts(source: Path, place: Place, rows: int) -> Result:
    """The floor: one table, the same indexes, the fastest way in."""
    name = {"sqlite": "executemany", "postgresql": "COPY"}.get(place.url.split(":")[0], "INSERT")
    ran = run([sys.executable, str(HERE / "floor.py"), str(source), place.url, str(BATCH)])
    _expect(int(ran.output), rows, name)
    return _result(name, rows, ran, place.megabytes())


def sqlite_utils_inserts(source: Path, place: Place, rows: int) -> Result:
    """Another floor: the tool people reach for; no indexes."""
    database = place.url.removeprefix("sqlite:///")
    command = [sys.executable, "-m", "sqlite_utils", "insert", database, "leads", str(source)]
    ran = run([*command, "--csv", "--silent"])
    count = [sys.executable, "-m", "sqlite_utils", "query", database]
    told = run([*count, "SELECT count(*) AS n FROM leads"]).output
    _expect(json.loads(told)[0]["n"], rows, "sqlite-utils")
    return _result("sqlite-utils", rows, ran, place.megabytes())


Contender = Callable[[Path, Place, int], Result]
CONTENDERS: dict[str, tuple[Contender, ...]] = {
    "sqlite": (leadloom_imports, floor_inserts, sqlite_utils_inserts),
    "postgresql": (leadloom_imports, floor_inserts),
    "mariadb": (leadloom_imports, floor_inserts),
}
SERVERS = {"postgresql": Postgres, "mariadb": MariaDb}


def rates_by_tenth(marks: Sequence[Sequence[float]], rows: int) -> list[float]:
    """Return rows a second in each tenth of the rows, from marks of (rows done, seconds).

    Time begins at the first mark, so that starting up does not make the first tenth look slow. A
    tenth ends with the first mark at or after its end; too few marks give no tenths.
    """
    begin, *later = marks
    rates = []
    for tenth in range(1, 11):
        end = next((mark for mark in later if mark[0] >= rows * tenth / 10), None)
        if end is None or end[0] == begin[0]:
            return []
        rates.append((end[0] - begin[0]) / (end[1] - begin[1]))
        begin = end
    return rates


def _result(
    contender: str,
    rows: int,
    ran: Ran,
    size: float,
    tenths: Sequence[float] = (),
    counts: dict[str, int] | None = None,
) -> Result:
    peak = ran.peak_bytes / MEGABYTE if ran.peak_bytes else None
    return Result(contender, rows, ran.seconds, ran.cpu_seconds, peak, size, tenths, counts)


def _expect(found: int, rows: int, contender: str) -> None:
    if found != rows:
        raise RuntimeError(f"{contender} kept {found:,} rows of {rows:,}: its time means nothing.")


def measure(rows: int, kind: str, seed: int, repeat: int) -> list[Result]:
    """Let every contender take in the same file, `repeat` times in turn; return the medians."""
    with tempfile.TemporaryDirectory(prefix="leadloom-bench-") as folder:
        source = Path(folder) / "leads.csv"
        generate.write(source, rows, seed)
        rounds = [
            [_once(contender, source, kind, rows) for contender in CONTENDERS[kind]]
            for _ in range(repeat)
        ]
    return [_median(results) for results in zip(*rounds, strict=True)]


def _once(contender: Contender, source: Path, kind: str, rows: int) -> Result:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=source.parent))
        server = stack.enter_context(SERVERS[kind]()).url if kind in SERVERS else None
        return contender(source, Place(Path(folder), server), rows)


def _median(results: Sequence[Result]) -> Result:
    """Return the result whose time is in the middle (the slower of two)."""
    return sorted(results, key=lambda result: result.seconds)[len(results) // 2]


def ratios(results: Sequence[Result]) -> dict[str, float]:
    """Return Leadloom's rate over each floor's, and its last tenth's rate over its first's."""
    own, *floors = results
    found = {f"of_{floor.contender}": own.rate / floor.rate for floor in floors}
    if own.tenths:
        found["last_tenth_of_first"] = own.tenths[-1] / own.tenths[0]
    return found


def show(results: Sequence[Result]) -> None:
    """Print one file's results as a table."""
    print(f"\n{results[0].rows:,} rows")
    print(f"{'':14}{'rows/s':>10}{'seconds':>10}{'CPU s':>8}{'peak MB':>10}{'database MB':>13}")
    for one in results:
        peak = f"{one.peak_mb:,.0f}" if one.peak_mb is not None else "?"
        print(
            f"{one.contender:14}{one.rate:10,.0f}{one.seconds:10.1f}{one.cpu_seconds:8.1f}"
            f"{peak:>10}{one.database_mb:13,.0f}"
        )
    found = ratios(results)
    for floor in results[1:]:
        print(f"Leadloom runs at {found[f'of_{floor.contender}']:.2f} of {floor.contender}.")
    if own := results[0].tenths:
        print(
            f"First tenth {own[0]:,.0f} rows/s, last tenth {own[-1]:,.0f}:"
            f" {found['last_tenth_of_first']:.2f} of the first."
        )
    print("Rows became: " + ", ".join(f"{n:,} {name}" for name, n in results[0].counts.items()))


def main() -> None:
    """Measure what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description="Measure Leadloom's import beside two floors.")
    parser.add_argument("rows", type=int, nargs="*", default=SIZES, metavar="ROWS")
    parser.add_argument("--on", choices=sorted(CONTENDERS), default="sqlite", metavar="DATABASE")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; medians are shown")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print only JSON")
    given = parser.parse_args()
    if given.on == "sqlite" and importlib.util.find_spec("sqlite_utils") is None:
        parser.error("sqlite-utils is not installed: pip install -e '.[bench]'")
    told = []
    for rows in given.rows:
        results = measure(rows, given.on, given.seed, given.repeat)
        if not given.json:
            show(results)
        runs = [{**asdict(one), "rows_per_second": one.rate} for one in results]
        told.append({"rows": rows, "results": runs, "ratios": ratios(results)})
    if given.json:
        print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
