"""Walls between workspaces: on PostgreSQL the server itself hides one's rows from another.

Every table with a `workspace_id` has two policies. One lets a transaction see and write the rows of
the workspace it named with `SET LOCAL leadloom.workspace`, and no rows when it named none. The
other lets who owns the table see all of them while that setting is `*`, as a connection begins: so
schema, copies and backups work on everything. Policies are forced on the owner too. Only
superusers and roles with BYPASSRLS see through, so the product should work as a role of its own.
"""

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.storage import extensions

SETTING = "leadloom.workspace"
EVERYTHING = "*"

_OURS, _ALL = "leadloom_workspace", "leadloom_owner"
_NAMED = f"(SELECT nullif(nullif(current_setting('{SETTING}', true), ''), '*')::integer)"

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")

_WALLED = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
WHERE c.relnamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
  AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
_POLICIES = """
SELECT tablename, policyname FROM pg_policies
WHERE schemaname = current_schema() AND policyname IN (:ours, :all)
"""
_VIEWS = f"""
SELECT relname FROM pg_class c
WHERE relnamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
  AND relkind = 'v' AND {extensions.NOT_OF_ONE}
"""  # noqa: S608
_TABLES = f"""
SELECT relname FROM pg_class c
WHERE relnamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
  AND relkind IN ('r', 'p', 'v') AND NOT relispartition AND relname <> 'alembic_version'
  AND {extensions.NOT_OF_ONE}
"""  # noqa: S608
_APP_ROLES = """
SELECT DISTINCT grantee FROM information_schema.role_table_grants
WHERE table_schema = current_schema() AND table_name = 'leads' AND privilege_type = 'INSERT'
  AND grantee <> (SELECT tableowner FROM pg_tables
                  WHERE schemaname = current_schema() AND tablename = 'leads')
"""
_WHO = """
SELECT current_user AS name, r.rolsuper OR r.rolbypassrls AS is_above,
  EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = 'leads'
    AND c.relnamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
    AND pg_has_role(current_user, c.relowner, 'USAGE')) AS is_owner
FROM pg_roles r WHERE r.rolname = current_user
"""


def stand_back(connection: Any) -> None:
    """Let a new connection (psycopg's) see everything, if its role owns the tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET {SETTING} = '{EVERYTHING}'")
    connection.commit()


def enter(conn: sa.Connection, workspace_id: int) -> None:
    """Show this transaction one workspace and no other, from here to its end."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.set_config(SETTING, str(workspace_id), True)))


def leave(conn: sa.Connection) -> None:
    """Show this transaction all workspaces again, if its role owns the tables."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.set_config(SETTING, EVERYTHING, True)))


def build(conn: sa.Connection) -> None:
    """Put walls round every table that has none yet; what is there stays. By the owner only."""
    if conn.dialect.name != "postgresql":
        return
    quote = conn.dialect.identifier_preparer.quote
    there = {tuple(row) for row in conn.execute(sa.text(_POLICIES), {"ours": _OURS, "all": _ALL})}
    for name in conn.scalars(sa.text(_WALLED)).all():
        table = quote(name)
        conn.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        conn.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        for policy, condition in ((_OURS, f"workspace_id = {_NAMED}"), (_ALL, _owner_of(name))):
            if (name, policy) not in there:
                conn.exec_driver_sql(f"CREATE POLICY {policy} ON {table} USING ({condition})")
    for name in conn.scalars(sa.text(_VIEWS)).all():
        # A view would else look with its owner's eyes.
        conn.exec_driver_sql(f"ALTER VIEW {quote(name)} SET (security_invoker = true)")
    for role in app_roles(conn):
        _grant(conn, role)


def app_roles(conn: sa.Connection) -> list[str]:
    """Return the roles, other than the owner, that may work with the tables."""
    return list(conn.scalars(sa.text(_APP_ROLES)).all())


def take_down(conn: sa.Connection) -> None:
    """Take every wall away."""
    if conn.dialect.name != "postgresql":
        return
    quote = conn.dialect.identifier_preparer.quote
    found = conn.execute(sa.text(_POLICIES), {"ours": _OURS, "all": _ALL}).all()
    for name, policy in found:
        conn.exec_driver_sql(f"DROP POLICY {policy} ON {quote(name)}")
    for name in {row.tablename for row in found}:
        conn.exec_driver_sql(f"ALTER TABLE {quote(name)} NO FORCE ROW LEVEL SECURITY")
        conn.exec_driver_sql(f"ALTER TABLE {quote(name)} DISABLE ROW LEVEL SECURITY")


def _owner_of(table: str) -> str:
    literal = table.replace("'", "''")
    owner = f"(SELECT relowner FROM pg_class WHERE oid = '\"{literal}\"'::regclass)"  # noqa: S608
    sees = f"current_setting('{SETTING}', true) = '{EVERYTHING}'"
    return f"(SELECT {sees} AND pg_has_role(current_user, {owner}, 'USAGE'))"


def is_walled(conn: sa.Connection, table: str) -> bool:
    """Whether the server filters this role's rows of a table; COPY cannot write to it then."""
    known: dict[str, bool] = conn.info.setdefault("leadloom_walled", {})
    if table not in known:
        active = sa.select(sa.func.row_security_active(table))
        known[table] = bool(conn.scalar(active))
    return known[table]


