"""Rows prepared beside the process that writes them, also when that help dies."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadloom.imports import importer, workers
from leadloom.imports.files.table import Row
from leadloom.imports.prepare import TableTask
from leadloom.leads.fold import NORMAL
from leadloom.resolve.arrival import Arrival
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

ROWS = [Row(n, {"Name": f"Ann Lee{n}", "Email": f"ann{n}@acme.com"}) for n in range(1, 41)]
BATCH = 4


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The worker, which is there from the second batch on."""
    found: list[subprocess.Popen[bytes]] = []
    really = subprocess.Popen

    def start(*args: Any, **named: Any) -> subprocess.Popen[bytes]:
        found.append(really(*args, **named))
        return found[-1]

    monkeypatch.setattr(workers, "WORTH_IT", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(workers.subprocess, "Popen", start)
    return found


def task() -> TableTask:
    sample = [row.cells for row in ROWS[:3]]
    return TableTask(0, ("Name", "Email"), sample, "delimited", {}, 1, "file", "", NORMAL, None)


def batches() -> Iterator[list[tuple[int, Row]]]:
    for start in range(0, len(ROWS), BATCH):
        yield [(row.number, row) for row in ROWS[start : start + BATCH]]


def alone() -> list[Arrival]:
    return [task().prepare(row.number, row) for row in ROWS]


def test_workers_give_what_would_be_prepared_here(started: list[subprocess.Popen[bytes]]) -> None:
    found = [one for batch in workers.prepare_all(task(), batches()) for one in batch]
    assert found == alone()
    assert len(started) == 1
    assert all(worker.poll() is not None for worker in started)


@pytest.mark.parametrize("dies_after", [1, 2, 5])
def test_what_a_worker_dies_of_is_prepared_here(
    started: list[subprocess.Popen[bytes]], dies_after: int
) -> None:
    found: list[Arrival] = []
    killed = 0
    for number, batch in enumerate(workers.prepare_all(task(), batches()), 1):
        found += batch
        if number >= dies_after and killed < len(started):
            for worker in started:
                worker.kill()
                worker.wait()
            killed = len(started)
    assert killed == 1
    assert found == alone()


def test_an_import_whose_workers_are_killed_takes_every_row_in(
    lite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    started: list[subprocess.Popen[bytes]],
) -> None:
    monkeypatch.setattr(importer, "BATCH", BATCH)
    path = tmp_path / "people.csv"
    lines = [",".join(row.cells.values()) for row in ROWS]
    path.write_text("\n".join(["Name,Email", *lines]) + "\n", encoding="utf-8")

    def kill(done: int, counts: dict[str, int]) -> None:
        for worker in started:
            worker.kill()

    ws = Workspace(session=Session(lite))
    report = ws.import_files([path], on_progress=kill)
    assert started
    assert report.counts["created"] == report.rows == len(ROWS)
    assert ws.verify().differences == []
