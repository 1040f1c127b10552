"""Months of PostgreSQL's large tables: made ahead, filled from the default one, dropped when empty.

A row whose month has no partition yet goes into the default one, so an insert never fails for lack
of a partition. Other databases keep these tables whole; everything here does nothing there.
"""

import datetime as dt
import re
import weakref
from collections.abc import Iterator

import sqlalchemy as sa

from leadloom.storage import partman, side_indexes
from leadloom.storage.tables import email_participants, emails, events
from leadloom.storage.upgrades.online import briefly, is_lock_timeout

# Each table and the column that says which month a row belongs to.
PARTITIONED: dict[str, sa.Column[dt.datetime]] = {
    events.name: events.c.occurred_at,
    emails.name: emails.c.sent_at,
    email_participants.name: email_participants.c.sent_at,
}

_PART = re.compile(rf"({'|'.join(PARTITIONED)})_(default|p?\d{{4}}_?\d{{2}}\w*)")
_OVERLAPS = "42P17"
_MONTH = re.compile(r"_p?(\d{4})_?(\d{2})(?:_?01)?$")

# The month each engine has made partitions up to: asked of the catalogue once, not for each write.
_ready: weakref.WeakKeyDictionary[sa.Engine, dt.date] = weakref.WeakKeyDictionary()


def is_model(name: str | None, kind: str, *_: object) -> bool:
    """Whether a name in the database is one of the models', for Alembic's `include_name`."""
    if kind == "index":
        return name is None or not name.startswith(side_indexes.PREFIX)
    return kind != "table" or name is None or not _PART.fullmatch(name)


def make_ahead(conn: sa.Connection, months: int = 3, now: dt.datetime | None = None) -> list[str]:
    """Make the partitions of this month and of the next `months`; return the names of the new.

    Where pg_partman is, it makes them; see `partman`. One whose lock is not free is
    left for the next time; a role that does not own the tables makes none.
    """
    if conn.dialect.name != "postgresql":
        return []
    owned = _owned(conn)
    managed = partman.make_ahead(conn, PARTITIONED, _months_of) if owned else {}
    made: list[str] = []
    for table in owned:
        if table in managed:
            made += managed[table]
            continue
        there = set(_months_of(conn, table).values())
        for month in _following(month_of(now or dt.datetime.now(dt.UTC)), months + 1):
            if month not in there and (name := add(conn, table, month)):
                made.append(name)
    return made


def is_ahead(conn: sa.Connection, months: int = 3, now: dt.datetime | None = None) -> bool:
    """Whether nothing is left to make ahead."""
    if conn.dialect.name != "postgresql":
        return True
    wanted = _following(month_of(now or dt.datetime.now(dt.UTC)), months + 1)
    lacking = {
        table
        for table, there in _owned(conn).items()
        if not {name_of(table, month) for month in wanted} <= there
    }
    return not lacking or lacking <= set(partman.registered(conn, PARTITIONED))


def forget_gone(conn: sa.Connection) -> None:
    """Have nobody look after tables that were dropped or changed their shape."""
    partman.let_go(conn, PARTITIONED)


def before_write(conn: sa.Connection, now: dt.datetime) -> None:
    """Make the partitions that are missing, at the first write of a month."""
    if conn.dialect.name != "postgresql" or _ready.get(conn.engine) == month_of(now):
        return
    make_ahead(conn, now=now)
    _ready[conn.engine] = month_of(now)


