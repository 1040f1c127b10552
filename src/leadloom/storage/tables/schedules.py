"""What is done at its time, again and again or once, in a workspace, as the user who wanted it."""

import sqlalchemy as sa

from leadloom.storage.tables.base import audit, key, public_id, table, workspace
from leadloom.storage.types import Json, UtcTime

# `after_at`: its next time is the first one after this. `due_at`: the time its last run was for.
# `worker`: the `executor` of who is, or was, at it.
schedules = table(
    "schedules",
    key(),
    public_id(),
    workspace(),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("cron", sa.String(100), nullable=False),
    sa.Column("command", Json, nullable=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("after_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime),
    sa.Column("began_at", UtcTime),
    sa.Column("ended_at", UtcTime),
    sa.Column("outcome", sa.String(16)),
    sa.Column("message", sa.Text),
    sa.Column("worker", sa.String(128)),
    *audit(),
    sa.UniqueConstraint("workspace_id", "name"),
)

# Jobs that nobody has begun; whoever begins one takes its row out.
waiting_jobs = table(
    "waiting_jobs",
    key(),
    workspace(),
    sa.Column("job_id", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("terms", Json, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("start_after", UtcTime),
    *audit(),
)
