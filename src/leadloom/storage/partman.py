"""pg_partman, where the database has it: it looks after the months in our stead.

Tables are handed over to it as they are: months keep their rows under the names it gives, and the
default partition has to be empty, for it makes its own. Where that cannot be, we go on ourselves.
Tried with version 4.7; what is said to version 5 is what its documentation says.
"""

import datetime as dt
from collections.abc import Callable, Mapping

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


def registered(conn: sa.Connection, tables: Controls) -> dict[str, str]:
    """Return the tables that pg_partman looks after, each with the name it knows it by."""
    found = conn.execute(_FOUND).first()
    if found is None:
        return {}
    config = sa.table("part_config", sa.column("parent_table", sa.Text), schema=found.schema)
    here = f"{conn.scalar(sa.select(sa.func.current_schema()))}."
    names = conn.scalars(sa.select(config.c.parent_table)).all()
    ours = {name.removeprefix(here): name for name in names if name.startswith(here)}
    return {table: ours[table] for table in tables if table in ours}


def make_ahead(conn: sa.Connection, tables: Controls, months_of: MonthsOf) -> dict[str, list[str]]:
    """Let pg_partman make months ahead; return what it made of each table that it looks after."""
    found = conn.execute(_FOUND).first()
    if found is None:
        return {}
    before = {table: set(months_of(conn, table)) for table in tables}
    there = registered(conn, tables)
    for table, control in tables.items():
        if table not in there:
            _hand_over(conn, found, table, control.name, months_of(conn, table))
    made: dict[str, list[str]] = {}
    for table, name in registered(conn, tables).items():
        if table in there:
            conn.execute(
                sa.text(f'SELECT "{found.schema}".run_maintenance(p_parent_table := :name)'),
                {"name": name},
            )
        made[table] = sorted(set(months_of(conn, table)) - before[table])
    return made


def _hand_over(
    conn: sa.Connection, found: sa.Row[tuple[str, str]], table: str, control: str,
    months: Mapping[str, dt.date],
) -> bool:  # fmt: skip
    """Give a table to pg_partman; return False, and leave all as it was, where that fails."""
    is_old = int(found.version.partition(".")[0]) < 5
    kind = "p_type := 'native', p_interval := 'monthly'" if is_old else "p_interval := '1 month'"
    try:
        with briefly(conn):
            conn.exec_driver_sql(f"LOCK TABLE {table}")
            if conn.exec_driver_sql(f"SELECT EXISTS (SELECT FROM {table}_default)").scalar():  # noqa: S608
                return False
            conn.exec_driver_sql(f"DROP TABLE {table}_default")
            for name, month in months.items():
                its = f"{table}_p{month:%Y_%m}" if is_old else f"{table}_p{month:%Y%m%d}"
                if name != its:
                    conn.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {its}")
            conn.execute(
                sa.text(
                    f'SELECT "{found.schema}".create_parent(p_parent_table := '
                    "format('%s.%s', current_schema(), CAST(:table AS text)), "
                    f"p_control := :control, p_premake := {_AHEAD}, {kind})"
                ),
                {"table": table, "control": control},
            )
            conn.execute(
                sa.text(
                    f'UPDATE "{found.schema}".part_config SET infinite_time_partitions = true '  # noqa: S608
                    "WHERE parent_table = format('%s.%s', current_schema(), CAST(:table AS text))"
                ),
                {"table": table},
            )
    except sa.exc.DBAPIError as error:
        if error.connection_invalidated:
            raise
        return False
    return True
