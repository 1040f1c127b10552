"""How many rows go into one transaction: so many that others do not wait long for their turn."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

# How long one transaction may keep other writers out.
_HOLD_S = 0.4
_FEWEST = 250

T = TypeVar("T")


class Pace:
    """Cuts batches into portions that this machine writes in about `_HOLD_S` seconds each."""

    def __init__(self, most: int) -> None:
        """`most`: rows a portion, however fast the machine is."""
        self._most = most
        self._rows = min(most, 2 * _FEWEST)

    def portions(self, batch: Sequence[T]) -> Iterator[Sequence[T]]:
        """Yield the rows of a batch in order, as many at a time as the last ones suggest."""
        at = 0
        while at < len(batch):
            rows = self._rows
            yield batch[at : at + rows]
            at += rows

    @contextlib.contextmanager
    def holding(self, rows: int) -> Iterator[None]:
        """Measure how long others are kept out; inside, `rows` rows are written."""
        began = time.perf_counter()
        yield
        seconds = max(time.perf_counter() - began, 1e-6)
        fitting = int(rows * _HOLD_S / seconds)
        # A short portion says little, and one slow moment less: never more than twice as many.
        self._rows = max(_FEWEST, min(self._most, fitting, 2 * max(self._rows, _FEWEST)))
