"""A database that is closed leaves no connection behind."""

import pytest
import sqlalchemy as sa

from leadloom.storage.database import Database


@pytest.fixture(params=["postgres", "lite"])
def url(request: pytest.FixtureRequest, tmp_path) -> str:
    if request.param == "lite":
        return f"sqlite:///{tmp_path / 'leads.db'}"
    return str(request.getfixturevalue(request.param))


def test_a_connection_in_use_at_the_time_is_closed_when_it_comes_back(url: str) -> None:
    db = Database(url)
    with db.read() as conn:
        inner = conn.connection.driver_connection
        assert conn.scalar(sa.select(1)) == 1
        db.close()
    with pytest.raises(Exception, match="closed"):
        inner.execute("SELECT 1")
    db.close()
