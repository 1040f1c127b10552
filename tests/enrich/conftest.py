"""Providers of another package, and what they ask."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake import Server, provided
from servers import fresh

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.workspace import Workspace


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A provider's server on this machine, and a package with providers that ask it."""
    with provided(tmp_path / "packages", monkeypatch) as server:
        yield server


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., None]:
    """Bring people into a workspace by their addresses, each of a company of its own."""

    def fill(ws: Workspace, *addresses: str, company: str = "") -> None:
        path = tmp_path / "people.csv"
        rows = [
            f"Ada Lind{n},{address},{company or f'Firm {n}'}" for n, address in enumerate(addresses)
        ]
        path.write_text("\n".join(["Name,Email,Company", *rows]) + "\n")
        ws.import_files([path])

    return fill


@pytest.fixture
def postgres_db(postgres: str) -> Iterator[Database]:
    """A PostgreSQL database of this test's own."""
    database = Database(fresh(postgres, "enrich"))
    schema.ensure(database)
    yield database
    database.close()
