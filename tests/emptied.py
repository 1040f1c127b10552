"""Bringing a database back to its first start."""

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.tables import users


def empty(database: Database) -> None:
    """Bring the database to the state of a first start."""
    schema.ensure(database)
    with database.write() as conn:
        for table in reversed(schema.metadata.sorted_tables):
            if table.name not in ("workspaces", "users"):
                conn.execute(table.delete())
        added = users.c.workspace_id == schema.DEFAULT_WORKSPACE
        conn.execute(users.delete().where(added, users.c.id != schema.DEFAULT_USER))
