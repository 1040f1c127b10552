"""Users, workspaces, secrets, and the walls between workspaces."""

import sqlalchemy as sa
from alembic import op

from leadloom.storage import walls
from leadloom.storage.types import Json, Key, UtcTime, Uuid16

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OF_USERS = ("timezone", "settings", "features", "onboarded_at")


def upgrade() -> None:
    op.add_column("users", sa.Column("timezone", sa.String(length=64), nullable=True))
    op.add_column("users", sa.Column("settings", Json, nullable=True))
    op.add_column("users", sa.Column("features", Json, nullable=True))
    op.add_column("users", sa.Column("onboarded_at", UtcTime(), nullable=True))
    op.create_table(
        "secrets",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        *_audit(),
        sa.PrimaryKeyConstraint("id", name="pk_secrets"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_secrets_workspace_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "erasures",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("lead_uuid", Uuid16(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("backups", Json, nullable=False),
        *_audit(),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.UniqueConstraint("lead_uuid", name="uq_erasures_lead_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "erasure_keys",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("erasure_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure_id"],
            ["erasures.id"],
            name="fk_erasure_keys_erasure_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "hash", name="pk_erasure_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_erasure_keys_erasure_id", "erasure_keys", ["erasure_id"], unique=False)
    walls.build(op.get_bind())


def downgrade() -> None:
    walls.take_down(op.get_bind())
    op.drop_table("erasure_keys")
    op.drop_table("erasures")
    op.drop_table("secrets")
    for name in _OF_USERS:
        op.drop_column("users", name)


def _audit() -> list[sa.Column[object]]:
    return [
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
    ]
