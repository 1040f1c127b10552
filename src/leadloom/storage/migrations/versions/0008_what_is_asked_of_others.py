"""What is asked of others: the cache, the ledger, the money, the pace; and who works on it."""

import sqlalchemy as sa
from alembic import op

from leadloom.storage.types import Json, Key, UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("workers", "run_batches", "provider_states", "spending", "api_usage", "lookups")


def upgrade() -> None:
    op.add_column("runs", sa.Column("tallies", Json, nullable=True))
    _create_lookups()
    _create_usage()
    _create_money_and_pace()
    _create_work()


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
    op.drop_column("runs", "tallies")


def _create_lookups() -> None:
    op.create_table(
        "lookups",
        _key(),
        _workspace(),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("lead_id", Key, nullable=True),
        sa.Column("answers", Json, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("cost_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("last_hit_at", UtcTime(), nullable=True),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        *_audit(),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name="fk_lookups_lead_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lookups"),
        sa.UniqueConstraint(
            "workspace_id",
            "provider",
            "digest",
            name="uq_lookups_workspace_id_provider_digest",
        ),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    _index("ix_lookups_lead_id", "lookups", ["lead_id"])


def _create_usage() -> None:
    op.create_table(
        "api_usage",
        _key(),
        _workspace(),
        sa.Column("run_id", Key, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("endpoint", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reserved_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=True),
        sa.Column("tokens_out", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("http_status", sa.SmallInteger(), nullable=True),
        sa.Column("request_bytes", sa.Integer(), nullable=True),
        sa.Column("response_bytes", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        *_audit(),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_api_usage_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_usage"),
        sa.UniqueConstraint(
            "run_id",
            "position",
            "provider",
            "attempt",
            name="uq_api_usage_run_id_position_provider_attempt",
        ),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    _index("ix_api_usage_workspace_id_asked_at", "api_usage", ["workspace_id", "asked_at"])
    _index("ix_api_usage_digest", "api_usage", ["digest"])


def _create_money_and_pace() -> None:
    op.create_table(
        "spending",
        _key(),
        _workspace(),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("reserved_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("spent_micro_usd", sa.BigInteger(), nullable=False),
        *_audit(),
        sa.PrimaryKeyConstraint("id", name="pk_spending"),
        sa.UniqueConstraint("workspace_id", "scope", name="uq_spending_workspace_id_scope"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_table(
        "provider_states",
        _key(),
        _workspace(),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("free_at", UtcTime(), nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("rests", sa.SmallInteger(), nullable=False),
        sa.Column("rest_until", UtcTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_audit(),
        sa.PrimaryKeyConstraint("id", name="pk_provider_states"),
        sa.UniqueConstraint(
            "workspace_id", "provider", name="uq_provider_states_workspace_id_provider"
        ),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )


def _create_work() -> None:
    op.create_table(
        "run_batches",
        _key(),
        _workspace(),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("lead_ids", Json, nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("sends", sa.SmallInteger(), nullable=False),
        *_audit(),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name="fk_run_batches_run_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_run_batches"),
        sa.UniqueConstraint("run_id", "number", name="uq_run_batches_run_id_number"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_table(
        "workers",
        _key(),
        sa.Column("executor", sa.String(length=128), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("heartbeat_at", UtcTime(), nullable=False),
        sa.Column("stopped_at", UtcTime(), nullable=True),
        sa.Column("reaped_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        sa.UniqueConstraint("executor", name="uq_workers_executor"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )


def _index(name: str, table: str, columns: list[str]) -> None:
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes(table)}
    if name not in there:  # where a change of the schema commits itself, a half of it may be there
        op.create_index(name, table, columns, unique=False)


def _key() -> sa.Column[int]:
    return sa.Column("id", Key, sa.Identity(always=False), nullable=False)


def _workspace() -> sa.Column[int]:
    return sa.Column("workspace_id", sa.Integer(), nullable=False)


def _audit() -> list[sa.Column[object]]:
    return [
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
    ]
