"""First starts of the tests: copied from one that was made, where no first start is tested.

Most tests want a database with the schema and ask nothing of how it came to be; all migrations, one
after the other, are a tenth of what the whole suite costs.
"""

import contextlib
import functools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from servers import FILES, fresh

from leadloom.ids import new_uuid
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.tables import users, workspaces

Upgrade = Callable[..., Path | None]

# How a server is reached by the tests; an address that says more wants something of its own.
_PLAIN = {"host", "unix_socket"}
# Whether a database of PostgreSQL is as `fresh` leaves it: nothing in it, nothing set for it.
_BARE_POSTGRES = """
SELECT datcollate = 'C' AND pg_encoding_to_char(encoding) = 'UTF8'
   AND datacl IS NULL AND current_user = pg_get_userbyid(datdba)
   AND NOT EXISTS (SELECT FROM pg_db_role_setting WHERE setdatabase = d.oid)
   AND (SELECT count(*) FROM pg_extension) = 1
   AND NOT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname !~ '^(pg_|information_schema|public)')
   AND NOT EXISTS (SELECT FROM pg_class WHERE oid >= 16384)
FROM pg_database d WHERE datname = current_database()
"""
_BARE = {
    "sqlite": "SELECT count(*) = 0 FROM sqlite_master",
    "postgresql": _BARE_POSTGRES,
    "mysql": "SELECT count(*) = 0 AND current_user() LIKE 'root@%'"
    " AND @@collation_database = @@collation_server"
    " FROM information_schema.tables WHERE table_schema = database()",
}


class FirstStarts:
    """Stands before `schema.upgrade`: a blank database becomes a copy of one it once made."""

    def __init__(self, upgrade: Upgrade, folder: Path) -> None:
        self.is_on = True
        self._upgrade = upgrade
        self._folder = folder
        self._made: set[str] = set()

    def __call__(
        self, db: Database, target: str = schema.HEAD, *more: Any, **named: Any
    ) -> Path | None:
        """Upgrade, as the product would: what is a copy by now is there already."""
        if self.is_on and target in schema.revisions() and _is_blank(db):
            self._copy(db, target)
        return self._upgrade(db, target, *more, **named)

    @contextlib.contextmanager
    def off(self) -> Iterator[None]:
        """Let every database make its own start meanwhile."""
        was, self.is_on = self.is_on, False
        yield
        self.is_on = was

    def _copy(self, db: Database, target: str) -> None:
        first = self._first(db, target)
        if _COPY[db.engine.dialect.name](first, db):
            _date(db)

    def _first(self, db: Database, target: str) -> sa.URL:
        """Return where a first start at a revision is, beside the database; make it once."""
        if db.file:
            url = f"sqlite:///{self._folder / target}.db"
        else:
            url = db.url.set(database=f"first_{target}").render_as_string(hide_password=False)
        if url not in self._made:
            if not db.file:
                fresh(_front(db), f"first_{target}")
            with contextlib.closing(Database(url)) as made:
                self._upgrade(made, target)
            self._made.add(url)
        return sa.make_url(url)


def _is_blank(db: Database) -> bool:
    """Whether nothing is in it, and nobody can be at it: in a thread, another may."""
    if threading.current_thread() is not threading.main_thread() or set(db.url.query) - _PLAIN:
        return False
    with db.read() as conn:
        return bool(conn.scalar(sa.text(_BARE[conn.dialect.name])))


def _front(db: Database) -> sa.URL:
    """Return the address of the database that every server has."""
    return db.url.set(database={"postgresql": "postgres"}.get(db.engine.dialect.name, "mysql"))


def _copy_file(first: sa.URL, db: Database) -> bool:
    with contextlib.closing(db.engine.raw_connection()) as line:
        _in_memory(str(first.database)).backup(line.driver_connection)  # type: ignore[arg-type]
    return True


@functools.cache
def _in_memory(path: str) -> sqlite3.Connection:
    """Return a copy that nothing a test does to files can be in the way of."""
    memory = sqlite3.connect(":memory:")
    with contextlib.closing(sqlite3.connect(path)) as made:
        made.backup(memory)
    return memory


def _copy_postgres(first: sa.URL, db: Database) -> bool:
    """Put a copy in the database's place; not while others are connected to it."""
    db.engine.dispose()
    engine = sa.create_engine(_front(db), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        try:
            conn.exec_driver_sql(f"DROP DATABASE {db.url.database}")
        except sa.exc.OperationalError:
            return False
        conn.exec_driver_sql(f"CREATE DATABASE {db.url.database} TEMPLATE {first.database} {FILES}")
    engine.dispose()
    return True


def _copy_mariadb(first: sa.URL, db: Database) -> bool:
    """Make each table as the server tells it, with the few rows of a first start."""
    with db.engine.connect() as conn:
        conn.exec_driver_sql(f"USE {first.database}")
        names = conn.exec_driver_sql("SHOW FULL TABLES").all()
        told = [_told(conn, *one) for one in names]
        conn.exec_driver_sql(f"USE {db.url.database}")
        conn.exec_driver_sql("SET foreign_key_checks = 0")
        for statement in sorted(told, key=lambda one: not one.startswith("CREATE TABLE")):
            conn.exec_driver_sql(statement.replace("%", "%%"))
        for name, kind in names:
            if kind == "BASE TABLE":
                conn.exec_driver_sql(
                    f"INSERT INTO `{name}` SELECT * FROM {first.database}.`{name}`"
                )
        conn.exec_driver_sql("SET foreign_key_checks = 1")
        conn.commit()
    return True


def _told(conn: sa.Connection, name: str, kind: str) -> str:
    shown = "TABLE" if kind == "BASE TABLE" else "VIEW"
    return str(conn.exec_driver_sql(f"SHOW CREATE {shown} `{name}`").one()[1])


def _date(db: Database) -> None:
    """Let the first workspace and user be of this moment, and like no other's."""
    with db.write() as conn:
        stamp = {"created_at": db.now(), "updated_at": db.now()}
        for table in (workspaces, users):
            conn.execute(table.update().values(uuid=new_uuid(), **stamp))


_COPY: dict[str, Callable[[sa.URL, Database], bool]] = {
    "sqlite": _copy_file,
    "postgresql": _copy_postgres,
    "mysql": _copy_mariadb,
}
