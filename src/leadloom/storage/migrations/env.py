"""Alembic's entry: runs inside the transaction that storage.schema opened."""

from alembic import context

from leadloom.storage.partitions import is_model
from leadloom.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    include_name=is_model,
)
context.run_migrations()
