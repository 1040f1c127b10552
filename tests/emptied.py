"""Bringing a database back to its first start."""

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.tables import users, workspaces

_KEPT = ("workspaces", "users")
_TABLES = [one.name for one in reversed(schema.metadata.sorted_tables) if one.name not in _KEPT]
_KEYS = ("id", "uuid", "workspace_id", "created_at", "updated_at")
_OWNER = {one.name: None for one in users.c if one.name not in _KEYS} | {
    "name": "owner",
    "role": "owner",
}


def empty(database: Database) -> None:
    """Bring the database to the state of a first start."""
    if schema.current(database) != schema.HEAD:
        database.engine.dispose()  # its connections know tables that are no more
    schema.ensure(database)
    with database.write() as conn:
        quote = conn.dialect.identifier_preparer.quote
        for table in _TABLES:
            conn.exec_driver_sql(f"DELETE FROM {quote(table)}")
        conn.execute(users.delete().where(users.c.id != schema.DEFAULT_USER))
        conn.execute(users.update().values(workspace_id=schema.DEFAULT_WORKSPACE, **_OWNER))
        conn.execute(workspaces.delete().where(workspaces.c.id != schema.DEFAULT_WORKSPACE))
        conn.execute(workspaces.update().values(name="default"))
