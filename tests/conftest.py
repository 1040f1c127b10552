"""A real SQLite, PostgreSQL and MariaDB for every test that asks for a database."""

import asyncio
import functools
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa
from emptied import empty
from first_start import FirstStarts
from hypothesis import HealthCheck, Phase, settings
from no_internet import forbidden
from servers import MariaDb, Postgres, fresh, no_mariadb, no_postgres
from typer.main import get_command

from leadloom.storage import schema
from leadloom.storage.database import Database

settings.register_profile(
    "leadloom",
    deadline=None,
    # In CI they are the same ones every time: more of them belong where they are new each time.
    max_examples=int(os.environ.get("LEADLOOM_EXAMPLES", "3" if "CI" in os.environ else "25")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    derandomize="CI" in os.environ,
    # A failure in CI is made small where somebody sits before it.
    phases=[p for p in Phase if p is not Phase.shrink] if "CI" in os.environ else list(Phase),
)
settings.load_profile("leadloom")


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are processors: tests wait for servers and disks half of the time."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: no need to look through it for waste."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """The browser's driver leaves its loop running here; others begin one of their own."""
    loop = asyncio._get_running_loop()
    if loop is None or "web" in request.path.parts:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing is written to the data folder of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.delenv("LEADLOOM_DB", raising=False)
        patch.setenv("LEADLOOM_OFFLINE", "1")
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_internet() -> Iterator[None]:
    """A test that reaches for the internet fails: all it needs is on this machine."""
    with forbidden():
        yield


@pytest.fixture(scope="session", autouse=True)
def _commands_made_once() -> Iterator[None]:
    """Typer makes all commands anew for each line that a test types: half of what a line costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", functools.cache(get_command))
        yield


@pytest.fixture(scope="session", autouse=True)
def first_starts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstStarts]:
    with pytest.MonkeyPatch.context() as patch:
        starts = FirstStarts(schema.upgrade, tmp_path_factory.mktemp("starts"))
        patch.setattr(schema, "upgrade", starts)
        yield starts


@pytest.fixture(scope="module")
def real_starts(first_starts: FirstStarts) -> Iterator[None]:
    """A module that asks for it tests how a schema is made: no first start in it is a copy."""
    with first_starts.off():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """One PostgreSQL server for the whole run; each module gets a database of its own."""
    if reason := no_postgres():
        _miss(reason)
    with Postgres() as server:
        yield server.url


@pytest.fixture(scope="session")
def mariadb() -> Iterator[str]:
    """One MariaDB server for the whole run; each module gets a database of its own."""
    if reason := no_mariadb():
        _miss(reason)
    with MariaDb() as server:
        yield server.url


def _miss(reason: str) -> NoReturn:
    """A database that is not there is passed over, with the reason; in CI it has to be there."""
    if "CI" in os.environ:
        pytest.fail(f"{reason} (a missing database is a failure where CI is set)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mariadb"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every kind of database in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The address of an empty database, a module's own, on every kind of database in turn."""
    return _made(
        database_kind, f"t_{abs(hash(request.module.__name__)):x}", request, tmp_path_factory
    )


@pytest.fixture(scope="session")
def standing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Database]]:
    """The one database of each kind that the whole run uses; made again when a test closed it."""
    opened: dict[str, Database] = {}

    def find(kind: str) -> Database:
        if kind not in opened:
            opened[kind] = Database(_made(kind, "t_standing", request, tmp_path_factory))
        elif opened[kind]._is_closed:
            opened[kind] = Database(opened[kind].url.render_as_string(hide_password=False))
        return opened[kind]

    yield find
    for database in opened.values():
        database.close()


def _made(
    kind: str, name: str, request: pytest.FixtureRequest, folders: pytest.TempPathFactory
) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folders.mktemp('db') / 'leads.db'}"
    server = sa.make_url(request.getfixturevalue(_FIXTURES[kind]))
    return fresh(server, f"{name}_{os.getpid()}")


_FIXTURES = {"postgresql": "postgres", "mariadb": "mariadb"}


@pytest.fixture
def db(database_kind: str, standing: Callable[[str], Database]) -> Database:
    """A database with the schema and nothing else in it, on every kind of database in turn.

    It stays open from test to test: what was compiled once for its engine need not be again.
    """
    database = standing(database_kind)
    empty(database)
    return database


@pytest.fixture
def own_db(database_url: str) -> Iterator[Database]:
    """The same, but a module's own and opened for each test: for those that change the schema."""
    database = Database(database_url)
    empty(database)
    yield database
    database.close()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with the schema, for what does not depend on the database."""
    database = Database(f"sqlite:///{tmp_path / 'leads.db'}")
    schema.ensure(database)
    yield database
    database.close()
