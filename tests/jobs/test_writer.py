"""The writer: many are written together, and one that spoils it fails alone."""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa

from leadloom.jobs.handlers import Work
from leadloom.jobs.writer import Writer
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import settings


def write(tx: Tx, items: Sequence[str]) -> list[int]:
    for item in items:
        if item == "bad":
            raise ValueError("bad")
        row = {"workspace_id": tx.workspace_id, "key": item, "value": "1", **tx.stamp()}
        tx.conn.execute(settings.insert().values(row))
    return [len(items)] * len(items)


def test_what_comes_together_is_committed_together_and_the_bad_fails_alone(lite: Database) -> None:
    work, gate = Work(lite, "here"), threading.Event()

    def open_tx() -> AbstractContextManager[Tx]:
        gate.wait()
        return work.write(1, 1)

    with Writer(open_tx) as writer:
        first = writer.submit(write, "first")
        many = [writer.submit(write, f"k{n}") for n in range(20)]
        gate.set()
        assert first.result(10) >= 1
        assert all(one.result(10) >= 19 for one in many)
        assert writer.commits <= 2
        gate.clear()
        mixed = [writer.submit(write, name) for name in ("a", "b", "bad", "c")]
        gate.set()
        with pytest.raises(ValueError, match="bad"):
            mixed[2].result(10)
        assert [mixed[n].result(10) >= 1 for n in (0, 1, 3)] == [True] * 3
    with lite.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(settings)) == 24
