"""Groups, templates, campaigns, and the messages written from them."""

import sqlalchemy as sa

from leadloom.storage.tables.base import audit, deletion, key, public_id, refers, table, workspace
from leadloom.storage.types import Json, UtcTime

groups = table(
    "groups",
    key(),
    public_id(),
    workspace(),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("description", sa.Text),
    *audit(),
    sa.UniqueConstraint("workspace_id", "name"),
)

group_members = table(
    "group_members",
    key(),
    workspace(),
    refers("group_id", "groups.id", nullable=False, ondelete="CASCADE"),
    refers("lead_id", "leads.id", nullable=False, index=True, ondelete="CASCADE"),
    *audit(),
    sa.UniqueConstraint("group_id", "lead_id"),
)

templates = table(
    "templates",
    key(),
    public_id(),
    workspace(),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("type", sa.String(16), nullable=False),
    sa.Column("message_type", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("usage_count", sa.Integer, nullable=False),
    sa.Column("success_rate", sa.Float),
    *audit(),
    sa.UniqueConstraint("workspace_id", "name", "type", "message_type"),
)

template_versions = table(
    "template_versions",
    key(),
    workspace(),
    refers("template_id", "templates.id", nullable=False, ondelete="CASCADE"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("variables", Json, nullable=False),
    *audit(),
    sa.UniqueConstraint("template_id", "version"),
)

template_performance = table(
    "template_performance",
    key(),
    workspace(),
    refers("template_id", "templates.id", nullable=False, index=True, ondelete="CASCADE"),
    refers("run_id", "runs.id", nullable=False),
    sa.Column("open_rate", sa.Float),
    sa.Column("response_rate", sa.Float),
    sa.Column("conversion_rate", sa.Float),
    *audit(),
    sa.UniqueConstraint("template_id", "run_id"),
)

campaigns = table(
    "campaigns",
    key(),
    public_id(),
    workspace(),
    sa.Column("name", sa.String(255), nullable=False),
    refers("group_id", "groups.id"),
    sa.Column("template", sa.String(255), nullable=False),
    sa.Column("variants", sa.Integer, nullable=False),
    sa.Column("context", Json, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("generated_at", UtcTime),
    sa.Column("exported_at", UtcTime),
    sa.Column("export_count", sa.Integer, nullable=False),
    *audit(),
    *deletion(),
    sa.UniqueConstraint("workspace_id", "name"),
)

messages = table(
    "messages",
    key(),
    public_id(),
    workspace(),
    refers("campaign_id", "campaigns.id", nullable=False, index=True, ondelete="CASCADE"),
    refers("lead_id", "leads.id", nullable=False, index=True, ondelete="CASCADE"),
    refers("run_id", "runs.id", nullable=False, index=True),
    sa.Column("campaign_type", sa.String(16), nullable=False),
    sa.Column("message_type", sa.String(16)),
    sa.Column("variant", sa.Integer, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("personalization", Json, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("quality_score", sa.Float, nullable=False),
    sa.Column("quality_reasons", Json, nullable=False),
    sa.Column("export_count", sa.Integer, nullable=False),
    sa.Column("exported_at", UtcTime),
    sa.Column("queued_at", UtcTime),
    sa.Column("sent_at", UtcTime),
    sa.Column("delivered_at", UtcTime),
    sa.Column("opened_at", UtcTime),
    sa.Column("replied_at", UtcTime),
    sa.Column("review", sa.String(16)),
    sa.Column("reviewed_at", UtcTime),
    sa.Column("edited_at", UtcTime),
    *audit(),
    sa.UniqueConstraint("campaign_id", "lead_id", "variant"),
    # What nobody has decided about is counted on every page.
    sa.Index(
        "ix_messages_workspace_id_status",
        "workspace_id",
        "status",
        sqlite_where=sa.text("review IS NULL"),
        postgresql_where=sa.text("review IS NULL"),
    ),
)

suppressions = table(
    "suppressions",
    key(),
    workspace(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("value", sa.String(320), nullable=False),
    sa.Column("reason", sa.Text),
    *audit(),
    sa.UniqueConstraint("workspace_id", "kind", "value"),
)

# A trade show, the imports that brought its leads, and the campaigns that write to them.
shows = table(
    "shows",
    key(),
    public_id(),
    workspace(),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("place", sa.Text),
    sa.Column("starts_on", sa.String(10)),
    sa.Column("ends_on", sa.String(10)),
    sa.Column("industry", sa.Text),
    sa.Column("description", sa.Text),
    *audit(),
    sa.UniqueConstraint("workspace_id", "name"),
)

show_runs = table(
    "show_runs",
    key(),
    workspace(),
    refers("show_id", "shows.id", nullable=False, ondelete="CASCADE"),
    refers("run_id", "runs.id", nullable=False, index=True, ondelete="CASCADE"),
    *audit(),
    sa.UniqueConstraint("show_id", "run_id"),
)

show_campaigns = table(
    "show_campaigns",
    key(),
    workspace(),
    refers("show_id", "shows.id", nullable=False, ondelete="CASCADE"),
    refers("campaign_id", "campaigns.id", nullable=False, index=True, ondelete="CASCADE"),
    *audit(),
    sa.UniqueConstraint("show_id", "campaign_id"),
)
