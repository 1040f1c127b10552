"""Bringing a database back to its first start."""

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.tables import users

_KEPT = ("workspaces", "users")
_TABLES = [one.name for one in reversed(schema.metadata.sorted_tables) if one.name not in _KEPT]


def empty(database: Database) -> None:
    """Bring the database to the state of a first start."""
    schema.ensure(database)
    with database.write() as conn:
        quote = conn.dialect.identifier_preparer.quote
        for table in _TABLES:  # plain text: each test's engine would compile them anew
            conn.exec_driver_sql(f"DELETE FROM {quote(table)}")
        added = users.c.workspace_id == schema.DEFAULT_WORKSPACE
        conn.execute(users.delete().where(added, users.c.id != schema.DEFAULT_USER))