@dataclass(frozen=True, slots=True)
class Standing:
    """As whom a connection works: `is_above` all walls, or owning them, or neither."""

    role: str
    is_above: bool
    is_owner: bool


def standing(conn: sa.Connection) -> Standing | None:
    """Return as whom this connection works; None where the server knows no walls."""
    if conn.dialect.name != "postgresql":
        return None
    return Standing(*conn.execute(sa.text(_WHO)).one())


def may_change(conn: sa.Connection) -> bool:
    """Whether this connection may change the schema and sees every row."""
    found = standing(conn)
    return found is None or found.is_owner or found.is_above


def add_role(conn: sa.Connection, name: str, password: str | None = None) -> bool:
    """Make a login role for the product, with no way round the walls; return whether it is new.

    One that is there already gets its rights again, and the password when one is given. The
    password leaves this process only as its SCRAM verifier. Raises UsageError for another kind of
    name, or where the server knows no walls.
    """
    if conn.dialect.name != "postgresql":
        raise UsageError("Roles are made on PostgreSQL: name such a database with --db.")
    if not _ROLE.fullmatch(name):
        raise UsageError(f"{name[:60]!r} is no name for a role: use a-z, 0-9 and _.")
    quote = conn.dialect.identifier_preparer.quote_identifier
    is_new = not conn.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :n"), {"n": name})
    plain = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
    if is_new:
        conn.exec_driver_sql(f"CREATE ROLE {quote(name)} {plain}")
    if password is not None:
        driver: Any = conn.connection.driver_connection
        verifier = driver.pgconn.encrypt_password(
            password.encode(), name.encode(), b"scram-sha-256"
        ).decode()
        conn.exec_driver_sql(f"ALTER ROLE {quote(name)} PASSWORD '{verifier}'")
    _grant(conn, name)
    return is_new


def _grant(conn: sa.Connection, role: str) -> None:
    quote = conn.dialect.identifier_preparer.quote_identifier
    schema, database = conn.execute(sa.text("SELECT current_schema(), current_database()")).one()
    tables = ", ".join(quote(name) for name in conn.scalars(sa.text(_TABLES)))
    to = f"TO {quote(role)}"
    for rights in (
        f"CONNECT, TEMPORARY ON DATABASE {quote(database)}",
        f"USAGE ON SCHEMA {quote(schema)}",
        f"SELECT, INSERT, UPDATE, DELETE ON {tables}",
        "SELECT ON alembic_version",
        f"USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {quote(schema)}",
    ):
        conn.exec_driver_sql(f"GRANT {rights} {to}")
