"""How fast Leadloom imports, beside two floors measured in the same run.

    python benchmarks/bench_import.py [ROWS …] [--repeat N] [--seed N] [--json]

Without ROWS: 100,000 and 1,000,000. See README.md here for what is measured and how.
"""

import argparse
import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import generate
from running import Ran, run

HERE = Path(__file__).parent
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


def leadloom_imports(source: Path, folder: Path, rows: int) -> Result:
    """Leadloom: cleaned, resolved, folded, with its history."""
    database = folder / "leadloom.db"
    ran = run([sys.executable, str(HERE / "product.py"), str(source), str(database)])
    told = json.loads(ran.output)
    _expect(told["rows"], rows, "Leadloom")
    counts = {name: told[name] for name in ("created", "updated", "unchanged", "skipped", "failed")}
    tenths = rates_by_tenth(told["marks"], rows)
    return _result("leadloom", rows, ran, database, tenths=tenths, counts=counts)


def executemany_inserts(source: Path, folder: Path, rows: int) -> Result:
    """The first floor: one table, the same indexes."""
    from leadloom.imports.importer import BATCH

    database = folder / "floor.db"
    command = [sys.executable, str(HERE / "floor.py"), str(source), str(database), str(BATCH)]
    ran = run(command)
    _expect(int(ran.output), rows, "executemany")
    return _result("executemany", rows, ran, database)


def sqlite_utils_inserts(source: Path, folder: Path, rows: int) -> Result:
    """The second floor: the tool people reach for; no indexes."""
    database = folder / "utils.db"
    command = [sys.executable, "-m", "sqlite_utils", "insert", str(database), "leads", str(source)]
    ran = run([*command, "--csv", "--silent"])
    count = [sys.executable, "-m", "sqlite_utils", "query", str(database)]
    told = run([*count, "SELECT count(*) AS n FROM leads"]).output
    _expect(json.loads(told)[0]["n"], rows, "sqlite-utils")
    return _result("sqlite-utils", rows, ran, database)


CONTENDERS: tuple[Callable[[Path, Path, int], Result], ...] = (
    leadloom_imports,
    executemany_inserts,
    sqlite_utils_inserts,
)


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
    database: Path,
    tenths: Sequence[float] = (),
    counts: dict[str, int] | None = None,
) -> Result:
    peak = ran.peak_bytes / MEGABYTE if ran.peak_bytes else None
    size = database.stat().st_size / MEGABYTE
    return Result(contender, rows, ran.seconds, ran.cpu_seconds, peak, size, tenths, counts)


def _expect(found: int, rows: int, contender: str) -> None:
    if found != rows:
        raise RuntimeError(f"{contender} kept {found:,} rows of {rows:,}: its time means nothing.")


def measure(rows: int, seed: int, repeat: int) -> list[Result]:
    """Let every contender take in the same file, `repeat` times in turn; return the medians."""
    with tempfile.TemporaryDirectory(prefix="leadloom-bench-") as folder:
        source = Path(folder) / "leads.csv"
        generate.write(source, rows, seed)
        rounds = [
            [_once(contender, source, rows) for contender in CONTENDERS] for _ in range(repeat)
        ]
    return [_median(results) for results in zip(*rounds, strict=True)]


def _once(contender: Callable[[Path, Path, int], Result], source: Path, rows: int) -> Result:
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        return contender(source, Path(folder), rows)


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
    print(f"Leadloom runs at {found['of_executemany']:.2f} of executemany with the same indexes")
    print(f"and at {found['of_sqlite-utils']:.2f} of sqlite-utils insert.")
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
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; medians are shown")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print only JSON")
    given = parser.parse_args()
    if importlib.util.find_spec("sqlite_utils") is None:
        parser.error("sqlite-utils is not installed: pip install -e '.[bench]'")
    told = []
    for rows in given.rows:
        results = measure(rows, given.seed, given.repeat)
        if not given.json:
            show(results)
        runs = [{**asdict(one), "rows_per_second": one.rate} for one in results]
        told.append({"rows": rows, "results": runs, "ratios": ratios(results)})
    if given.json:
        print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
