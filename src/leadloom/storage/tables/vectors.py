"""Vectors that stand for what leads and companies are about: neighbours are alike."""

import sqlalchemy as sa

from leadloom.storage.tables.base import audit, metadata, workspace

vectors = sa.Table(
    "vectors",
    metadata,
    workspace(primary_key=True),
    sa.Column("entity", sa.String(16), primary_key=True),
    sa.Column("model", sa.String(100), primary_key=True),
    sa.Column("entity_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("dimensions", sa.Integer, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),  # a signed byte for each dimension
    *audit(),
)
