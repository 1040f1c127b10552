"""Every difference between the databases. Nothing outside `storage` asks which one it is."""

import contextlib
import operator
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from leadloom.errors import DatabaseError, IntegrityError, SchemaError
from leadloom.storage.types import dump_json

_BUSY_TIMEOUT_S = 30.0
_CACHE_KIB = 64 * 1024
# Any constant serves, as long as nothing else on the server takes the same advisory lock.
_WRITER_LOCK = 0x1EAD1003


def engine_options(url: sa.URL) -> dict[str, Any]:
    """Return `create_engine` options for the database at `url`."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": _BUSY_TIMEOUT_S, "check_same_thread": False}}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 10}}


def prepare(engine: sa.Engine) -> None:
    """Make connections of `engine` behave alike: SQLAlchemy begins, never the driver."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        # SQLite's own knows only ASCII; the same letters must be the same on every database.
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"cache_size=-{_CACHE_KIB}",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(conn: sa.Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE" if _is_write(conn) else "BEGIN")


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _is_write(conn: sa.Connection) -> bool:
    return bool(conn.get_execution_options().get("leadloom_write"))


def begin_write(conn: sa.Connection) -> None:
    """Begin the only writing transaction there is for the moment, waiting for another to end."""
    conn.execution_options(leadloom_write=True)
    conn.begin()
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER_LOCK)))


def reserve_ids(conn: sa.Connection, table: sa.Table, count: int) -> range:
    """Take `count` keys of `table` that nobody else will get; they are never given twice."""
    if count == 0:
        return range(0)
    if conn.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        series = sa.func.generate_series(1, count).table_valued("n")
        ids = conn.scalars(sa.select(sa.func.nextval(sequence)).select_from(series)).all()
        return range(ids[0], ids[0] + count)  # nobody else writes: the numbers are consecutive
    row = conn.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,))
    last = row.scalar()
    if last is None:
        conn.exec_driver_sql("INSERT INTO sqlite_sequence VALUES (?, ?)", (table.name, count))
        return range(1, count + 1)
    conn.exec_driver_sql(
        "UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last + count, table.name)
    )
    return range(last + 1, last + count + 1)


def insert_rows(conn: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows, all with the same columns, the fastest way the database has.

    PostgreSQL takes them by COPY; elsewhere the driver's own executemany, which spares what
    SQLAlchemy does per row (measured: half of the time of a batch).
    """
    if not rows:
        return
    names = list(rows[0])
    types = [table.c[name].type.dialect_impl(conn.dialect) for name in names]
    processors = [one.bind_processor(conn.dialect) for one in types]
    pick = operator.itemgetter(*names)
    values = _processed(map(pick, rows), processors)
    quoted = ", ".join(names)
    if conn.dialect.name == "postgresql":
        driver: Any = conn.connection.driver_connection
        with driver.cursor().copy(f"COPY {table.name} ({quoted}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(names))
    insert = f"INSERT INTO {table.name} ({quoted}) VALUES ({marks})"  # noqa: S608 - our own names
    conn.exec_driver_sql(insert, list(values))


def _processed(
    rows: Iterable[tuple[Any, ...]], processors: Sequence[Callable[[Any], Any] | None]
) -> Iterator[tuple[Any, ...]]:
    """Apply the columns' own processing to the values that have any."""
    active = [(place, process) for place, process in enumerate(processors) if process]
    for row in rows:
        changed = list(row)
        for place, process in active:
            if changed[place] is not None:
                changed[place] = process(changed[place])
        yield tuple(changed)


def insert_new(conn: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows`, passing over those whose key is there already."""
    if rows:
        make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
        conn.execute(make(table).on_conflict_do_nothing(), list(rows))


def among(conn: sa.Connection, column: Any, ids: Iterable[int]) -> sa.ColumnElement[bool]:
    """Return the condition that an integer column is one of `ids`, however many.

    They travel as one parameter, so the statement is compiled once and not once a length.
    """
    found: sa.ColumnElement[bool]
    if conn.dialect.name == "postgresql":
        array = sa.bindparam(None, list(ids), type_=postgresql.ARRAY(sa.BigInteger))
        found = column == sa.func.any(array)
        return found
    listed = sa.bindparam(None, dump_json(list(ids)), type_=sa.Text)
    each = sa.func.json_each(listed).table_valued("value")
    found = column.in_(sa.select(each.c.value))
    return found


def chunks(values: Sequence[Any], size: int = 5_000) -> Iterator[Sequence[Any]]:
    """Cut `values` to what one statement's IN list takes on every database."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def has_tables(conn: sa.Connection) -> bool:
    """Whether anything at all is stored in this database's schema."""
    return bool(sa.inspect(conn).get_table_names())


@contextlib.contextmanager
def telling(label: str) -> Iterator[None]:
    """Turn the driver's errors into sentences a person can act on."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise IntegrityError(
            f"The database {label} refused a change that contradicts what it holds "
            f"({_first_line(error)}); nothing was changed."
        ) from error
    except (sa.exc.OperationalError, sa.exc.DatabaseError) as error:
        raise _translate(label, error) from error


_SENTENCES = (
    (r"locked|lock timeout", "is in use by another program: wait for it to finish and try again"),
    (r"readonly|read-only", "is read-only: give yourself the right to write, or copy it"),
    (r"disk is full|No space left", "has no room left on its disk: free some and run it again"),
    (r"not a database|malformed", "is not a database, or is damaged: restore a backup"),
    (r"unable to open", "cannot be opened: check that the folder exists and is yours"),
    (r"password|authentication|role .* does not exist", "refuses the user or password given"),
    (r'database ".*" does not exist', "does not exist on that server: create it first"),
    (r"refused|could not connect|timeout expired|resolve", "cannot be reached: is it running?"),
)


def _translate(label: str, error: sa.exc.DBAPIError) -> Exception:
    detail = _first_line(error)
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, detail, re.IGNORECASE):
            return DatabaseError(f"The database {label} {sentence} ({detail}).")
    if re.search(r"no such (table|column)|does not exist", detail):
        return SchemaError(
            f"The database {label} lacks something this version needs ({detail}): "
            "run `leadloom db upgrade`."
        )
    return DatabaseError(f"The database {label} reported: {detail}.")


def _first_line(error: sa.exc.DBAPIError) -> str:
    return str(error.orig).strip().split("\n")[0].rstrip(".")
