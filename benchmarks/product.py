"""Leadloom imports a file, in a process of its own.

    python benchmarks/product.py leads.csv sqlite:///leads.db

Prints what became of the rows, and when each batch was in: [rows done, seconds since the start].
"""

import json
import sys
import time

import leadloom


def main(csv_path: str, url: str) -> None:
    """Import one file into a new database, and print the report."""
    began = time.perf_counter()
    marks: list[tuple[int, float]] = []
    with leadloom.open(url) as workspace:
        report = workspace.import_files(
            [csv_path],
            on_progress=lambda done, counts: marks.append((done, time.perf_counter() - began)),
        )
    json.dump({**report.as_json(), "marks": marks}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
