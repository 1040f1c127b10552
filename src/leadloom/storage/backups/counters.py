"""The last number each table gave to a row: a number once given is never given again."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from leadloom.storage.backups.layout import Layout


def read(conn: sa.Connection, tables: Iterable[Layout]) -> dict[str, int]:
    """Return the last number given, by table; 0 where none was."""
    numbered = [one for one in tables if one.has_counter]
    given = _READ[conn.dialect.name](conn, [one.name for one in numbered])
    return {one.name: max(given.get(one.name) or 0, highest(conn, one.table)) for one in numbered}


def given(conn: sa.Connection, table: Layout) -> int:
    """Return the last number given by a table's own counter, whatever its rows have."""
    return _READ[conn.dialect.name](conn, [table.name]).get(table.name) or 0


def write(conn: sa.Connection, table: sa.Table, last: int) -> None:
    """Let the next row of a table get a number after `last`, and after those that are there."""
    _WRITE[conn.dialect.name](conn, table.name, max(last, highest(conn, table)))


def highest(conn: sa.Connection, table: sa.Table) -> int:
    """Return the highest number that a row of the table has; 0 when it is empty."""
    return conn.scalar(sa.select(sa.func.max(table.c.id))) or 0


def _read_sqlite(conn: sa.Connection, names: Iterable[str]) -> Mapping[str, int]:
    rows = conn.execute(sa.text("SELECT name, seq FROM sqlite_sequence")).all()
    return {row.name: row.seq for row in rows}


def _read_postgresql(conn: sa.Connection, names: Iterable[str]) -> Mapping[str, int]:
    found = {}
    for name in names:
        sequence = _sequence(conn, name)
        if sequence:
            query = f"SELECT last_value, is_called FROM {sequence}"  # noqa: S608 - the server's own
            row = conn.execute(sa.text(query)).one()
            found[name] = row.last_value if row.is_called else row.last_value - 1
    return found


def _read_mysql(conn: sa.Connection, names: Iterable[str]) -> Mapping[str, int]:
    query = sa.text(
        "SELECT table_name AS name, auto_increment AS next FROM information_schema.tables"
        " WHERE table_schema = database() AND auto_increment IS NOT NULL"
    )
    return {row.name: row.next - 1 for row in conn.execute(query)}


def _write_sqlite(conn: sa.Connection, name: str, last: int) -> None:
    conn.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
    conn.execute(
        sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
        {"name": name, "last": last},
    )


def _write_postgresql(conn: sa.Connection, name: str, last: int) -> None:
    sequence = _sequence(conn, name)
    if sequence:
        conn.execute(
            sa.text("SELECT setval(CAST(:sequence AS regclass), :last, :called)"),
            {"sequence": sequence, "last": max(last, 1), "called": last > 0},
        )


def _write_mysql(conn: sa.Connection, name: str, last: int) -> None:
    quoted = conn.dialect.identifier_preparer.quote(name)
    conn.execute(sa.text(f"ALTER TABLE {quoted} AUTO_INCREMENT = {int(last) + 1}"))


def _sequence(conn: sa.Connection, name: str) -> str | None:
    quoted = conn.dialect.identifier_preparer.quote(name)
    found: str | None = conn.scalar(sa.select(sa.func.pg_get_serial_sequence(quoted, "id")))
    return found


_READ = {
    "sqlite": _read_sqlite,
    "postgresql": _read_postgresql,
    "mysql": _read_mysql,
    "mariadb": _read_mysql,
}
_WRITE = {
    "sqlite": _write_sqlite,
    "postgresql": _write_postgresql,
    "mysql": _write_mysql,
    "mariadb": _write_mysql,
}
