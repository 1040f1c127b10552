"""Every difference between the databases. Nothing outside `storage` asks which one it is."""

import contextlib
import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.storage import json_rows, letters, mariadb, postgresql, sqlite, walls
from leadloom.storage.listed import Listed, listed
from leadloom.storage.telling import CONNECTING, StillBusyError

# Any constant serves, as long as nothing else on the server takes the same advisory lock.
_WRITER_LOCK = 0x1EAD1003
_GIVEN = "leadloom_given"

_Processing = Sequence[tuple[int, Callable[[Any], Any]]]


def engine_options(url: sa.URL) -> dict[str, Any]:
    """Return `create_engine` options for the database at `url`."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": sqlite.PATIENCE_S, "check_same_thread": False}}
    is_mariadb = url.get_backend_name() == mariadb.NAME
    arguments = {"connect_timeout": 10} | (
        mariadb.options(url) if is_mariadb else postgresql.OPTIONS
    )
    asked = {name: value for name, value in arguments.items() if name not in url.query}
    options = {"pool_pre_ping": True, "connect_args": asked}
    return options if is_mariadb else options | {"isolation_level": postgresql.ISOLATION}


def prepare(engine: sa.Engine) -> None:
    """Make connections of `engine` behave alike: SQLAlchemy begins, never the driver."""
    sa.event.listen(engine, "handle_error", _mark_connecting)
    if engine.dialect.name == mariadb.NAME:
        mariadb.refuse_unknown(engine)
        sa.event.listen(engine, "connect", lambda one, _: mariadb.set_up(one, engine.url))
    if engine.dialect.name == "postgresql":
        sa.event.listen(engine, "connect", lambda connection, _: postgresql.set_up(connection))
        sa.event.listen(
            engine, "connect", lambda one, _: letters.look_up(engine.dialect, one), once=True
        )
    if engine.dialect.name == "sqlite":
        sqlite.set_up(engine)


def _mark_connecting(context: sa.engine.ExceptionContext) -> None:
    """Note on an error that nothing was begun yet: the drivers' own words are the same."""
    if context.connection is None and context.sqlalchemy_exception:
        context.sqlalchemy_exception.add_detail(CONNECTING)


@contextlib.contextmanager
def writing(conn: sa.Connection) -> Iterator[None]:
    """Hold the only writing transaction there is for the moment; wait for another to end first.

    Whatever is not committed inside is rolled back. Raises StillBusyError after half a minute.
    """
    conn.execution_options(leadloom_write=True)
    conn.begin()
    if conn.dialect.name == "postgresql":
        patience = sa.func.set_config("lock_timeout", f"{sqlite.PATIENCE_S:.0f}s", True)
        conn.execute(sa.select(patience, sa.func.pg_advisory_xact_lock(_WRITER_LOCK)))
    if conn.dialect.name != mariadb.NAME:
        yield
        return
    conn.info.pop(_GIVEN, None)
    try:
        if not mariadb.take_turn(conn):
            raise StillBusyError
        yield
    finally:
        _end_turn(conn)


def _end_turn(conn: sa.Connection) -> None:
    """Let the next one write, when all is rolled back; a connection that broke has done both."""
    if not conn.invalidated:
        with contextlib.suppress(sa.exc.DBAPIError, conn.dialect.loaded_dbapi.Error):
            conn.rollback()
            mariadb.end_turn(conn)
            return
        conn.invalidate()


def reading(conn: sa.Connection) -> None:
    """Let a connection see the data as they are at its first look, whoever writes meanwhile."""
    if conn.dialect.name == "postgresql":
        conn.execution_options(isolation_level="REPEATABLE READ")


def reserve_ids(conn: sa.Connection, table: sa.Table, count: int) -> range:
    """Take `count` keys of `table` that nobody else will get; they are never given twice."""
    if count == 0:
        return range(0)
    if conn.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        series = sa.func.generate_series(1, count).table_valued("n")
        ids = conn.scalars(sa.select(sa.func.nextval(sequence)).select_from(series)).all()
        return range(ids[0], ids[0] + count)  # nobody else writes: the numbers are consecutive
    if conn.dialect.name == mariadb.NAME:
        return _reserve_mariadb(conn, table, count)
    row = conn.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,))
    last = row.scalar()
    if last is None:
        conn.exec_driver_sql("INSERT INTO sqlite_sequence VALUES (?, ?)", (table.name, count))
        return range(1, count + 1)
    conn.exec_driver_sql(
        "UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last + count, table.name)
    )
    return range(last + 1, last + count + 1)


def _reserve_mariadb(conn: sa.Connection, table: sa.Table, count: int) -> range:
    """A counter moves when a row goes in; until then the transaction remembers what it gave."""
    given: dict[str, int] = conn.info.setdefault(_GIVEN, {})
    first = max(mariadb.next_key(conn, table), given.get(table.name, 0) + 1)
    given[table.name] = first + count - 1
    return range(first, first + count)


