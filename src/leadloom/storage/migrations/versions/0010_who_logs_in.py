"""Passwords of users, and who is logged in."""

import sqlalchemy as sa
from alembic import op

from leadloom.storage.types import Key, UtcTime, Uuid16

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("password_hash", sa.String(length=255), nullable=True))
    op.create_table(
        "sessions",
        sa.Column("id", Key, sa.Identity(), nullable=False),
        sa.Column("uuid", Uuid16, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=255), nullable=True),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        sa.UniqueConstraint("uuid", name="uq_sessions_uuid"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("sessions")
    op.drop_column("users", "password_hash")
