"""Databases that many workers may share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import fresh

from leadloom.storage import schema
from leadloom.storage.database import Database


@pytest.fixture(params=["sqlite", "postgresql"])
def postgres_or_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'leads.db'}"
    else:
        url = fresh(request.getfixturevalue("postgres"), "jobs")
    database = Database(url)
    schema.ensure(database)
    yield database
    database.close()
