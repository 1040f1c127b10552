"""Law 9 by raw SQL: what the product's role tries on PostgreSQL reaches no other workspace's rows.

The attempts are made from what the database itself lists: every table, partition, view, sequence.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from servers import fresh

from leadloom.accounts.moving import owned_tables
from leadloom.ids import new_uuid
from leadloom.storage import partitions, schema, walls
from leadloom.storage.backups.canonical import kind_of
from leadloom.storage.database import Database
from leadloom.storage.tables import metadata

pytestmark = pytest.mark.usefixtures("real_starts")

MARK = "Zebra"
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
PLAIN = {"time": NOW, "json": {"x": MARK}, "flag": False, "text": MARK, "bytes": MARK.encode()}

# {t}: a table, partition or view; {theirs}, {ours}: keys of workspaces; {columns}: all but the key.
READING = (
    "SELECT t::text FROM {t} t WHERE workspace_id = {theirs}",
    "SELECT t::text FROM {t} t",
    "SELECT t::text FROM ONLY {t} t",
    "SELECT t::text FROM {t} t WHERE workspace_id = {theirs} FOR UPDATE",
    "COPY {t} TO STDOUT",
    "COPY (SELECT * FROM {t}) TO STDOUT",
    "SET LOCAL row_security = off; SELECT t::text FROM {t} t",
    "RESET ROLE; SELECT t::text FROM {t} t",
    "SET LOCAL leadloom.workspace = '*'; SELECT t::text FROM {t} t",
    "SET LOCAL leadloom.workspace = ''; SELECT t::text FROM {t} t",
    "RESET leadloom.workspace; SELECT t::text FROM {t} t",
    "SELECT t::text FROM {t} t WHERE pg_temp.leak(t::text)",
    "SELECT query_to_xml('SELECT * FROM {t}', true, false, '')::text",
    "SELECT table_to_xml('{t}', true, false, '')::text",
    "DECLARE c CURSOR FOR SELECT t::text FROM {t} t; FETCH ALL FROM c",
    "DELETE FROM {t} t RETURNING t::text",
    "UPDATE {t} t SET workspace_id = {ours} RETURNING t::text",
    "CREATE TEMP TABLE mine ON COMMIT DROP AS SELECT * FROM {t}; SELECT m::text FROM mine m",
    "CREATE TEMP VIEW seen AS SELECT * FROM {t}; SELECT s::text FROM seen s",
    "CREATE TEMP TABLE kid () INHERITS ({t}); SELECT t::text FROM {t} t",
    "SELECT most_common_vals::text FROM pg_stats WHERE tablename = '{t}'",
    "SELECT stavalues1::text FROM pg_statistic WHERE starelid = '{t}'::regclass",
    "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM {t} WHERE workspace_id = {theirs}",
)
WRITING = (
    "UPDATE {t} SET workspace_id = {ours} WHERE workspace_id = {theirs}",
    "UPDATE {t} SET workspace_id = {theirs}",
    "DELETE FROM {t} WHERE workspace_id = {theirs}",
    "TRUNCATE {t} CASCADE",
    "INSERT INTO {t} SELECT * FROM {t}",
    "INSERT INTO {t} (workspace_id) VALUES ({theirs})",
    "MERGE INTO {t} t USING (SELECT 1) o ON t.workspace_id = {theirs} WHEN MATCHED THEN DELETE",
)
# What only an owner may: tried, and refused each time.
REFUSED = (
    "ALTER TABLE {t} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {t} OWNER TO CURRENT_USER",
    "DROP POLICY leadloom_workspace ON {t}",
    "CREATE POLICY mine ON {t} USING (true)",
    "CREATE RULE mine AS ON SELECT TO {t} DO INSTEAD SELECT 1",
    "CREATE TRIGGER mine AFTER INSERT ON {t} EXECUTE FUNCTION pg_temp.leak()",
    "DROP TABLE {t}",
)
ONCE = (
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "CREATE TABLE public.mine (x int)",
    "CREATE EXTENSION dblink",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT lo_import('/etc/hostname')",
    "UPDATE pg_class SET relrowsecurity = false",
    "DELETE FROM alembic_version",
)


@pytest.fixture
def server(postgres: str) -> Iterator[Database]:
    """A database of its own on a server that hides rows."""
    database = Database(fresh(postgres, "t_raw_walls"))
    schema.ensure(database)
    yield database
    database.close()


@pytest.fixture
def keys(server: Database) -> tuple[int, int]:
    """Two workspaces, with a row in each of their tables: ours, and theirs, which bear the mark."""
    found = []
    for name in ("ours", "theirs"):
        with server.write() as conn:
            made = conn.execute(
                metadata.tables["workspaces"]
                .insert()
                .values(uuid=new_uuid(), name=name, created_at=NOW, updated_at=NOW)
            )
            key = made.inserted_primary_key[0]
            # No row need have those that it names.
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table in map(metadata.tables.__getitem__, owned_tables()):
                conn.execute(table.insert().values(_row(table, key, name)))
            conn.exec_driver_sql("ANALYZE")
        found.append(key)
    return found[0], found[1]


def _row(table: sa.Table, workspace: int, name: str) -> dict[str, Any]:
    """Return a row with something in each column; theirs tells whose it is wherever it can."""
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = kind_of(column.type)
        if column.foreign_keys or kind == "integer":
            row[column.name] = workspace * 1_000
        elif kind == "uuid":
            row[column.name] = new_uuid()
        else:
            row[column.name] = PLAIN.get(kind, 0)
        if kind in ("text", "json", "bytes") and name == "ours":
            row[column.name] = {"text": "x", "json": {}, "bytes": b"x"}[kind]
        length = getattr(column.type, "length", None)
        if kind == "text" and length:
            row[column.name] = row[column.name][:length]
    return row | {"workspace_id": workspace}


@pytest.fixture
def guest(server: Database, keys: tuple[int, int]) -> Iterator[psycopg.Connection[Any]]:
    """The product's role, in a transaction that stands in our workspace."""
    with server.write() as conn:
        walls.add_role(conn, "leadloom_app")
        partitions.make_ahead(conn)
    url = server.url.set(username="leadloom_app", drivername="postgresql")
    with psycopg.connect(url.render_as_string(False)) as conn:
        conn.execute(f"SELECT set_config('{walls.SETTING}', '{keys[0]}', true)")
        conn.execute(
            "CREATE FUNCTION pg_temp.leak(told text) RETURNS bool LANGUAGE plpgsql COST 0.0000001"
            " AS 'BEGIN RAISE NOTICE ''%'', told; RETURN true; END'"
        )
        yield conn
        conn.rollback()


