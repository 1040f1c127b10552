"""How far each change of stored data has come that follows a change of the schema."""

import sqlalchemy as sa

from leadloom.storage.tables.base import metadata
from leadloom.storage.types import UtcTime

backfills = sa.Table(
    "backfills",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("reached", sa.BigInteger, nullable=False),  # the last key that is done
    sa.Column("started_at", UtcTime, nullable=False),
    sa.Column("finished_at", UtcTime),
)
