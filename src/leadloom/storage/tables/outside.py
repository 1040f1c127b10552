"""What is asked of others: the cache, the ledger, the money, the pace; and who works on it."""

import sqlalchemy as sa

from leadloom.storage.tables.base import audit, key, refers, table, workspace
from leadloom.storage.types import Json, Key, UtcTime

# Money is whole millionths of a dollar: exact on every database, whatever adds it up.
lookups = table(
    "lookups",
    key(),
    workspace(),
    sa.Column("provider", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(32), nullable=False),
    refers("lead_id", "leads.id", index=True, ondelete="CASCADE"),
    sa.Column("answers", Json, nullable=False),
    sa.Column("confidence", sa.Float),
    sa.Column("cost_micro_usd", sa.BigInteger, nullable=False),
    sa.Column("hits", sa.Integer, nullable=False),
    sa.Column("last_hit_at", UtcTime),
    sa.Column("fetched_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    *audit(),
    sa.UniqueConstraint("workspace_id", "provider", "digest"),
)

api_usage = table(
    "api_usage",
    key(),
    workspace(),
    refers("run_id", "runs.id"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("provider", sa.String(64), nullable=False),
    sa.Column("attempt", sa.SmallInteger, nullable=False),
    sa.Column("digest", sa.String(32), nullable=False),
    sa.Column("endpoint", sa.String(255)),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reserved_micro_usd", sa.BigInteger, nullable=False),
    sa.Column("cost_micro_usd", sa.BigInteger, nullable=False),
    sa.Column("tokens_in", sa.Integer),
    sa.Column("tokens_out", sa.Integer),
    sa.Column("duration_ms", sa.Integer),
    sa.Column("http_status", sa.SmallInteger),
    sa.Column("request_bytes", sa.Integer),
    sa.Column("response_bytes", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Column("worker", sa.String(255)),
    sa.Column("asked_at", UtcTime, nullable=False),
    sa.Column("settled_at", UtcTime),
    *audit(),
    sa.UniqueConstraint("run_id", "position", "provider", "attempt"),
    sa.Index("ix_api_usage_workspace_id_asked_at", "workspace_id", "asked_at"),
    sa.Index("ix_api_usage_digest", "digest"),
)

spending = table(
    "spending",
    key(),
    workspace(),
    sa.Column("scope", sa.String(64), nullable=False),
    sa.Column("reserved_micro_usd", sa.BigInteger, nullable=False),
    sa.Column("spent_micro_usd", sa.BigInteger, nullable=False),
    *audit(),
    sa.UniqueConstraint("workspace_id", "scope"),
)

provider_states = table(
    "provider_states",
    key(),
    workspace(),
    sa.Column("provider", sa.String(64), nullable=False),
    sa.Column("free_at", UtcTime, nullable=False),
    sa.Column("failures", sa.SmallInteger, nullable=False),
    sa.Column("rests", sa.SmallInteger, nullable=False),
    sa.Column("rest_until", UtcTime),
    sa.Column("reason", sa.Text),
    *audit(),
    sa.UniqueConstraint("workspace_id", "provider"),
)

run_batches = table(
    "run_batches",
    key(),
    workspace(),
    sa.Column("run_id", Key, sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("lead_ids", Json, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("is_done", sa.Boolean, nullable=False),
    sa.Column("sends", sa.SmallInteger, nullable=False),
    *audit(),
    sa.UniqueConstraint("run_id", "number"),
)

workers = table(
    "workers",
    key(),
    sa.Column("executor", sa.String(128), nullable=False, unique=True),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("process", sa.Integer, nullable=False),
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("heartbeat_at", UtcTime, nullable=False),
    sa.Column("stopped_at", UtcTime),
    sa.Column("reaped_at", UtcTime),
)
