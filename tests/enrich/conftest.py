"""Providers of another package, and what they ask."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake import Server, install, serving
from servers import fresh

from leadloom.enrich.registry import registry
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.workspace import Workspace


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A provider's server, and a package with providers that ask it."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(install(folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *filter(None, sys.path)]))
    registry.cache_clear()
    with serving() as server:
        monkeypatch.setenv("FAKE_PROVIDER_URL", server.url)
        yield server
    registry.cache_clear()
    sys.modules.pop("leadloom_fake_provider", None)


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