def add(conn: sa.Connection, table: str, month: dt.date) -> str | None:
    """Make one month's partition, with the rows the default one holds of it; return its name.

    None when somebody else kept the table locked, or made partitions of other bounds.
    """
    bounds = _bounds(month)
    name = partman.month_name(conn, table, month, PARTITIONED) or name_of(table, month)
    held = (
        f"{PARTITIONED[table].name} >= '{bounds[0]}' AND {PARTITIONED[table].name} < '{bounds[1]}'"
    )
    like = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE"
    columns = ", ".join(_columns(conn, table))
    try:
        with briefly(conn):
            conn.exec_driver_sql(f"CREATE TABLE {name} (LIKE {table} {like})")
            conn.exec_driver_sql(
                f"WITH moved AS (DELETE FROM {table}_default WHERE {held} RETURNING {columns}) "  # noqa: S608
                f"INSERT INTO {name} ({columns}) SELECT {columns} FROM moved"
            )
            conn.exec_driver_sql(
                f"ALTER TABLE {table} ATTACH PARTITION {name} "
                f"FOR VALUES FROM ('{bounds[0]}') TO ('{bounds[1]}')"
            )
    except sa.exc.DBAPIError as error:
        if not is_lock_timeout(error) and getattr(error.orig, "sqlstate", None) != _OVERLAPS:
            raise
        return None
    return name


def drop_empty(conn: sa.Connection, table: str, before: dt.datetime) -> list[str]:
    """Drop the months of a table that had ended by `before` and hold no row; return their names.

    One whose lock is not free is left for the next time. Nobody may write meanwhile.
    """
    gone = []
    for name in _months_before(conn, table, dt.datetime.combine(month_of(before), dt.time())):
        if conn.scalar(sa.select(sa.exists().select_from(sa.table(name)))):
            continue
        try:
            with briefly(conn):
                conn.exec_driver_sql(f"DROP TABLE {name}")
            gone.append(name)
        except sa.exc.DBAPIError as error:
            if not is_lock_timeout(error):
                raise
    return gone


def name_of(table: str, month: dt.date) -> str:
    """Return the name of a month's partition: `events_2026_11`."""
    return f"{table}_{month:%Y_%m}"


def month_of(time: dt.datetime) -> dt.date:
    """Return the first day of the month, in UTC, that a time lies in."""
    return time.astimezone(dt.UTC).date().replace(day=1)


def _following(month: dt.date, count: int) -> list[dt.date]:
    found = [month]
    while len(found) < count:
        found.append(_next(found[-1]))
    return found


def _next(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def _bounds(month: dt.date) -> tuple[str, str]:
    return f"{month} 00:00:00+00", f"{_next(month)} 00:00:00+00"


_PARTS = sa.text("""
    SELECT parent.relname, part.relname
    FROM pg_class parent
    LEFT JOIN pg_inherits ON inhparent = parent.oid
    LEFT JOIN pg_class part ON part.oid = inhrelid
    WHERE parent.relname = ANY(:tables) AND parent.relkind = 'p'
      AND pg_table_is_visible(parent.oid) AND pg_has_role(parent.relowner, 'USAGE')
""")


def _owned(conn: sa.Connection) -> dict[str, set[str]]:
    """Return the partitioned tables that are this role's to change, with their partitions."""
    found: dict[str, set[str]] = {}
    for table, part in conn.execute(_PARTS, {"tables": list(PARTITIONED)}):
        found.setdefault(table, set()).add(part)
    return found


def _months_of(conn: sa.Connection, table: str) -> dict[str, dt.date]:
    """Return the partitions of a table that are months, each with its first day."""
    found = {name: _MONTH.search(name) for name in _owned(conn).get(table, ())}
    return {name: dt.date(int(m[1]), int(m[2]), 1) for name, m in found.items() if m}


def _columns(conn: sa.Connection, table: str) -> list[str]:
    quote = conn.dialect.identifier_preparer.quote
    return [quote(one["name"]) for one in sa.inspect(conn).get_columns(table)]


def _months_before(conn: sa.Connection, table: str, end: dt.datetime) -> Iterator[str]:
    if conn.dialect.name != "postgresql":
        return
    for name in sorted(_owned(conn).get(table, ())):
        found = _MONTH.search(name)
        if found and dt.date(int(found[1]), int(found[2]), 1) < end.date():
            yield name
