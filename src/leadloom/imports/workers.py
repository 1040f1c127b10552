"""Preparing rows beside the process that writes them.

A worker is this interpreter running this module, fed through its standard input: unlike
multiprocessing it never imports the caller's script again, and it ends when the caller does.
"""

import contextlib
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import IO, Any

from leadloom.imports.files.table import BadRow, Row
from leadloom.imports.prepare import TableTask
from leadloom.resolve.arrival import Arrival

Numbered = tuple[int, Row | BadRow]
# Starting a worker takes about as long as preparing so many rows here.
WORTH_IT = 8_000
MOST_WORKERS = 3


def prepare_all(task: TableTask, batches: Iterator[Sequence[Numbered]]) -> Iterator[list[Arrival]]:
    """Yield the prepared rows of each batch, in order; many rows are prepared by workers."""
    seen = 0
    for batch in batches:
        yield [task.prepare(position, row) for position, row in batch]
        seen += len(batch)
        if seen >= WORTH_IT and (os.cpu_count() or 1) > 1:
            yield from _in_workers(task, batches)


def _in_workers(task: TableTask, batches: Iterator[Sequence[Numbered]]) -> Iterator[list[Arrival]]:
    """Keep every worker one batch ahead of the writer."""
    count = max(1, min(MOST_WORKERS, (os.cpu_count() or 1) - 1))
    with contextlib.ExitStack() as stack:
        waiting: list[_Worker] = []
        for batch in batches:
            if len(waiting) < count:
                worker = stack.enter_context(_Worker(task))
            else:
                worker = waiting.pop(0)
                done = worker.receive()
                worker.send(batch)
                waiting.append(worker)
                yield done
                continue
            worker.send(batch)
            waiting.append(worker)
        for worker in waiting:
            yield worker.receive()


class _Worker:
    """One process; takes one batch at a time. What it dies of is prepared here instead."""

    def __init__(self, task: TableTask) -> None:
        self._task = task
        self._batch: Sequence[Numbered] = ()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "leadloom.imports.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # nobody's news: the work is done all the same
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin: IO[bytes] = self._process.stdin
        self._stdout: IO[bytes] = self._process.stdout
        self._tell(task)

    def send(self, batch: Sequence[Numbered]) -> None:
        self._batch = batch
        self._tell(batch)

    def receive(self) -> list[Arrival]:
        try:
            arrivals: list[Arrival] = pickle.load(self._stdout)  # noqa: S301 - our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            return [self._task.prepare(*numbered) for numbered in self._batch]
        return arrivals

    def _tell(self, what: Any) -> None:
        with contextlib.suppress(BrokenPipeError):  # `receive` finds out
            pickle.dump(what, self._stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._stdin.flush()

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()
        self._stdout.close()
        self._process.wait()


def _work() -> None:
    """Be a worker: a task, then batches until the caller is gone."""
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    gc.disable()  # rows hold no cycles, and looking for some took a third of the time
    with contextlib.suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        task: TableTask = pickle.load(stdin)  # noqa: S301 - our own process
        while True:
            batch = pickle.load(stdin)  # noqa: S301 - our own process
            pickle.dump([task.prepare(*numbered) for numbered in batch], stdout, protocol=5)
            stdout.flush()


if __name__ == "__main__":
    _work()
