"""Jobs that wait are kept with everything else; a schedule's run says who is at it."""

import sqlalchemy as sa
from alembic import op

from leadloom.storage.types import Json, Key, UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_jobs",
        sa.Column("id", Key, sa.Identity(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("start_after", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_jobs"),
        sa.UniqueConstraint("job_id", name="uq_waiting_jobs_job_id"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.add_column("schedules", sa.Column("worker", sa.String(length=128), nullable=True))


def downgrade() -> None:
    op.drop_column("schedules", "worker")
    op.drop_table("waiting_jobs")
