"""Vectors; and on PostgreSQL indexes beside the schema, which come after it (see side_indexes)."""

import sqlalchemy as sa
from alembic import op

from leadloom.storage import side_indexes
from leadloom.storage.types import UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vectors",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "entity", "model", "entity_id", name="pk_vectors"),
    )


def downgrade() -> None:
    op.drop_table("vectors")
    side_indexes.drop_all(op.get_bind())
