"""Files made on the fly, and what `open_tables` makes of them."""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from leadloom.imports.files import BadRow, Row, Table, open_tables

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write text (as UTF-8) or bytes to a file and return its path."""

    def write_file(content: str | bytes, name: str = "leads.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def read(write: Write) -> Callable[..., tuple[Table, list[Row | BadRow]]]:
    """Write a file of one table, and read it to its end."""

    def read_table(
        content: str | bytes, name: str = "leads.csv", **options: Any
    ) -> tuple[Table, list[Row | BadRow]]:
        [found] = [
            (table, list(table.rows)) for table in open_tables(write(content, name), **options)
        ]
        return found

    return read_table


@pytest.fixture
def rows_of() -> Callable[..., list[Row | BadRow]]:
    """Read every table of a file to its end."""

    def read_all(path: Path, **options: Any) -> list[Row | BadRow]:
        return [row for table in open_tables(path, **options) for row in table.rows]

    return read_all


@pytest.fixture
def peak() -> Iterator[Callable[[], int]]:
    """Call it before and after: the second time it tells the most memory used between, in bytes."""
    before = 0

    def used() -> int:
        nonlocal before
        held, most = tracemalloc.get_traced_memory()
        used_since, before = most - before, held
        tracemalloc.reset_peak()
        return used_since

    tracemalloc.start()
    yield used
    tracemalloc.stop()
