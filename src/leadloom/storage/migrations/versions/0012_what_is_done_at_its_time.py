"""What is done again and again, at its time."""

import sqlalchemy as sa
from alembic import op

from leadloom.storage.types import Json, Key, UtcTime, Uuid16

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", Key, sa.Identity(), nullable=False),
        sa.Column("uuid", Uuid16, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("cron", sa.String(length=100), nullable=False),
        sa.Column("command", Json, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("after_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("began_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("uuid", name="uq_schedules_uuid"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_schedules_workspace_id_name"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("schedules")
