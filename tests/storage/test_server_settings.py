"""A server has defaults of its own: what is kept and answered is the same under them."""

import ssl
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.errors import DatabaseError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("real_starts")


def _run(url: str, statement: str) -> None:
    plain = sa.make_url(url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(plain, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(
    params=[
        "DateStyle = 'German, DMY'",
        "IntervalStyle = 'sql_standard'",
        "TimeZone = 'Pacific/Auckland'",
        "client_encoding = 'LATIN1'",
        "extra_float_digits = -10",
        "standard_conforming_strings = off",
        "default_transaction_isolation = 'serializable'",
    ]
)
def of_their_own(request: pytest.FixtureRequest, postgres: str) -> Iterator[Database]:
    """A database whose sessions begin with a setting of its own."""
    url = fresh(postgres, "t_settings")
    _run(url, f"ALTER DATABASE t_settings SET {request.param}")
    db = Database(url)
    yield db
    db.close()


def test_a_servers_own_settings_change_nothing(of_their_own: Database) -> None:
    url = of_their_own.url.render_as_string(hide_password=False)
    with Workspace(url) as ws:
        name = "Zoë 美咲 O'Brien"
        added = ws.leads.add({"full_name": name, "email": "zoe@nord.example", "notes": "a 'b' \\n"})
        lead = ws.leads.get(added.lead.id)
        assert (lead.full_name, lead.notes) == (name, "a 'b' \\n")
        assert [one.type for one in ws.events.list().items][-1] == "run.completed"
    with of_their_own.read() as conn:
        assert conn.scalar(sa.select(sa.literal(0.1234567890123456, sa.Double))) == (
            0.1234567890123456
        )


def test_who_waits_to_write_sees_what_came_before_under_any_of_them(
    of_their_own: Database,
) -> None:
    """Each adds one to a number it has read: none is lost, and nobody is refused."""
    with of_their_own.write() as conn:
        conn.exec_driver_sql("CREATE TABLE told (n integer); INSERT INTO told VALUES (0)")

    def add() -> None:
        for _ in range(5):
            with of_their_own.read() as conn:
                conn.exec_driver_sql("SELECT 1")
            with of_their_own.write() as conn:
                conn.exec_driver_sql("UPDATE told SET n = n + 1")

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with of_their_own.read() as conn:
        assert conn.exec_driver_sql("SELECT n FROM told").scalar() == 20


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_lacks_letters_is_refused(postgres: str, encoding: str) -> None:
    url = fresh(postgres, "t_letters")
    _run(postgres, "DROP DATABASE t_letters")
    _run(
        postgres,
        f"CREATE DATABASE t_letters TEMPLATE template0 LOCALE 'C' ENCODING '{encoding}'",
    )
    db = Database(url)
    with pytest.raises(DatabaseError, match=f"{encoding}.*ENCODING 'UTF8'"), db.read():
        pass
    db.close()


def test_what_a_cipher_needs_is_not_loaded_for_a_socket(
    mariadb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is all the certificates of the machine, in each command anew."""

    def loaded(*_: object, **__: object) -> ssl.SSLContext:
        raise AssertionError("certificates were loaded")

    monkeypatch.setattr(ssl, "create_default_context", loaded)
    db = Database(mariadb)
    with db.read() as conn:
        assert conn.scalar(sa.text("SELECT 1")) == 1
    db.close()


def test_who_asks_for_a_cipher_on_a_socket_gets_it(
    mariadb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []
    make = ssl.create_default_context

    def noted(**options: object) -> ssl.SSLContext:
        asked.append(options)
        return make()

    monkeypatch.setattr(ssl, "create_default_context", noted)
    db = Database(f"{mariadb}&ssl_ca=/nowhere/ca.pem")
    with pytest.raises(DatabaseError), db.read():
        pass
    assert asked[0]["cafile"] == "/nowhere/ca.pem"
    db.close()
