"""What people decide of drafts; shows, their imports and their campaigns."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from leadloom.storage.types import Key, UtcTime, Uuid16

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_REVIEW = ("review", "reviewed_at", "edited_at")
_WAITING = "review IS NULL"
_LINKS = (("show_runs", "run_id", "runs"), ("show_campaigns", "campaign_id", "campaigns"))


def upgrade() -> None:
    op.add_column("messages", sa.Column("review", sa.String(length=16), nullable=True))
    op.add_column("messages", sa.Column("reviewed_at", UtcTime(), nullable=True))
    op.add_column("messages", sa.Column("edited_at", UtcTime(), nullable=True))
    _index("ix_messages_workspace_id_status", "messages", ["workspace_id", "status"], _WAITING)
    op.create_table(
        "shows",
        sa.Column("id", Key, sa.Identity(), nullable=False),
        sa.Column("uuid", Uuid16, nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.String(length=10), nullable=True),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        *_audit(),
        sa.PrimaryKeyConstraint("id", name="pk_shows"),
        sa.UniqueConstraint("uuid", name="uq_shows_uuid"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_shows_workspace_id_name"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    for table, column, target in _LINKS:
        _link(table, column, target)


def downgrade() -> None:
    for table, _, _ in reversed(_LINKS):
        op.drop_table(table)
    op.drop_table("shows")
    op.drop_index("ix_messages_workspace_id_status", "messages")
    for name in reversed(_REVIEW):
        op.drop_column("messages", name)


def _link(table: str, column: str, target: str) -> None:
    op.create_table(
        table,
        sa.Column("id", Key, sa.Identity(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("show_id", Key, nullable=False),
        sa.Column(column, Key, nullable=False),
        *_audit(),
        sa.ForeignKeyConstraint(
            ["show_id"], ["shows.id"], name=f"fk_{table}_show_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("show_id", column, name=f"uq_{table}_show_id_{column}"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    _index(f"ix_{table}_{column}", table, [column])


def _index(name: str, table: str, columns: list[str], where: str | None = None) -> None:
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes(table)}
    if name not in there:  # where a change of the schema commits itself, a half of it may be there
        some = None if where is None else sa.text(where)
        op.create_index(
            name, table, columns, unique=False, sqlite_where=some, postgresql_where=some
        )


def _audit() -> list[sa.Column[Any]]:
    return [
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
    ]
