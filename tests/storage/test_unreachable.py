"""A server that cannot be worked with: each reason has its own sentence, and shows no password."""

import contextlib
import socket
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.errors import DatabaseError, UsageError
from leadloom.storage import postgresql
from leadloom.storage.database import Database, parse_url


def _ask(db: Database, question: str) -> None:
    with db.read() as conn:
        conn.exec_driver_sql(question)


def _refusal(url: sa.URL | str, question: str = "SELECT 1") -> str:
    shown = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    with contextlib.closing(Database(shown)) as db, pytest.raises(DatabaseError) as caught:
        _ask(db, question)
    assert "hunter2" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of somebody who answers, and then says nothing."""
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen(8)
        yield ear.getsockname()[1]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hunter2@127.0.0.1:{}/leads?connect_timeout=2",
        "mariadb://me:hunter2@127.0.0.1:{}/leads?connect_timeout=2&read_timeout=1",
    ],
)
def test_who_answers_and_says_nothing_cannot_be_reached(silent: int, address: str) -> None:
    assert "cannot be reached" in _refusal(address.format(silent))


@pytest.mark.parametrize(("option", "patience"), [("", None), ("read_timeout=7", 7)])
def test_who_only_greets_slowly_may_work_slowly_unless_the_address_says_how_long(
    mariadb: str, option: str, patience: int | None
) -> None:
    url = fresh(mariadb, "t_slow")
    db = Database(f"{url}{'&' if '?' in url else '?'}{option}" if option else url)
    with contextlib.closing(db), db.read() as conn:
        driver = conn.connection.driver_connection
        assert driver is not None
        assert driver._read_timeout == patience


def test_an_option_that_is_none_is_told_and_not_the_password() -> None:
    with pytest.raises(UsageError, match="'nosuch'") as caught:
        Database("mariadb://me:hunter2@localhost/leads?nosuch=1")
    assert "hunter2" not in str(caught.value)
    with pytest.raises(UsageError, match="of no use"):
        Database("mariadb://me:hunter2@localhost/leads?connect_timeout=soon")
    said = _refusal("postgresql://me:hunter2@localhost/leads?nosuch=1&password=hunter2")
    assert "nosuch" in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:hunter2@localhost:port/leads",
        "mariadb://me:hunt@er2:hunter2@localhost:port/leads",
        "postgresql://localhost:port/leads?password=hunter2",
    ],
)
def test_what_is_no_address_is_told_without_its_password(url: str) -> None:
    with pytest.raises(UsageError, match="not a database address") as caught:
        parse_url(url)
    assert "hunter2" not in str(caught.value)
    assert "er2" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "mariadb"])
def test_a_password_given_as_an_option_is_one(scheme: str) -> None:
    db = Database(f"{scheme}://me@localhost/leads?password=hunter2&connect_timeout=3")
    assert db.url.password == "hunter2"
    assert dict(db.url.query) == {"connect_timeout": "3"}
    assert "hunter2" not in db.label


def test_an_old_postgresql_is_refused(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh(postgres, "t_young")
    monkeypatch.setattr(postgresql, "LEAST", 990_000)
    assert "Leadloom needs 99 at least" in _refusal(url)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("NOLOGIN", "refuses the user"),
        ("LOGIN CONNECTION LIMIT 0", "has no connection free"),
        ("LOGIN; ALTER ROLE t_guest SET statement_timeout = 1", "too little time"),
    ],
)
def test_what_a_role_may_not_is_told(postgres: str, told: str, sentence: str) -> None:
    url = sa.make_url(fresh(postgres, "t_guests"))
    admin = sa.create_engine(url.set(drivername="postgresql+psycopg"))
    with admin.begin() as conn:
        conn.exec_driver_sql(f"DROP ROLE IF EXISTS t_guest; CREATE ROLE t_guest {told}")
    try:
        assert sentence in _refusal(url.set(username="t_guest"), "SELECT pg_sleep(1)")
    finally:
        with admin.begin() as conn:
            conn.exec_driver_sql("DROP ROLE t_guest")
        admin.dispose()
