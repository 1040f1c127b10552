"""Events are a feed: months on PostgreSQL, views; tables for mail; what follows an upgrade."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from leadloom.storage import partitions
from leadloom.storage.types import Json, Key, UtcTime, Uuid16
from leadloom.storage.upgrades.online import patiently

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backfills",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_backfills"),
        if_not_exists=True,
    )
    _create_mail()
    if _is_postgresql():
        _swap_events(by_month=True)
        for table in ("emails", "email_participants"):
            op.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
        partitions.make_ahead(op.get_bind())


def downgrade() -> None:
    if _is_postgresql():
        _swap_events(by_month=False)
    op.drop_table("email_participants")
    op.drop_table("emails")
    op.drop_table("backfills")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _swap_events(*, by_month: bool) -> None:
    """Put a table in the place of `events`, filled beside it: it is locked only for the swap."""
    conn = op.get_bind()
    key = ["id", "occurred_at"] if by_month else ["id"]
    op.create_table(
        "events_new",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("occurred_at", UtcTime(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("data", Json, nullable=True),
        postgresql_partition_by="RANGE (occurred_at)" if by_month else None,
    )
    if by_month:
        _create_months(conn)
    op.execute("INSERT INTO events_new OVERRIDING SYSTEM VALUE SELECT * FROM events ORDER BY id")
    op.create_primary_key("pk_events_new", "events_new", key)
    op.create_index("ix_events_new", "events_new", ["entity_id", "entity"])
    sequence = "pg_get_serial_sequence('{}', 'id')"
    old = conn.scalar(sa.text(f"SELECT {sequence.format('events')}"))
    last, is_called = conn.execute(sa.text(f"SELECT last_value, is_called FROM {old}")).one()  # noqa: S608
    new = conn.scalar(sa.text(f"SELECT {sequence.format('events_new')}"))
    conn.execute(
        sa.text("SELECT setval(:name, :last, :is_called)"),
        {"name": new, "last": last, "is_called": is_called},
    )
    patiently(conn, lambda: op.execute("DROP TABLE events"))
    for statement in (
        "ALTER TABLE events_new RENAME TO events",
        "ALTER TABLE events RENAME CONSTRAINT pk_events_new TO pk_events",
        "ALTER INDEX ix_events_new RENAME TO ix_events_entity_id_entity",
        f"ALTER SEQUENCE {new} RENAME TO events_id_seq",
    ):
        op.execute(statement)


def _create_months(conn: sa.Connection) -> None:
    """A partition for each month that there are events of; the default one for all the others."""
    op.execute("CREATE TABLE events_default PARTITION OF events_new DEFAULT")
    months = conn.scalars(
        sa.text(
            "SELECT DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date "
            "FROM events ORDER BY 1"
        )
    )
    for month in months.all():
        following = conn.scalar(
            sa.text("SELECT (CAST(:month AS date) + interval '1 month')::date"), {"month": month}
        )
        op.execute(
            f"CREATE TABLE events_{month:%Y_%m} PARTITION OF events_new "
            f"FOR VALUES FROM ('{month} 00:00:00+00') TO ('{following} 00:00:00+00')"
        )


def _create_mail() -> None:
    by_month = "RANGE (sent_at)"
    key = ["id", "sent_at"] if _is_postgresql() else ["id"]
    op.create_table(
        "emails",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("uuid", Uuid16(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("thread_id", sa.String(length=255), nullable=True),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column("from_email", sa.String(length=320), nullable=True),
        sa.Column("from_name", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("snippet", sa.String(length=255), nullable=True),
        sa.Column("body_text", sa.Text(), nullable=True),
        sa.Column("body_html", sa.Text(), nullable=True),
        sa.Column("labels", Json, nullable=True),
        sa.Column("is_unread", sa.Boolean(), nullable=False),
        sa.Column("is_important", sa.Boolean(), nullable=False),
        sa.Column("is_starred", sa.Boolean(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.Column("attachment_count", sa.Integer(), nullable=False),
        sa.Column("extracted", Json, nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=50), nullable=True),
        sa.Column("sentiment", sa.String(length=20), nullable=True),
        *_audit(),
        sa.PrimaryKeyConstraint(*key, name="pk_emails"),
        sa.UniqueConstraint(
            "workspace_id",
            "account_id",
            "message_id",
            "sent_at",
            name="uq_emails_workspace_id_account_id_message_id_sent_at",
        ),
        sqlite_autoincrement=True,
        if_not_exists=True,
        postgresql_partition_by=by_month,
    )
    _index("ix_emails_uuid", "emails", ["uuid"])
    _index("ix_emails_workspace_id_thread_id", "emails", ["workspace_id", "thread_id"])
    _index(
        "ix_emails_workspace_id_sent_at",
        "emails",
        ["workspace_id", "sent_at"],
        postgresql_include=["from_email", "snippet"],
    )
    op.create_table(
        "email_participants",
        sa.Column("id", Key, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("email_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("lead_id", Key, nullable=True),
        *_audit(),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["leads.id"], name="fk_email_participants_lead_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint(*key, name="pk_email_participants"),
        sqlite_autoincrement=True,
        if_not_exists=True,
        postgresql_partition_by=by_month,
    )
    _index("ix_email_participants_email_id", "email_participants", ["email_id"])
    _index("ix_email_participants_lead_id", "email_participants", ["lead_id"])


def _index(name: str, table: str, columns: list[str], **options: Any) -> None:
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes(table)}
    if name not in there:  # where a change of the schema commits itself, a half of it may be there
        op.create_index(name, table, columns, unique=False, **options)


def _audit() -> list[sa.Column[object]]:
    return [
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
    ]
