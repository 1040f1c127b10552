"""The first starts that most tests are given as copies are what the product makes."""

import contextlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from filling import contents
from first_start import FirstStarts
from servers import fresh

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.tables import workspaces

Make = Callable[[str], Database]


@pytest.fixture
def make(database_url: str, tmp_path: Path) -> Make:
    """Make an empty database of the kind in turn."""

    def make_one(name: str) -> Database:
        if database_url.startswith("sqlite"):
            return Database(f"sqlite:///{tmp_path / name}.db")
        return Database(fresh(database_url, name))

    return make_one


def made_of(db: Database) -> list[str]:
    """Return how a database would make itself anew, without the name it has."""
    with db.read() as conn:
        if conn.dialect.name == "sqlite":
            return list(conn.scalars(sa.text("SELECT sql FROM sqlite_master WHERE sql <> ''")))
        if conn.dialect.name == "mysql":
            names = conn.exec_driver_sql("SHOW TABLES").scalars().all()
            return [str(conn.exec_driver_sql(f"SHOW CREATE TABLE `{n}`").one()[1]) for n in names]
    url = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    words = ["pg_dump", "--schema-only", url]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return [line for line in told.splitlines() if not line.startswith(("\\", "--"))]


@pytest.mark.usefixtures("postgres_tools")
@pytest.mark.parametrize("target", ["0002", schema.HEAD])
def test_a_copy_is_what_the_product_makes(
    make: Make, target: str, first_starts: FirstStarts
) -> None:
    with (
        contextlib.closing(make("t_real")) as real,
        contextlib.closing(make("t_one")) as one,
        contextlib.closing(make("t_two")) as two,
    ):
        with first_starts.off():
            schema.upgrade(real, target)
        schema.upgrade(one, target)
        schema.upgrade(two, target)
        assert made_of(one) == made_of(two) == made_of(real)
        assert {name: rows for name, (rows, _) in contents(two).items()} == {
            name: rows for name, (rows, _) in contents(real).items()
        }
        assert _first(one) != _first(two)


def _first(db: Database) -> object:
    with db.read() as conn:
        return conn.scalar(sa.select(workspaces.c.uuid))


def test_what_is_not_blank_is_left_to_the_product(make: Make) -> None:
    with contextlib.closing(make("t_strange")) as db:
        with db.write() as conn:
            conn.exec_driver_sql("CREATE TABLE theirs (a INTEGER)")
        with pytest.raises(Exception, match="another program"):
            schema.upgrade(db)
