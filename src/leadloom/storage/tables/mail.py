"""Mail: what was written and received, and who took part.

On PostgreSQL both tables are cut into months by `sent_at`, which is why it is part of every unique
key, why a participant carries it too, and why nothing refers to a mail by a foreign key.
"""

import sqlalchemy as sa

from leadloom.storage.tables.base import audit, key, refers, table, workspace
from leadloom.storage.types import Json, UtcTime, Uuid16

emails = table(
    "emails",
    key(),
    sa.Column("uuid", Uuid16, nullable=False, index=True),
    workspace(),
    sa.Column("account_id", sa.BigInteger),
    sa.Column("message_id", sa.String(255), nullable=False),
    sa.Column("thread_id", sa.String(255)),
    sa.Column("sent_at", UtcTime, nullable=False),
    sa.Column("from_email", sa.String(320)),
    sa.Column("from_name", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("snippet", sa.String(255)),
    sa.Column("body_text", sa.Text),
    sa.Column("body_html", sa.Text),
    sa.Column("labels", Json),
    sa.Column("is_unread", sa.Boolean, nullable=False),
    sa.Column("is_important", sa.Boolean, nullable=False),
    sa.Column("is_starred", sa.Boolean, nullable=False),
    sa.Column("is_draft", sa.Boolean, nullable=False),
    sa.Column("is_sent", sa.Boolean, nullable=False),
    sa.Column("attachment_count", sa.Integer, nullable=False),
    sa.Column("extracted", Json),
    sa.Column("summary", sa.Text),
    sa.Column("category", sa.String(50)),
    sa.Column("sentiment", sa.String(20)),
    *audit(),
    sa.UniqueConstraint("workspace_id", "account_id", "message_id", "sent_at"),
    sa.Index("ix_emails_workspace_id_thread_id", "workspace_id", "thread_id"),
    # What a list of mails shows is read from the index alone.
    sa.Index(
        "ix_emails_workspace_id_sent_at",
        "workspace_id",
        "sent_at",
        postgresql_include=["from_email", "snippet"],
    ),
)

email_participants = table(
    "email_participants",
    key(),
    workspace(),
    sa.Column("email_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("sent_at", UtcTime, nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),  # from, to, cc, bcc
    sa.Column("email", sa.String(320), nullable=False),
    sa.Column("name", sa.Text),
    refers("lead_id", "leads.id", ondelete="SET NULL", index=True),
    *audit(),
)
