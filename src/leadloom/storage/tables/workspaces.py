"""Who owns the rows: workspaces, users, settings, secrets, and who was forgotten."""

import sqlalchemy as sa

from leadloom.storage.tables.base import audit, key, public_id, refers, table, workspace
from leadloom.storage.types import Json, UtcTime, Uuid16

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
    sa.Column("timezone", sa.String(64)),
    sa.Column("settings", Json),
    sa.Column("features", Json),
    sa.Column("onboarded_at", UtcTime),
    sa.Column("password_hash", sa.String(255)),
    *audit(),
    sa.UniqueConstraint("workspace_id", "email"),
)

# Who is logged in to the web app; a browser holds the token, which only its hash is kept of.
sessions = table(
    "sessions",
    key(),
    public_id(),
    workspace(),
    refers("user_id", "users.id", nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("agent", sa.String(255)),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    *audit(),
)

settings = sa.Table(
    "settings",
    users.metadata,
    workspace(primary_key=True),
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("value", Json, nullable=False),
    *audit(),
)

secrets = table(
    "secrets",
    key(),
    workspace(),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    *audit(),
    sa.UniqueConstraint("workspace_id", "name"),
)

# A person erased for good: the id they were known by, how much went, and which copies still hold
# them. Nothing they were called.
erasures = table(
    "erasures",
    key(),
    workspace(),
    sa.Column("lead_uuid", Uuid16, nullable=False, unique=True),
    sa.Column("counts", Json, nullable=False),
    sa.Column("backups", Json, nullable=False),
    *audit(),
)

# What a forgotten person would be known again by, as hashes: they are not to come back.
erasure_keys = sa.Table(
    "erasure_keys",
    users.metadata,
    workspace(primary_key=True),
    sa.Column("hash", sa.BigInteger, primary_key=True, autoincrement=False),
    refers("erasure_id", "erasures.id", nullable=False, index=True, ondelete="CASCADE"),
    sqlite_with_rowid=False,
)
