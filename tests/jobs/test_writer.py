"""The writer: many are written together, and one that spoils it fails alone."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from leadloom.jobs.handlers import Work
from leadloom.jobs.writer import Handler, Told, Writer
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


def test_who_has_patience_goes_along_no_later_than_it_says(lite: Database) -> None:
    """One that waits long must not keep back one behind it that waits less."""
    told: dict[str, float] = {}

    def note(results: Sequence[Told]) -> None:
        told.update((waiter.name, time.monotonic() - began) for waiter, _, _ in results)

    with Writer(lambda: Work(lite, "here").write(1, 1)) as writer:
        began = time.monotonic()
        for name, patience_s in (("long", 0.8), ("short", 0.05), ("none", 0.0)):
            handler = other if name == "none" else write
            writer.put(handler, name, _Waiter(name), note, patience_s)
        while len(told) < 3:
            assert time.monotonic() - began < 60
            time.sleep(0.01)
    assert told["none"] < told["short"] < told["long"]
    assert told["long"] >= 0.8


def test_who_has_patience_goes_along_with_one_of_its_kind_that_has_none(lite: Database) -> None:
    with Writer(lambda: Work(lite, "here").write(1, 1)) as writer:
        waiting = [_put(writer, write, f"w{n}", 30.0) for n in range(3)]
        stays = _put(writer, other, "o", 30.0)
        assert _put(writer, write, "now", 0.0).result(10) == 4
        assert [one.result(10) for one in waiting] == [4] * 3
        assert not stays.done()
    assert stays.result(0) == 1


def test_who_is_in_haste_waits_for_one_portion_of_the_patient_at_most(lite: Database) -> None:
    """Each transaction of the patient takes long; one in haste comes between two of them."""
    done: list[str] = []

    def slow(tx: Tx, items: Sequence[str]) -> list[None]:
        time.sleep(0.1)
        done.extend(items)
        return [None] * len(items)

    def quick(tx: Tx, items: Sequence[str]) -> list[int]:
        return [len(done)] * len(items)

    with Writer(lambda: Work(lite, "here").write(1, 1)) as writer:
        many = [_put(writer, slow, str(n), 30.0) for n in range(600)]
        while not done:
            time.sleep(0.01)
        assert _put(writer, quick, "q", 0.0).result(10) < 600
        assert not many[-1].done()


def other(tx: Tx, items: Sequence[str]) -> list[int]:
    return [len(items)] * len(items)


def _put(writer: Writer, handler: Handler[str, Any], item: str, patience_s: float) -> Future[Any]:
    future: Future[Any] = Future()

    def tell(told: Sequence[Told]) -> None:
        for waiter, result, _ in told:
            waiter.set_result(result)

    writer.put(handler, item, future, tell, patience_s)
    return future


@dataclass
class _Waiter:
    name: str

    def cancelled(self) -> bool:
        return False
