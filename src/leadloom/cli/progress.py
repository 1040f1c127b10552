"""How far a long command has come, on stderr: a moving line for people, a few lines in a log."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import Any, Protocol

from leadloom.cli.render import is_terminal, note
from leadloom.errors import LeadloomError

LOG_EVERY_S = 5.0


class InterruptedRunError(LeadloomError):
    """The user pressed Ctrl-C while a run was under way."""


class Meter(Protocol):
    """Is told how far a step has come."""

    def tell(self, step: str, done: int, *, total: int | None = None, aside: str = "") -> None:
        """Show that `step` has dealt with `done` rows of `total`; `aside` is more to say."""


@contextlib.contextmanager
def metered(unit: str = "rows", *, go_on: str = "") -> Iterator[Meter]:
    """Give a meter that counts `unit`; Ctrl-C ends with a sentence.

    `go_on` says what to type to go on. Raises InterruptedRunError in place of KeyboardInterrupt.
    """
    try:
        with _bar(unit) if is_terminal(sys.stderr) else _log(unit) as meter:
            yield meter
    except KeyboardInterrupt as stop:
        hint = f" {go_on}" if go_on else ""
        raise InterruptedRunError(
            f"Stopped at the keyboard; what was done so far is kept.{hint}"
        ) from stop


class _Log:
    """Writes each step's name, and a line now and then."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._step: str | None = None
        self._began = self._last = time.monotonic()

    def tell(self, step: str, done: int, *, total: int | None = None, aside: str = "") -> None:
        now = time.monotonic()
        if step != self._step:
            self._step = step
            self._began = self._last = now
            note(f"{step} …")
        elif now - self._last >= LOG_EVERY_S:
            self._last = now
            told = [f"{done:,} {self._unit}", _rate(done, now - self._began), aside]
            left = _left(done, total, now - self._began)
            note(f"{step}: {', '.join(filter(None, [*told, left]))}")


class _Bar:
    """Moves a line a step on the terminal."""

    def __init__(self, progress: Any, unit: str) -> None:
        self._progress = progress
        self._unit = unit
        self._task: Any = None
        self._step: str | None = None
        self._began = 0.0

    def tell(self, step: str, done: int, *, total: int | None = None, aside: str = "") -> None:
        if step != self._step:
            self._finish()
            self._step, self._began = step, time.monotonic()
            self._task = self._progress.add_task(step, total=None, told="")
        took = time.monotonic() - self._began
        parts = [f"{done:,} {self._unit}" if done else "", _rate(done, took), aside]
        told = "  ".join(filter(None, [*parts, _left(done, total, took)]))
        self._progress.update(self._task, completed=done, told=told)

    def _finish(self) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1)
            self._progress.stop_task(self._task)


@contextlib.contextmanager
def _log(unit: str) -> Iterator[Meter]:
    yield _Log(unit)


@contextlib.contextmanager
def _bar(unit: str) -> Iterator[Meter]:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
    )
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress, unit)


def _left(done: int, total: int | None, seconds: float) -> str:
    """Say how long the rest will take, once that can be told."""
    if not total or not done or seconds < 2:
        return ""
    left = seconds / done * (total - done)
    return f"{left / 60:.0f} min left" if left >= 90 else f"{left:.0f} s left"


def _rate(done: int, seconds: float) -> str:
    return f"{done / seconds:,.0f} a second" if done and seconds >= 0.5 else ""
