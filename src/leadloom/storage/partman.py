"""pg_partman, where the database has it: it looks after the months in our stead.

Tables are handed over to it as they are: months keep their rows under the names it gives, and the
default partition has to be empty, for it makes its own. Where that cannot be, or it fails later,
we go on ourselves. It knows tables by their names alone, so it is made to forget those that were
dropped, made anew or restored behind its back. Tried with versions 4.7 and 5.1.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from leadloom.storage.upgrades.online import briefly

# The months that a table has: the names of its partitions, and the first day of each.
MonthsOf = Callable[[sa.Connection, str], dict[str, dt.date]]
Controls = Mapping[str, sa.Column[dt.datetime]]

_AHEAD = 3
_FOUND = sa.text("""
SELECT nspname AS schema, extversion AS version
FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
JOIN pg_class config ON config.relnamespace = n.oid AND config.relname = 'part_config'
WHERE extname = 'pg_partman' AND has_schema_privilege(n.oid, 'USAGE')
  AND has_table_privilege(config.oid, 'SELECT')
""")
# Whether a table has months by the names that pg_partman gives: made or taken over by it.
_IS_ITS_OWN = """
SELECT EXISTS (SELECT FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
  WHERE inhparent = to_regclass(:name) AND part.relname ~ '_p[0-9]{4}_?[0-9]{2}')
"""


@dataclass(frozen=True, slots=True)
class _Partman:
    """The extension in a database: the quoted schema it is in, and whether it is older than 5."""

    schema: str
    is_old: bool


def registered(conn: sa.Connection, tables: Controls) -> dict[str, str]:
    """Return the tables that pg_partman looks after, each with the name it knows it by."""
    found = _find(conn)
    known = _in_its_books(conn, found, tables) if found else {}
    return {table: name for table, name in known.items() if _is_its_own(conn, name)}


def make_ahead(conn: sa.Connection, tables: Controls, months_of: MonthsOf) -> dict[str, list[str]]:
    """Let pg_partman make months ahead; return what it made of each table that it looks after."""
    found = _find(conn)
    if found is None:
        return {}
    let_go(conn, tables)
    before = {table: set(months_of(conn, table)) for table in tables}
    there = registered(conn, tables)
    made: dict[str, list[str]] = {}
    for table, control in tables.items():
        if table in there:
            is_done = _maintain(conn, found, there[table])
        else:
            is_done = _hand_over(conn, found, table, control.name, months_of(conn, table))
        if is_done:
            made[table] = sorted(set(months_of(conn, table)) - before[table])
    return made


def let_go(conn: sa.Connection, tables: Controls) -> None:
    """Make pg_partman forget the tables that are no longer as it left them."""
    found = _find(conn) if conn.dialect.name == "postgresql" else None
    known = _in_its_books(conn, found, tables) if found else {}
    for name in known.values():
        if found and not _is_its_own(conn, name):
            _forget(conn, found, name)


def month_name(conn: sa.Connection, table: str, month: dt.date, tables: Controls) -> str | None:
    """Return the name that it expects of a month, None for a table that it does not look after."""
    found = _find(conn)
    if found is None or table not in registered(conn, tables):
        return None
    return _month_name(found, table, month)


def _find(conn: sa.Connection) -> _Partman | None:
    row = conn.execute(_FOUND).first()
    if row is None:
        return None
    quote = conn.dialect.identifier_preparer.quote_identifier
    return _Partman(quote(row.schema), int(row.version.partition(".")[0]) < 5)


def _in_its_books(conn: sa.Connection, found: _Partman, tables: Controls) -> dict[str, str]:
    here = f"{conn.scalar(sa.select(sa.func.current_schema()))}."
    names = conn.scalars(sa.text(f"SELECT parent_table FROM {found.schema}.part_config")).all()  # noqa: S608
    ours = {name.removeprefix(here): name for name in names if name.startswith(here)}
    return {table: ours[table] for table in tables if table in ours}


def _is_its_own(conn: sa.Connection, name: str) -> bool:
    return bool(conn.scalar(sa.text(_IS_ITS_OWN), {"name": name}))


def _forget(conn: sa.Connection, found: _Partman, name: str) -> bool:
    gone = sa.text(
        f"DELETE FROM {found.schema}.part_config WHERE parent_table = :name "  # noqa: S608
        "RETURNING to_regclass(template_table)::text"
    )

    def forget() -> bool:
        if template := conn.scalar(gone, {"name": name}):
            conn.exec_driver_sql(f"DROP TABLE {template}")
        return True

    return _succeeds(conn, forget)


def _maintain(conn: sa.Connection, found: _Partman, name: str) -> bool:
    run = sa.text(f"SELECT {found.schema}.run_maintenance(p_parent_table := :name)")
    return _succeeds(conn, lambda: bool(conn.execute(run, {"name": name})))


def _hand_over(
    conn: sa.Connection, found: _Partman, table: str, control: str, months: Mapping[str, dt.date]
) -> bool:
    """Give a table to pg_partman; return False, and leave all as it was, where that fails."""
    kind = (
        "p_type := 'native', p_interval := 'monthly'" if found.is_old else "p_interval := '1 month'"
    )
    name = f"{conn.scalar(sa.select(sa.func.current_schema()))}.{table}"
    create = sa.text(
        f"SELECT {found.schema}.create_parent(p_parent_table := :name, p_control := :control, "
        f"p_premake := {_AHEAD}, {kind})"
    )
    for_ever = sa.text(
        f"UPDATE {found.schema}.part_config SET infinite_time_partitions = true "  # noqa: S608
        "WHERE parent_table = :name"
    )

    def hand_over() -> bool:
        conn.exec_driver_sql(f"LOCK TABLE {table}")
        if conn.exec_driver_sql(f"SELECT EXISTS (SELECT FROM {table}_default)").scalar():  # noqa: S608
            return False
        conn.exec_driver_sql(f"DROP TABLE {table}_default")
        for is_named, month in months.items():
            if is_named != (its := _month_name(found, table, month)):
                conn.exec_driver_sql(f"ALTER TABLE {is_named} RENAME TO {its}")
        conn.execute(create, {"name": name, "control": control})
        conn.execute(for_ever, {"name": name})
        return True

    return _succeeds(conn, hand_over)


def _month_name(found: _Partman, table: str, month: dt.date) -> str:
    return f"{table}_p{month:%Y_%m}" if found.is_old else f"{table}_p{month:%Y%m%d}"


def _succeeds(conn: sa.Connection, change: Callable[[], bool]) -> bool:
    """Make a change whole, or none of it where the server or the role does not let us."""
    try:
        with briefly(conn):
            return change()
    except sa.exc.DBAPIError as error:
        if error.connection_invalidated:
            raise
        return False
