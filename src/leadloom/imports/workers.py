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
import threading
from collections.abc import Iterator, Sequence
from typing import IO, Any

from leadloom.imports.files.table import BadRow, Row
from leadloom.imports.prepare import TableTask
from leadloom.resolve.arrival import Arrival

Numbered = tuple[int, Row | BadRow]
# Starting it takes as long as preparing some thousand rows here: not for batches of a few.
WORTH_IT = 1_000


def prepare_all(task: TableTask, batches: Iterator[Sequence[Numbered]]) -> Iterator[list[Arrival]]:
    """Yield the prepared rows of each batch, in order; all but the first are prepared by a worker.

    It starts while the first is prepared and written here. One is enough: preparing takes less
    than writing, and each holds some 150 MB.
    """
    first = next(batches, ())
    is_worth_it = len(first) >= WORTH_IT and (os.cpu_count() or 1) > 1
    second = next(batches, None) if is_worth_it else None
    if second is None:
        yield task.prepare_all(first)
        yield from map(task.prepare_all, batches)
        return
    with _Worker(task) as worker:
        worker.send(second)
        yield task.prepare_all(first)
        for batch in batches:
            done = worker.receive()
            worker.send(batch)
            yield done
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
        self._telling = threading.Thread()
        self._tell(task)

    def send(self, batch: Sequence[Numbered]) -> None:
        """Give it a batch, without waiting until it has the time to read it."""
        self._batch = batch
        self._telling = threading.Thread(target=self._tell, args=(batch,), daemon=True)
        self._telling.start()

    def receive(self) -> list[Arrival]:
        try:
            arrivals: list[Arrival] = pickle.load(self._stdout)  # noqa: S301 - our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._task.prepare_all(self._batch)
        return arrivals

    def _tell(self, what: Any) -> None:
        with contextlib.suppress(BrokenPipeError):  # `receive` finds out
            pickle.dump(what, self._stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self._stdin.flush()

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        if self._telling.ident:
            self._telling.join()
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
            pickle.dump(task.prepare_all(batch), stdout, protocol=pickle.HIGHEST_PROTOCOL)
            stdout.flush()


if __name__ == "__main__":
    _work()
