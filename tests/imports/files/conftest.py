"""Files made on the fly, and what `open_tables` makes of them."""

from collections.abc import Callable
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
