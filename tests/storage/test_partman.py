"""pg_partman in charge of the months, version 4 and 5, each where its files lie on this machine.

LEADLOOM_PARTMAN names a folder whose `extension/` holds them; else a distribution's are taken.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.events.event import record
from leadloom.storage import partitions, partman, schema, walls
from leadloom.storage.backups import backup
from leadloom.storage.database import Database, Tx
from leadloom.storage.health import maintenance
from leadloom.storage.restore import restore

pytestmark = pytest.mark.usefixtures("real_starts")

NOW = dt.datetime.now(dt.UTC)
FOLDERS = [
    os.environ.get("LEADLOOM_PARTMAN", ""),
    *map(str, Path("/usr/share/postgresql").glob("*")),
]
SCRIPT = re.compile(r"pg_partman--(\d+)\.(\d+)\.(\d+)\.sql")


@pytest.fixture(scope="module", params=["4", "5"])
def offered(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A folder with pg_partman and the newest version of it there, of either kind in turn."""
    found = [
        (tuple(map(int, script.groups())), folder)
        for folder in FOLDERS
        if folder
        for path in Path(folder, "extension").glob("pg_partman--*.sql")
        if (script := SCRIPT.fullmatch(path.name)) and script[1] == request.param
    ]
    if not found:
        pytest.skip(f"pg_partman {request.param} is not installed (LEADLOOM_PARTMAN: its folder)")
    version, folder = max(found)
    return folder, ".".join(map(str, version))


@pytest.fixture
def owner(postgres: str) -> Iterator[str]:
    """The address of an empty database, for a role that owns it and is no superuser."""
    url = fresh(postgres, "t_partman")
    _as_admin(postgres, "DROP ROLE IF EXISTS t_partman_owner", "CREATE ROLE t_partman_owner LOGIN")
    _as_admin(postgres, "ALTER DATABASE t_partman OWNER TO t_partman_owner")
    yield sa.make_url(url).set(username="t_partman_owner").render_as_string(hide_password=False)
    _as_admin(postgres, "DROP DATABASE t_partman WITH (FORCE)", "DROP ROLE t_partman_owner")


@pytest.fixture
def db(owner: str, offered: tuple[str, str]) -> Iterator[Database]:
    """A database with one event, and where to get pg_partman from."""
    database = Database(owner)
    schema.ensure(database)
    happen(database)
    yield database
    database.close()


@pytest.fixture
def install(postgres: str, offered: tuple[str, str]) -> "Install":
    return Install(postgres, *offered)


class Install:
    """What an administrator does once, for a role of the product's own."""

    def __init__(self, server: str, folder: str, version: str) -> None:
        self._server = sa.make_url(server).set(database="t_partman")
        self._folder, self._version = folder, version

    def __call__(self, within: str = "partman") -> None:
        role = "TO t_partman_owner"
        _as_admin(
            self._server,
            f"SET extension_control_path = '$system:{self._folder}'",
            f"CREATE SCHEMA IF NOT EXISTS {within}",
            f"CREATE EXTENSION pg_partman SCHEMA {within} VERSION '{self._version}'",
            f"GRANT USAGE, CREATE ON SCHEMA {within} {role}",
            f"GRANT ALL ON ALL TABLES IN SCHEMA {within} {role}",
        )


def _as_admin(server: sa.URL | str, *statements: str) -> None:
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for one in statements:
            conn.exec_driver_sql(one)
    engine.dispose()


def happen(db: Database, time: dt.datetime = NOW) -> None:
    with db.write() as conn:
        record(Tx(conn, time, 1, 1), "lead.created", 7)


def months(db: Database, table: str = "events") -> list[str]:
    with db.read() as conn:
        return sorted(partitions._owned(conn)[table])


def make_ahead(db: Database) -> list[str]:
    with db.write() as conn:
        return partitions.make_ahead(conn)


def places(db: Database) -> list[str]:
    with db.read() as conn:
        return list(
            conn.scalars(sa.text("SELECT tableoid::regclass::text FROM events ORDER BY id"))
        )


def looked_after(db: Database) -> set[str]:
    with db.read() as conn:
        return set(partman.registered(conn, partitions.PARTITIONED))


def booked(db: Database) -> int | None:
    with db.read() as conn:
        return conn.scalar(sa.text("SELECT count(*) FROM partman.part_config"))


