"""Alembic's entry: runs inside the transaction that storage.schema opened."""

from alembic import context

from leadloom.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
)
context.run_migrations()
