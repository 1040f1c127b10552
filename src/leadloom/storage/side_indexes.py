"""Indexes beside the schema: PostgreSQL's own kinds, built while others go on working.

They are no part of a migration, which is one transaction: each is built by itself afterwards, and
where one is missing or invalid the next start or `db maintain` builds it. Nothing depends on them
but speed. Their names begin with `sx_`; Alembic passes over those.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from leadloom.storage import walls
from leadloom.storage.json_items import lowered_json
from leadloom.storage.tables import companies, leads, records
from leadloom.storage.upgrades.online import build_index, is_lock_timeout

PREFIX = "sx_"
# Any constant serves, as long as nothing else on the server takes the same advisory lock.
_BUILDER_LOCK = 0x1EAD1007
_TURN_S = 60.0
_LOOK_S = 0.1
# How long others may be in the way of one, and how often it is tried.
_WAIT_S, _ATTEMPTS = 5.0, 3
_DEADLOCK = "40P01"


@lru_cache(maxsize=1)
def known() -> tuple[sa.Index, ...]:
    """Return the indexes that every PostgreSQL database has, apart from the tables' own."""
    return (
        *(_inside(table, name) for table in (leads, companies) for name in ("tags", "custom")),
        apart(
            leads,
            "leads_email",
            leads.c.email,
            postgresql_where=sa.and_(leads.c.email.is_not(None), leads.c.root_id.is_(None)),
        ),
        # Read alone when outcomes are counted. Not INCLUDE: equal keys are stored once, so that
        # it takes 7 bytes a record.
        apart(records, "records_run_id_status", records.c.run_id, records.c.status),
    )


def _inside(table: sa.Table, name: str) -> sa.Index:
    """An index of what a JSON column holds, letters in lower case, as conditions ask for it."""
    return apart(
        table,
        f"{table.name}_{name}",
        lowered_json(table.c[name]).label("inside"),
        postgresql_using="gin",
        postgresql_ops={"inside": "jsonb_path_ops"},
    )


def apart(table: sa.Table, name: str, *columns: Any, **options: Any) -> sa.Index:
    """Return an index of a table that the table's own list of indexes does not name."""
    index = sa.Index(PREFIX + name, *columns, _table=table, **options)
    table.indexes.discard(index)
    return index


def is_there(conn: sa.Connection, index: sa.Index) -> bool:
    """Whether an index is built to its end; on PostgreSQL only."""
    return not _lacking(conn, [index])


def lacking(conn: sa.Connection) -> list[sa.Index]:
    """Return the indexes that are not there, or were not built to their end."""
    return _lacking(conn, known()) if conn.dialect.name == "postgresql" else []


def _lacking(conn: sa.Connection, indexes: Iterable[sa.Index]) -> list[sa.Index]:
    valid = set(conn.scalars(sa.text(_VALID)))
    return [one for one in indexes if one.name not in valid]


_VALID = """
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indisvalid AND c.relname LIKE 'sx\\_%' AND pg_table_is_visible(c.oid)
"""


def build(engine: sa.Engine, indexes: Iterable[sa.Index] | None = None) -> list[str]:
    """Build the indexes that are lacking, of these or of all; return the names of those built.

    One process at a time builds; another finds them there. What a long transaction is in the way
    of is left for the next time, and so is all for a role that does not own the tables.
    """
    if engine.dialect.name != "postgresql":
        return []
    built: list[str] = []
    with _turn(engine) as is_mine:
        if not is_mine:
            return []
        with engine.connect() as conn:
            wanted = _lacking(conn, known() if indexes is None else indexes)
            if not walls.may_change(conn):
                return []
        for index in wanted:
            if not _build(engine, index):
                break  # the same transaction is in the way of the others
            built.append(str(index.name))
    return built


def _build(engine: sa.Engine, index: sa.Index) -> bool:
    for _ in range(_ATTEMPTS):
        try:
            build_index(engine, index, wait_s=_WAIT_S)
            return True
        except sa.exc.DBAPIError as error:
            if not is_lock_timeout(error) and getattr(error.orig, "sqlstate", "") != _DEADLOCK:
                raise
    return False


@contextlib.contextmanager
def _turn(engine: sa.Engine) -> Iterator[bool]:
    """Be the only one who builds; False when that took too long.

    Who waits looks now and then instead of waiting in the server: a build waits for all
    statements under way, and two would wait for each other.
    """
    lock = {"key": _BUILDER_LOCK}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        deadline = time.monotonic() + _TURN_S
        while not (is_mine := bool(conn.scalar(sa.text(_TRY), lock))):
            if time.monotonic() > deadline:
                break
            time.sleep(_LOOK_S)
        try:
            yield is_mine
        finally:
            if is_mine:
                conn.execute(sa.text("SELECT pg_advisory_unlock(:key)"), lock)


_TRY = "SELECT pg_try_advisory_lock(:key)"


def drop_all(conn: sa.Connection) -> None:
    """Take all of them away, in the transaction of a way down."""
    if conn.dialect.name != "postgresql":
        return
    names = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    found = conn.scalars(sa.text(f"{names} AND indexname LIKE 'sx\\_%'")).all()
    for name in found:
        conn.exec_driver_sql(f"DROP INDEX IF EXISTS {conn.dialect.identifier_preparer.quote(name)}")