def insert_rows(conn: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows, all with the same columns, the fastest way the database has.

    PostgreSQL takes them by COPY, MariaDB many in a statement; SQLite by the driver's executemany,
    which spares what SQLAlchemy does per row (measured: half of the time of a batch).
    """
    if not rows:
        return
    names = list(rows[0])
    if conn.dialect.name == "postgresql":
        _insert_postgresql(conn, table, names, _values(conn, table, names, rows))
    elif conn.dialect.name == mariadb.NAME:
        into = _into(conn, table, names)
        start = f"INSERT INTO {into} VALUES "  # noqa: S608 - our own names
        mariadb.insert(conn, start, _values(conn, table, names, rows))
    else:
        _insert_sqlite(conn, table, rows)


def update_rows(conn: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of many rows; each names its row by `key`, and all name the same columns.

    Servers get many at once, as one value or through a table of this connection's own: a statement
    for each row means as many round trips.
    """
    if not rows:
        return
    names = [name for name in rows[0] if name != "key"]
    if conn.dialect.name == "sqlite":
        marks = ", ".join(f"{name} = ?" for name in names)
        values = _values(conn, table, [*names, "key"], rows)
        conn.exec_driver_sql(f"UPDATE {table.name} SET {marks} WHERE id = ?", list(values))  # noqa: S608 - our own names
    elif conn.dialect.name == "postgresql" and json_rows.fit(conn, table, names, rows):
        json_rows.update(conn, table, names, rows)
    elif len(rows) < _FEW:
        conn.execute(table.update().where(table.c.id == sa.bindparam("key")), list(rows))
    else:
        _update_by_join(conn, table, names, _values(conn, table, ["key", *names], rows))


# Fewer are updated as fast one by one.
_FEW = 20


def _update_by_join(
    conn: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Set `names` of the rows with these keys; a row's values begin with its key."""
    quote = conn.dialect.identifier_preparer.quote
    into, news = quote(table.name), quote(f"news_of_{table.name}")
    columns = ", ".join(map(quote, ["id", *names]))
    shape = f"SELECT {columns} FROM {into} LIMIT 0"  # noqa: S608 - our own names
    conn.exec_driver_sql(f"CREATE TEMPORARY TABLE {news} AS {shape}")
    sets = [f"{quote(name)} = {news}.{quote(name)}" for name in names]
    if conn.dialect.name == "postgresql":
        _copy(conn, f"COPY pg_temp.{news} ({columns}) FROM STDIN", rows)
        update = f"UPDATE {into} SET {', '.join(sets)} FROM {news} WHERE {into}.id = {news}.id"  # noqa: S608
    else:
        mariadb.insert(conn, f"INSERT INTO {news} ({columns}) VALUES ", rows)  # noqa: S608
        joined = f"{into} JOIN {news} ON {into}.id = {news}.id"
        update = f"UPDATE {joined} SET {', '.join(f'{into}.{one}' for one in sets)}"  # noqa: S608
    conn.exec_driver_sql(update)
    kind = "TEMPORARY TABLE" if conn.dialect.name == mariadb.NAME else "TABLE"
    conn.exec_driver_sql(f"DROP {kind} {news}")


def _insert_sqlite(
    conn: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], otherwise: str = ""
) -> None:
    names = list(rows[0])
    marks = ", ".join("?" * len(names))
    insert = f"INSERT INTO {_into(conn, table, names)} VALUES ({marks}) {otherwise}"  # noqa: S608 - our own names
    conn.exec_driver_sql(insert, list(_values(conn, table, names, rows)))


def _into(conn: sa.Connection, table: sa.Table, names: Sequence[str]) -> str:
    return _named(conn.dialect, table, tuple(names))


# Asking the same columns the same again took a tenth of what adding one row takes.
@functools.lru_cache(256)
def _named(dialect: sa.Dialect, table: sa.Table, names: tuple[str, ...]) -> str:
    quote = dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(map(quote, names))})"


