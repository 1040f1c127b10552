"""The first schema."""

import sqlalchemy as sa
from alembic import op

from leadloom.storage.types import Json, Key, UtcTime, Uuid16

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "companies",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("linkedin_url", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("employee_count", sa.BigInteger(), nullable=True),
        sa.Column("employee_range", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("revenue", sa.Text(), nullable=True),
        sa.Column("founded_year", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("tags", Json, nullable=True),
        sa.Column("custom", Json, nullable=True),
        sa.Column("winners", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("root_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("deleted_at", UtcTime(), nullable=True),
        sa.Column("deleted_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_companies"),
        sa.UniqueConstraint("uuid", name="uq_companies_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_companies_root_id",
        "companies",
        ["root_id"],
        unique=False,
        sqlite_where=sa.text("root_id IS NOT NULL"),
        postgresql_where=sa.text("root_id IS NOT NULL"),
    )
    op.create_table(
        "company_keys",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "hash", "company_id", name="pk_company_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("occurred_at", UtcTime(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("data", Json, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_entity_id_entity", "events", ["entity_id", "entity"], unique=False)
    op.create_table(
        "groups",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("uuid", name="uq_groups_uuid"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_groups_workspace_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lead_keys",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "hash", "lead_id", name="pk_lead_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "runs",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("processed", sa.Integer(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("input", sa.Text(), nullable=True),
        sa.Column("output", sa.Text(), nullable=True),
        sa.Column("estimated_cost_usd", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("actual_cost_usd", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("agent_name", sa.String(length=100), nullable=True),
        sa.Column("agent_version", sa.String(length=32), nullable=True),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("heartbeat_at", UtcTime(), nullable=True),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("cancel_requested_at", UtcTime(), nullable=True),
        sa.Column("undone_at", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("uuid", name="uq_runs_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_runs_workspace_id_kind_status", "runs", ["workspace_id", "kind", "status"], unique=False
    )
    op.create_table(
        "settings",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="pk_settings"),
    )
    op.create_table(
        "sources",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=True),
        sa.Column("trust", sa.Float(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("uuid", name="uq_sources_uuid"),
        sa.UniqueConstraint(
            "workspace_id", "name", "kind", name="uq_sources_workspace_id_name_kind"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "suppressions",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=320), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_suppressions"),
        sa.UniqueConstraint(
            "workspace_id", "kind", "value", name="uq_suppressions_workspace_id_kind_value"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "templates",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("message_type", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("usage_count", sa.Integer(), nullable=False),
        sa.Column("success_rate", sa.Float(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_templates"),
        sa.UniqueConstraint("uuid", name="uq_templates_uuid"),
        sa.UniqueConstraint(
            "workspace_id",
            "name",
            "type",
            "message_type",
            name="uq_templates_workspace_id_name_type_message_type",
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "users",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("uuid", name="uq_users_uuid"),
        sa.UniqueConstraint("workspace_id", "email", name="uq_users_workspace_id_email"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "workspaces",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("uuid", name="uq_workspaces_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "campaigns",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("group_id", Key, nullable=True),
        sa.Column("template", sa.String(length=255), nullable=False),
        sa.Column("variants", sa.Integer(), nullable=False),
        sa.Column("context", Json, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("generated_at", UtcTime(), nullable=True),
        sa.Column("exported_at", UtcTime(), nullable=True),
        sa.Column("export_count", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("deleted_at", UtcTime(), nullable=True),
        sa.Column("deleted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_campaigns_group_id"),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        sa.UniqueConstraint("uuid", name="uq_campaigns_uuid"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_campaigns_workspace_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "judgements",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("low_id", sa.BigInteger(), nullable=False),
        sa.Column("high_id", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("is_person", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("run_id", Key, nullable=True),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_judgements_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_judgements"),
        sa.UniqueConstraint(
            "workspace_id",
            "entity",
            "low_id",
            "high_id",
            name="uq_judgements_workspace_id_entity_low_id_high_id",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_judgements_high_id", "judgements", ["high_id"], unique=False)
    op.create_table(
        "leads",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("middle_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("name_prefix", sa.Text(), nullable=True),
        sa.Column("name_suffix", sa.Text(), nullable=True),
        sa.Column("nickname", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("seniority", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("emails", Json, nullable=True),
        sa.Column("email_status", sa.String(length=16), nullable=True),
        sa.Column("email_confidence", sa.String(length=16), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phones", Json, nullable=True),
        sa.Column("linkedin_url", sa.Text(), nullable=True),
        sa.Column("social_urls", Json, nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("company_id", Key, nullable=True),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("tags", Json, nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("enrichment_status", sa.String(length=16), nullable=False),
        sa.Column("lead_status", sa.String(length=16), nullable=False),
        sa.Column("lead_score", sa.SmallInteger(), nullable=False),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.Column("custom", Json, nullable=True),
        sa.Column("source_id", Key, nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("root_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("deleted_at", UtcTime(), nullable=True),
        sa.Column("deleted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name="fk_leads_company_id"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_leads_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_leads"),
        sa.UniqueConstraint("uuid", name="uq_leads_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_leads_company_id", "leads", ["company_id"], unique=False)
    op.create_index(
        "ix_leads_root_id",
        "leads",
        ["root_id"],
        unique=False,
        sqlite_where=sa.text("root_id IS NOT NULL"),
        postgresql_where=sa.text("root_id IS NOT NULL"),
    )
    op.create_table(
        "records",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_index", sa.SmallInteger(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("external_url", sa.Text(), nullable=True),
        sa.Column("observed_at", UtcTime(), nullable=False),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("digest", sa.BigInteger(), nullable=True),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("same_as_id", sa.BigInteger(), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("problems", Json, nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("tokens", sa.Integer(), nullable=True),
        sa.Column("cost_usd", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("completeness", sa.Float(), nullable=True),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_records_run_id"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_records_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_records_company_id", "records", ["company_id"], unique=False)
    op.create_index("ix_records_digest", "records", ["digest"], unique=False)
    op.create_index("ix_records_lead_id", "records", ["lead_id"], unique=False)
    op.create_index("ix_records_run_id_position", "records", ["run_id", "position"], unique=True)
    op.create_index(
        "ix_records_same_as_id",
        "records",
        ["same_as_id"],
        unique=False,
        sqlite_where=sa.text("same_as_id IS NOT NULL"),
        postgresql_where=sa.text("same_as_id IS NOT NULL"),
    )
    op.create_table(
        "template_performance",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("template_id", Key, nullable=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("open_rate", sa.Float(), nullable=True),
        sa.Column("response_rate", sa.Float(), nullable=True),
        sa.Column("conversion_rate", sa.Float(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_template_performance_run_id"),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["templates.id"],
            name="fk_template_performance_template_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_template_performance"),
        sa.UniqueConstraint(
            "template_id", "run_id", name="uq_template_performance_template_id_run_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_template_performance_template_id", "template_performance", ["template_id"], unique=False
    )
    op.create_table(
        "template_versions",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("template_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("variables", Json, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["templates.id"],
            name="fk_template_versions_template_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_template_versions"),
        sa.UniqueConstraint(
            "template_id", "version", name="uq_template_versions_template_id_version"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "group_members",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("group_id", Key, nullable=False),
        sa.Column("lead_id", Key, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name="fk_group_members_group_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name="fk_group_members_lead_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_group_members"),
        sa.UniqueConstraint("group_id", "lead_id", name="uq_group_members_group_id_lead_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_group_members_lead_id", "group_members", ["lead_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", Key, nullable=False),
        sa.Column("lead_id", Key, nullable=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("campaign_type", sa.String(length=16), nullable=False),
        sa.Column("message_type", sa.String(length=16), nullable=True),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("personalization", Json, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("quality_score", sa.Float(), nullable=False),
        sa.Column("quality_reasons", Json, nullable=False),
        sa.Column("export_count", sa.Integer(), nullable=False),
        sa.Column("exported_at", UtcTime(), nullable=True),
        sa.Column("queued_at", UtcTime(), nullable=True),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column("delivered_at", UtcTime(), nullable=True),
        sa.Column("opened_at", UtcTime(), nullable=True),
        sa.Column("replied_at", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_messages_campaign_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name="fk_messages_lead_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_messages_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint(
            "campaign_id", "lead_id", "variant", name="uq_messages_campaign_id_lead_id_variant"
        ),
        sa.UniqueConstraint("uuid", name="uq_messages_uuid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_campaign_id", "messages", ["campaign_id"], unique=False)
    op.create_index("ix_messages_lead_id", "messages", ["lead_id"], unique=False)
    op.create_index("ix_messages_run_id", "messages", ["run_id"], unique=False)


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("group_members")
    op.drop_table("template_versions")
    op.drop_table("template_performance")
    op.drop_table("records")
    op.drop_table("leads")
    op.drop_table("judgements")
    op.drop_table("campaigns")
    op.drop_table("workspaces")
    op.drop_table("users")
    op.drop_table("templates")
    op.drop_table("suppressions")
    op.drop_table("sources")
    op.drop_table("settings")
    op.drop_table("runs")
    op.drop_table("lead_keys")
    op.drop_table("groups")
    op.drop_table("events")
    op.drop_table("company_keys")
    op.drop_table("companies")
