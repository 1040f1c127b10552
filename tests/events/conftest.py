"""Databases whose schema is changed by the tests."""

import pytest

from leadloom.storage.database import Database


@pytest.fixture
def db(own_db: Database) -> Database:
    """A database that a test may change the schema of."""
    return own_db