def _values(
    conn: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """Yield the named values of each row as the driver takes them."""
    processing = _processing(conn.dialect, table, tuple(names))
    return _processed(map(operator.itemgetter(*names), rows), processing)


@functools.lru_cache(256)
def _processing(dialect: sa.Dialect, table: sa.Table, names: tuple[str, ...]) -> _Processing:
    """Return what has to be done to values before the driver takes them, by their place."""
    columns = [table.c[name if name in table.c else "id"] for name in names]
    types = [column.type.dialect_impl(dialect) for column in columns]
    processors = [one.bind_processor(dialect) for one in types]
    return [(place, process) for place, process in enumerate(processors) if process]


def _insert_postgresql(
    conn: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """COPY does not write to a table whose rows the server filters: there it goes by a table of
    this connection's own. Measured, rows a second: 41-66,000 straight, 32-41,000 so, and 11-15,000
    by INSERT.
    """
    if walls.is_walled(conn, table.name):
        _copy_between(conn, table, names, rows)
    else:
        _copy(conn, f"COPY {_into(conn, table, names)} FROM STDIN", rows)


def _copy_between(
    conn: sa.Connection,
    table: sa.Table,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    otherwise: str = "",
) -> None:
    """COPY into a table of this connection's own, and insert from there."""
    quote = conn.dialect.identifier_preparer.quote
    into, columns = quote(table.name), ", ".join(map(quote, names))
    between = quote(f"incoming_{table.name}")
    shape = f"SELECT * FROM {into} WITH NO DATA"  # noqa: S608 - our own names
    conn.exec_driver_sql(f"CREATE TEMPORARY TABLE IF NOT EXISTS {between} AS {shape}")
    _copy(conn, f"COPY pg_temp.{between} ({columns}) FROM STDIN", rows)
    conn.exec_driver_sql(
        f"INSERT INTO {into} ({columns}) SELECT {columns} FROM pg_temp.{between} {otherwise}"  # noqa: S608 - our own names
    )
    conn.exec_driver_sql(f"TRUNCATE pg_temp.{between}")


def _copy(conn: sa.Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = conn.connection.driver_connection
    try:
        with driver.cursor().copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except conn.dialect.loaded_dbapi.Error as error:
        if driver.closed:
            conn.invalidate(error)
        raise sa.exc.DBAPIError.instance(
            statement, None, error, conn.dialect.loaded_dbapi.Error, dialect=conn.dialect
        ) from error


def _processed(
    rows: Iterable[tuple[Any, ...]], processing: _Processing
) -> Iterator[tuple[Any, ...]]:
    """Apply the columns' own processing to the values that have any."""
    for row in rows:
        changed = list(row)
        for place, process in processing:
            if changed[place] is not None:
                changed[place] = process(changed[place])
        yield tuple(changed)


def insert_new(conn: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, all with the same columns, passing over those whose key is there already."""
    if not rows:
        return
    names = list(rows[0])
    values = _values(conn, table, names, rows)
    if conn.dialect.name == "postgresql" and json_rows.fit(conn, table, names, rows):
        json_rows.insert(conn, table, names, rows, "ON CONFLICT DO NOTHING")
    elif conn.dialect.name == "postgresql":
        _copy_between(conn, table, names, values, "ON CONFLICT DO NOTHING")
    elif conn.dialect.name == mariadb.NAME:
        same = next(iter(table.primary_key.columns)).name  # INSERT IGNORE passes over any error
        start = f"INSERT INTO {_into(conn, table, names)} VALUES "  # noqa: S608 - our own names
        mariadb.insert(conn, start, values, f" ON DUPLICATE KEY UPDATE {same} = {same}")
    else:
        _insert_sqlite(conn, table, rows, "ON CONFLICT DO NOTHING")


def among(conn: sa.Connection, column: Any, ids: Iterable[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a column of integers is one of `ids`, however many.

    They travel as one value, so the statement is compiled once and not once a length.
    """
    return _one_of(conn.dialect.name, column, None, value=list(ids))


def rows_among(
    conn: sa.Connection, query: sa.Select[Any], column: Any, ids: Iterable[int], **given: Any
) -> list[Any]:
    """Return the rows of `query` whose `column` is one of `ids`, however many.

    `query` is one that stays, such as a module's constant, and `given` holds its parameters: with
    the condition it is made once (measured: 25 us for what takes 90 when made each time).
    """
    statement = _narrowed(conn.dialect.name, query, column)
    found: list[Any] = []
    for some in chunks(list(ids)):
        found += conn.execute(statement, {_IDS: some, **given})
    return found


_IDS = "among_ids"


@functools.lru_cache(128)
def _narrowed(dialect: str, query: sa.Select[Any], column: Any) -> sa.Select[Any]:
    return query.where(_one_of(dialect, column, _IDS))


def _one_of(dialect: str, column: Any, key: str | None, **value: Any) -> sa.ColumnElement[bool]:
    if dialect != mariadb.NAME:
        return Listed(column, listed(dialect, sa.BigInteger(), key, **value))
    numbers = sa.bindparam(key, type_=mariadb.IdList(), literal_execute=True, **value)
    found: sa.ColumnElement[bool]
    found = column.op("IN", is_comparison=True, return_type=sa.Boolean())(numbers)
    return found


def among_words(conn: sa.Connection, column: Any, words: Iterable[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a column of text is one of `words`; they travel as `among` has it.

    Not on MariaDB: there each is a value, so some hundreds at a time.
    """
    if conn.dialect.name == mariadb.NAME:
        found: sa.ColumnElement[bool] = column.in_(list(words))
        return found
    return Listed(column, listed(conn.dialect.name, sa.Text(), None, value=list(words)))


def chunks(values: Sequence[Any], size: int = 5_000) -> Iterator[Sequence[Any]]:
    """Cut `values` to what one statement's IN list takes on every database."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def has_tables(conn: sa.Connection) -> bool:
    """Whether anything at all is stored in this database's schema."""
    return bool(sa.inspect(conn).get_table_names())
