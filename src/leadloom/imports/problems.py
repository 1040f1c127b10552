"""The problems of a run as a CSV: to be mended in a spreadsheet and imported again."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from leadloom.imports.columns import telling
from leadloom.imports.mended import PROBLEM_COLUMNS
from leadloom.runs.run import Run
from leadloom.storage.database import Tx
from leadloom.storage.tables import records
from leadloom.storage.types import load_json
from leadloom.values.cell import neutralise
from leadloom.values.received import as_text


def write_problems(tx: Tx, run: Run, folder: Path) -> Path | None:
    """Write the rows of a run that failed, or hold a value that could not be read; None if none.

    The file is `problems/run-<id>.csv` in `folder`: what is wrong, then the row as received.
    """
    headers = list(dict.fromkeys(name for _, cells in _problems(tx, run) for name in cells))
    if not headers:
        return None
    path = problems_file(run, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*PROBLEM_COLUMNS, *map(neutralise, headers)])
        for told, cells in _problems(tx, run):
            values = [_text(cells.get(name)) for name in headers]
            writer.writerow([neutralise(str(cell)) for cell in [*told, *values]])
    return path


def problems_file(run: Run, folder: Path) -> Path:
    """Return where the problems of a run are written."""
    return folder / "problems" / f"run-{str(run.uuid)[-12:]}.csv"


def _problems(tx: Tx, run: Run) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Yield (file, row, field, reason) and the original cells of every problem row."""
    query = (
        sa.select(
            records.c.file_index, records.c.row_number, records.c.problems, records.c.original
        )
        .where(
            records.c.run_id == run.id,
            records.c.problems.is_not(None),
            records.c.original.is_not(None),
        )
        .order_by(records.c.position)
    )
    files = [Path(one["path"]).name for one in run.options["files"]]
    for row in tx.conn.execute(query.execution_options(yield_per=1_000)):
        fields = "; ".join(dict.fromkeys(problem[0] for problem in row.problems if problem[0]))
        reasons = "; ".join(
            f"{problem[0]}: {problem[2]}" if len(row.problems) > 1 else problem[2]
            for problem in row.problems
        )
        yield [files[row.file_index], row.row_number, fields, reasons], load_json(row.original)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(as_text(telling(one)) for one in value)
    return as_text(value)
