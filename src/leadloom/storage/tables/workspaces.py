"""Who owns the rows, and their settings."""

import sqlalchemy as sa

from leadloom.storage.tables.base import audit, key, public_id, table, workspace
from leadloom.storage.types import Json

workspaces = table(
    "workspaces", key(), public_id(), sa.Column("name", sa.Text, nullable=False), *audit()
)

users = table(
    "users",
    key(),
    public_id(),
    workspace(),
    sa.Column("email", sa.String(255)),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    *audit(),
    sa.UniqueConstraint("workspace_id", "email"),
)

settings = sa.Table(
    "settings",
    users.metadata,
    workspace(primary_key=True),
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("value", Json, nullable=False),
    *audit(),
)
