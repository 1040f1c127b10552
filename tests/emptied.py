"""Bringing a database back to its first start."""

from leadloom.storage import schema
from leadloom.storage.database import Database


def empty(database: Database) -> None:
    """Bring the database to the state of a first start."""
    schema.ensure(database)
    with database.write() as conn:
        for table in reversed(schema.metadata.sorted_tables):
            if table.name not in ("workspaces", "users"):
                conn.execute(table.delete())
