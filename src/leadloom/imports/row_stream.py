"""The rows of one table on their way in: numbered, in batches, up to where the file is damaged."""

import itertools
from collections.abc import Iterator

from leadloom.errors import InputError
from leadloom.imports.files.table import BadRow, Row

Numbered = tuple[int, Row | BadRow]


class RowStream:
    """The rows of a table, with their positions in the run, less those that are in already.

    `last` is the position of the last row that went by; `damage` says why the rows ended early.
    """

    def __init__(self, rows: Iterator[Row | BadRow], before: int, done: int) -> None:
        """Number the rows from `before` + 1; those up to `done` are in."""
        self._rows = rows
        self._done = done
        self.last = before
        self.damage: InputError | None = None

    def batches(self, size: int) -> Iterator[list[Numbered]]:
        """Yield lists of at most `size` rows; those before any damage are all delivered."""
        numbered = iter(self)
        while batch := list(itertools.islice(numbered, size)):
            yield batch

    def __iter__(self) -> Iterator[Numbered]:
        try:
            for position, row in enumerate(self._rows, self.last + 1):
                self.last = position
                if position > self._done:
                    yield position, row
        except InputError as error:
            self.damage = error
