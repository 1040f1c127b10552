"""What only MariaDB and MySQL need: how a session is set up, how types and tables are written.

Both are spoken to through PyMySQL and SQLAlchemy's `mysql` dialect, whichever the server is.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from leadloom.errors import DatabaseError, UsageError

NAME = "mysql"
_LOCK_WAIT_S = 30
# Quotes and || mean what the standard says; nothing is cut off or made up to fit. PyMySQL sets it
# before SQLAlchemy asks how to quote.
SQL_MODE = (
    "ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION"
)
# Whoever answers, and then says nothing, is no server: see `set_up`.
_OPTIONS: dict[str, Any] = {"charset": "utf8mb4", "sql_mode": SQL_MODE, "read_timeout": 10}
# A socket of this machine is read by nobody else, and what a cipher needs takes 20 ms to load.
_ON_SOCKET = {"ssl_disabled": True}
# Well below `max_allowed_packet`, and as fast as larger ones (measured).
_STATEMENT_CHARACTERS = 1_000_000
# Only one session writes at a time, however many servers the account reaches: a name a database.
_WRITER = "CONCAT('leadloom.', SHA1(DATABASE()))"


def options(url: sa.URL) -> dict[str, Any]:
    """Return what the driver is told where the address says nothing of it."""
    is_asked = any(name.startswith("ssl") for name in url.query)
    return _OPTIONS | (_ON_SOCKET if "unix_socket" in url.query and not is_asked else {})


def refuse_unknown(engine: sa.Engine) -> None:
    """Raise UsageError for an option in the address that the driver does not know."""
    driver: Any = engine.dialect.loaded_dbapi
    known = inspect.signature(driver.connections.Connection).parameters
    given = engine.dialect.create_connect_args(engine.url)[1]
    for name in given.keys() - known.keys():
        raise UsageError(
            f"The database address has an option {name!r}, and there is none: drop it."
        )


def set_up(connection: Any, url: sa.URL) -> None:
    """Make a new PyMySQL connection to `url` behave as the other databases do.

    Raises DatabaseError when the server is too old.
    """
    version = connection.get_server_info()
    is_mariadb = "MariaDB" in version
    numbers = tuple(int(n) for n in re.findall(r"\d+", version.removeprefix("5.5.5-"))[:2])
    if numbers < ((10, 11) if is_mariadb else (8, 0)):
        connection.close()
        raise DatabaseError(
            f"The server is {version}, and Leadloom needs MariaDB 10.11 or MySQL 8.0 at least: "
            "update it, or use another."
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SET NAMES utf8mb4 COLLATE {collation(is_mariadb)}")
        cursor.execute(
            f"SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = {_LOCK_WAIT_S}, "
            f"lock_wait_timeout = {_LOCK_WAIT_S}"  # a day, else
        )
        cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if not is_mariadb:  # else the next key of a table is a day old
            cursor.execute("SET SESSION information_schema_stats_expiry = 0")
    connection.commit()
    if "read_timeout" not in url.query:
        connection._read_timeout = None  # who greets us has to hurry; a statement may take long


def collation(is_mariadb: bool) -> str:
    """Return the collation that compares byte by byte, trailing spaces too, as SQLite does."""
    return "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"


def take_turn(conn: sa.Connection) -> bool:
    """Wait to be the only one who writes; return False when that took too long.

    The lock belongs to the session: it outlives the commits that MariaDB makes of itself around
    every change of the schema, and it ends with the connection however that ends.
    """
    return bool(conn.scalar(sa.text(f"SELECT GET_LOCK({_WRITER}, {_LOCK_WAIT_S})")))


def end_turn(conn: sa.Connection) -> None:
    """Let the next one write."""
    driver: Any = conn.connection.driver_connection
    with driver.cursor() as cursor:
        cursor.execute("DO RELEASE_ALL_LOCKS()")


def wait_for_tables(conn: sa.Connection, seconds: int = _LOCK_WAIT_S) -> None:
    """Say how long a change of a table waits for those who read it, and they for it."""
    conn.exec_driver_sql(f"SET SESSION lock_wait_timeout = {seconds}")


def next_key(conn: sa.Connection, table: sa.Table) -> int:
    """Return the key that the next row of `table` would get; never one that was given before."""
    query = sa.text(
        "SELECT AUTO_INCREMENT FROM information_schema.TABLES "
        "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = :name"
    )
    return int(conn.scalar(query, {"name": table.name}) or 1)


def insert(conn: sa.Connection, head: str, rows: Iterable[Sequence[Any]], tail: str = "") -> None:
    """Run `head` ("INSERT INTO t (a, b) VALUES ") with many rows a statement, and `tail` behind.

    The values are written here, not by the driver's executemany: measured at 58,000 rows a second
    against 32,000, and 41,000 by LOAD DATA LOCAL, which many servers forbid.
    """
    options = {"no_parameters": True}
    for values in _statements(rows):
        conn.exec_driver_sql(head + values + tail, execution_options=options)


def _statements(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the rows as "(…), (…)", each piece short enough for one statement."""
    pieces: list[str] = []
    room = _STATEMENT_CHARACTERS
    for row in rows:
        piece = f"({','.join(map(literal, row))})"
        if pieces and room < len(piece):
            yield ",".join(pieces)
            pieces, room = [], _STATEMENT_CHARACTERS
        pieces.append(piece)
        room -= len(piece)
    if pieces:
        yield ",".join(pieces)


def literal(value: Any) -> str:
    """Return a value as SQL. Our sessions let a backslash escape (see `SQL_MODE`)."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return repr(value) if isinstance(value, int | float) else f"'{value}'"


class IdList(sa.types.UserDefinedType[Sequence[int]]):
    """A list of whole numbers written into the statement: "(1,2,3)"."""

    cache_ok = True

    def literal_processor(self, dialect: sa.Dialect) -> Any:
        """Return what writes the list; an empty one matches nothing."""
        return lambda ids: f"({','.join(map(str, map(int, ids))) or 'NULL'})"


@compiles(sa.Text, NAME)
def _text(element: Any, compiler: Any, **options: Any) -> str:
    """TEXT ends at 64 KiB here."""
    return "LONGTEXT"


@compiles(sa.LargeBinary, NAME)
def _binary(element: Any, compiler: Any, **options: Any) -> str:
    """BLOB ends at 64 KiB here."""
    return "LONGBLOB"


@compiles(sa.Float, NAME)
def _float(element: Any, compiler: Any, **options: Any) -> str:
    """FLOAT keeps seven digits here."""
    return "DOUBLE"


@compiles(sa.schema.CreateTable, NAME)
def _create_table(element: Any, compiler: Any, **options: Any) -> str:
    """Whatever the server's own defaults are."""
    text: str = compiler.visit_create_table(element, **options)
    binary = collation(compiler.dialect.is_mariadb)
    return f"{text.rstrip()} ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={binary}"
