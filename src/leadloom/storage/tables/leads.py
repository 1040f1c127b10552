"""People and companies: the folds of their facts, the keys that find them, and the judgements."""

from typing import Any

import sqlalchemy as sa

from leadloom.storage.packing import Packed
from leadloom.storage.tables.base import (
    audit,
    deletion,
    key,
    metadata,
    public_id,
    refers,
    table,
    workspace,
)
from leadloom.storage.types import Json


def _merging(name: str) -> list[Any]:
    """Columns and index of a merge: a pointer to the row merged into, and to the last in the chain.

    Nothing else moves in a merge, so cutting the pointer restores everything.
    """
    merged = sa.text("root_id IS NOT NULL")
    return [
        sa.Column("merged_into", sa.BigInteger),
        sa.Column("root_id", sa.BigInteger),
        sa.Index(f"ix_{name}_root_id", "root_id", sqlite_where=merged, postgresql_where=merged),
    ]


companies = table(
    "companies",
    key(),
    public_id(),
    workspace(),
    sa.Column("name", sa.Text),
    sa.Column("domain", sa.Text),
    sa.Column("website", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("linkedin_url", sa.Text),
    sa.Column("street", sa.Text),
    sa.Column("city", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("postal_code", sa.Text),
    sa.Column("country", sa.String(2)),
    sa.Column("industry", sa.Text),
    sa.Column("employee_count", sa.BigInteger),
    sa.Column("employee_range", sa.Text),
    sa.Column("type", sa.Text),
    sa.Column("revenue", sa.Text),
    sa.Column("founded_year", sa.Integer),
    sa.Column("description", sa.Text),
    sa.Column("tags", Json),
    sa.Column("custom", Json),
    sa.Column("winners", Packed, nullable=False),
    *_merging("companies"),
    *audit(),
    *deletion(),
)

leads = table(
    "leads",
    key(),
    public_id(),
    workspace(),
    sa.Column("full_name", sa.Text),
    sa.Column("first_name", sa.Text),
    sa.Column("middle_name", sa.Text),
    sa.Column("last_name", sa.Text),
    sa.Column("name_prefix", sa.Text),
    sa.Column("name_suffix", sa.Text),
    sa.Column("nickname", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("department", sa.Text),
    sa.Column("seniority", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("emails", Json),
    sa.Column("email_status", sa.String(16)),
    sa.Column("email_confidence", sa.String(16)),
    sa.Column("phone", sa.Text),
    sa.Column("phones", Json),
    sa.Column("linkedin_url", sa.Text),
    sa.Column("social_urls", Json),
    sa.Column("website", sa.Text),
    sa.Column("company", sa.Text),
    refers("company_id", "companies.id", index=True),
    sa.Column("domain", sa.Text),
    sa.Column("street", sa.Text),
    sa.Column("city", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("postal_code", sa.Text),
    sa.Column("country", sa.String(2)),
    sa.Column("industry", sa.Text),
    sa.Column("tags", Json),
    sa.Column("notes", sa.Text),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("enrichment_status", sa.String(16), nullable=False),
    sa.Column("lead_status", sa.String(16), nullable=False),
    sa.Column("lead_score", sa.SmallInteger, nullable=False),
    sa.Column("do_not_contact", sa.Boolean, nullable=False),
    sa.Column("custom", Json),
    refers("source_id", "sources.id"),
    *_merging("leads"),
    *audit(),
    *deletion(),
)


def _keys(name: str, owner: str) -> sa.Table:
    """Hashed match keys of `owner`: the index behind resolution, clustered by key."""
    return sa.Table(
        name,
        metadata,
        workspace(primary_key=True),
        sa.Column("hash", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(owner, sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )


lead_keys = _keys("lead_keys", "lead_id")
company_keys = _keys("company_keys", "company_id")

judgements = table(
    "judgements",
    key(),
    workspace(),
    sa.Column("entity", sa.String(16), nullable=False),
    sa.Column("low_id", sa.BigInteger, nullable=False),
    sa.Column("high_id", sa.BigInteger, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("is_person", sa.Boolean, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("reasons", Json, nullable=False),
    refers("run_id", "runs.id"),
    sa.Column("record_id", sa.BigInteger),
    *audit(),
    # Every word stays: the machine's, and those of people, each with the run it was said in.
    sa.UniqueConstraint("workspace_id", "entity", "low_id", "high_id", "run_id"),
    sa.Index("ix_judgements_workspace_id_entity_high_id", "workspace_id", "entity", "high_id"),
)