def test_it_takes_over_and_makes_months_ahead(db: Database, install: Install) -> None:
    install()
    make_ahead(db)
    assert looked_after(db) == set(partitions.PARTITIONED)
    assert all("_p20" in name or name.endswith("_default") for name in months(db))
    happen(db)
    this_month = {f"events_p{NOW:%Y_%m}", f"events_p{NOW:%Y%m}01"}
    assert len(places(db)) == 2
    assert set(places(db)) <= this_month
    with db.write() as conn:
        assert partitions.is_ahead(conn)
        conn.exec_driver_sql("UPDATE partman.part_config SET premake = 5")
        made = partitions.make_ahead(conn)
    assert len(made) >= 3 * 2
    steps = {one.name: one.message for one in maintenance.maintain(db, is_full=True)}
    assert steps["partitions"] == "made ahead already"
    later = NOW + dt.timedelta(days=40)
    with db.write() as conn:
        conn.exec_driver_sql("DELETE FROM events")
        assert set(partitions.drop_empty(conn, "events", later)) & this_month
    make_ahead(db)
    happen(db)
    assert looked_after(db) == set(partitions.PARTITIONED)


def test_what_it_cannot_take_over_stays_ours(db: Database, install: Install) -> None:
    happen(db, dt.datetime(2019, 3, 1, tzinfo=dt.UTC))
    with db.write() as conn:
        conn.exec_driver_sql(
            "INSERT INTO events (workspace_id, occurred_at, type, entity)"
            " VALUES (1, '2017-01-01', 'x.y', 'x')"
        )
    install()
    before = months(db)
    make_ahead(db)
    assert months(db) == before
    assert "events" not in looked_after(db)
    assert "emails" in looked_after(db)
    with db.read() as conn:
        assert partitions.is_ahead(conn)


def test_where_it_fails_we_go_on(db: Database, install: Install, postgres: str) -> None:
    install()
    make_ahead(db)
    last = months(db)[-1]
    _as_admin(
        sa.make_url(postgres).set(database="t_partman"),
        "ALTER FUNCTION partman.run_maintenance RENAME TO another",
    )
    with db.write() as conn:
        conn.exec_driver_sql(f"DROP TABLE {last}")
        made = partitions.make_ahead(conn)
    assert last in made
    assert last in months(db)
    happen(db)


def test_it_forgets_what_was_taken_down(db: Database, install: Install) -> None:
    install()
    make_ahead(db)
    schema.downgrade(db, schema.BASE, allow_data_loss=True)
    assert booked(db) == 0
    schema.upgrade(db)
    make_ahead(db)
    assert looked_after(db) == set(partitions.PARTITIONED)


@pytest.mark.parametrize("is_before", [True, False])
def test_a_backup_goes_over_a_database_that_has_it(
    db: Database, install: Install, is_before: bool, tmp_path: Path, postgres_tools: None
) -> None:
    if is_before:
        saved = backup.take(db, target=tmp_path / "a.backup")
    install()
    make_ahead(db)
    if not is_before:
        saved = backup.take(db, target=tmp_path / "a.backup")
    happen(db)
    restore(db, saved, force=True)
    assert len(places(db)) == 1
    assert booked(db) == (0 if is_before else 3)
    make_ahead(db)
    assert looked_after(db) == set(partitions.PARTITIONED)
    happen(db)
    assert len(places(db)) == 2


def test_a_backup_of_one_that_has_it_goes_into_one_that_has_not(
    db: Database, install: Install, owner: str, tmp_path: Path, postgres: str, postgres_tools: None
) -> None:
    install()
    make_ahead(db)
    saved = backup.take(db, target=tmp_path / "a.backup")
    db.close()
    fresh(postgres, "t_partman")
    _as_admin(postgres, "ALTER DATABASE t_partman OWNER TO t_partman_owner")
    restore(db, saved)
    assert len(places(db)) == 1
    assert make_ahead(db) == []
    happen(db)


def test_a_database_that_an_extension_came_to_first_is_ours(
    owner: str, install: Install, tmp_path: Path, postgres_tools: None
) -> None:
    install(within="public")
    db = Database(owner)
    schema.ensure(db)
    happen(db)
    with db.write() as conn:
        walls.build(conn)
    assert looked_after(db) == set(partitions.PARTITIONED)
    restore(db, backup.take(db, target=tmp_path / "a.backup"), force=True)
    assert len(places(db)) == 1
    schema.downgrade(db, schema.BASE, allow_data_loss=True)
    schema.ensure(db)
    db.close()
