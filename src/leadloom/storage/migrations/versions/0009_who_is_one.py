"""Models that judge who is one, and which of them placed a record."""

import sqlalchemy as sa
from alembic import op

from leadloom.storage.packing import Packed
from leadloom.storage.types import Key, UtcTime, Uuid16

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "models",
        sa.Column("id", Key, sa.Identity(), nullable=False),
        sa.Column("uuid", Uuid16, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("run_id", Key, nullable=True),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("model", Packed, nullable=False),
        sa.Column("census", Packed, nullable=False),
        sa.Column("retired_at", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_models_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_models"),
        sa.UniqueConstraint("workspace_id", "version", name="uq_models_workspace_id_version"),
        sa.UniqueConstraint("uuid", name="uq_models_uuid"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.add_column("records", sa.Column("model_version", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("records", "model_version")
    op.drop_table("models")
