"""The models that judge who is one: each version as it was when it came into force."""

import sqlalchemy as sa

from leadloom.storage.packing import Packed
from leadloom.storage.tables.base import audit, key, public_id, refers, table, workspace
from leadloom.storage.types import UtcTime

models = table(
    "models",
    key(),
    public_id(),
    workspace(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    refers("run_id", "runs.id"),
    sa.Column("records", sa.BigInteger, nullable=False),
    sa.Column("model", Packed, nullable=False),
    sa.Column("census", Packed, nullable=False),
    sa.Column("retired_at", UtcTime),
    *audit(),
    sa.UniqueConstraint("workspace_id", "version"),
)