def attempt(conn: psycopg.Connection[Any], statement: str) -> tuple[str, str | None]:
    """Try a statement and take it back; return what it told, and the state it was refused with."""
    told: list[str] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        told.append(str(notice.message_primary))

    conn.add_notice_handler(hear)
    conn.execute("SAVEPOINT attempt")
    refused = None
    try:
        cursor = conn.cursor()
        if statement.startswith("COPY") and statement.endswith("STDOUT"):
            with cursor.copy(statement) as rows:
                told += [bytes(row).decode() for row in rows]
        else:
            cursor.execute(statement)
            while True:
                if cursor.description:
                    told += [repr(row) for row in cursor.fetchall()]
                if not cursor.nextset():
                    break
    except psycopg.Error as error:
        refused = error.sqlstate
        told.append(str(error))
    conn.execute("ROLLBACK TO SAVEPOINT attempt")
    conn.remove_notice_handler(hear)
    return "\n".join(told), refused


def relations(server: Database) -> list[str]:
    """Return every table, partition and view there is, by the catalogue."""
    query = (
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND relnamespace = CAST('public' AS regnamespace) AND relname <> 'alembic_version'"
    )
    with server.read() as conn:
        return list(conn.scalars(sa.text(query)))


# Tables about the database as a whole, by design.
SHARED = {"workspaces", "backfills"}


def test_no_statement_reads_or_writes_what_is_theirs(
    server: Database, guest: psycopg.Connection[Any], keys: tuple[int, int]
) -> None:
    ours, theirs = keys
    found = [name for name in relations(server) if name not in SHARED]
    assert set(owned_tables()) <= set(found)
    assert any(name.startswith("events_2") for name in found)  # partitions are tried by name too
    before = _theirs(server, theirs)
    for name in found:
        seen = 0
        for pattern in (*READING, *WRITING):
            statement = pattern.format(t=name, ours=ours, theirs=theirs)
            told, refused = attempt(guest, statement)
            assert MARK not in told, statement
            assert f"{theirs * 1000}" not in told, statement
            seen += refused is None
        for pattern in REFUSED:
            assert attempt(guest, pattern.format(t=name))[1] is not None, pattern
        is_part = name.startswith(tuple(f"{one}_" for one in partitions.PARTITIONED))
        assert is_part or seen > 5, name  # else it would be the refusals that hid it
    guest.commit()
    assert _theirs(server, theirs) == before


def test_nothing_is_kept_in_their_name(
    server: Database, guest: psycopg.Connection[Any], keys: tuple[int, int]
) -> None:
    """A whole row in their name, as new, and over one of theirs that has the same key."""
    theirs = keys[1]
    for name in owned_tables():
        table = metadata.tables[name]
        row = _row(table, theirs, "ours")
        names = ", ".join(f'"{one}"' for one in row)
        marks = ", ".join(["%s"] * len(row))
        values = [_bound(server, table, one, value) for one, value in row.items()]
        for conflict in ("", "ON CONFLICT DO NOTHING"):
            statement = f'INSERT INTO "{name}" ({names}) VALUES ({marks}) {conflict}'
            with pytest.raises(psycopg.errors.InsufficientPrivilege), guest.transaction():
                guest.execute(statement, values)


def _bound(server: Database, table: sa.Table, name: str, value: Any) -> Any:
    process = table.c[name].type.dialect_impl(server.engine.dialect)
    bind = process.bind_processor(server.engine.dialect)
    return bind(value) if bind else value


def test_the_role_cannot_become_another_or_reach_beside_the_database(
    server: Database, guest: psycopg.Connection[Any], keys: tuple[int, int]
) -> None:
    for statement in ONCE:
        assert attempt(guest, statement)[1] is not None, statement
    with server.read() as conn:
        sequences = conn.scalars(
            sa.text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        ).all()
        definers = conn.scalars(
            sa.text(
                "SELECT proname FROM pg_proc WHERE prosecdef"
                " AND pronamespace = CAST('public' AS regnamespace)"
            )
        ).all()
    assert definers == []  # a function that works with its owner's rights
    assert sequences
    for name in sequences:
        for attack in (
            f"SELECT setval('{name}', 1)",
            f"ALTER SEQUENCE {name} RESTART",
            f"DROP SEQUENCE {name}",
        ):
            assert attempt(guest, attack)[1] == "42501", attack


def _theirs(server: Database, key: int) -> dict[str, list[str]]:
    with server.read() as conn:
        return {
            name: sorted(
                map(
                    repr,
                    conn.execute(
                        sa.select(metadata.tables[name]).where(
                            metadata.tables[name].c.workspace_id == key
                        )
                    ).all(),
                )
            )
            for name in owned_tables()
        }
