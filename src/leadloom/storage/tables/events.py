"""The event store: what happened, past tense, append-only."""

import sqlalchemy as sa

from leadloom.storage.tables.base import key, table, workspace
from leadloom.storage.types import Json, UtcTime

events = table(
    "events",
    key(),
    workspace(),
    sa.Column("occurred_at", UtcTime, nullable=False),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("entity", sa.String(16), nullable=False),
    sa.Column("entity_id", sa.BigInteger),
    sa.Column("run_id", sa.BigInteger),
    sa.Column("actor_id", sa.Integer),
    sa.Column("data", Json),
    sa.Index("ix_events_entity_id_entity", "entity_id", "entity"),
)
