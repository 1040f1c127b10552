"""The tables, by the part of the product that owns their rows.

A table here and the migrations in `storage/migrations` describe the same schema; a test holds them
together.
"""

from leadloom.storage.tables.backfills import backfills
from leadloom.storage.tables.base import metadata
from leadloom.storage.tables.events import events
from leadloom.storage.tables.leads import (
    companies,
    company_keys,
    judgements,
    lead_keys,
    leads,
)
from leadloom.storage.tables.mail import email_participants, emails
from leadloom.storage.tables.models import models
from leadloom.storage.tables.outreach import (
    campaigns,
    group_members,
    groups,
    messages,
    show_campaigns,
    show_runs,
    shows,
    suppressions,
    template_performance,
    template_versions,
    templates,
)
from leadloom.storage.tables.outside import (
    api_usage,
    lookups,
    provider_states,
    run_batches,
    spending,
    workers,
)
from leadloom.storage.tables.runs import records, runs, sources
from leadloom.storage.tables.schedules import schedules, waiting_jobs
from leadloom.storage.tables.vectors import vectors
from leadloom.storage.tables.workspaces import (
    erasure_keys,
    erasures,
    secrets,
    sessions,
    settings,
    users,
    workspaces,
)

__all__ = [
    "api_usage",
    "backfills",
    "campaigns",
    "companies",
    "company_keys",
    "email_participants",
    "emails",
    "erasure_keys",
    "erasures",
    "events",
    "group_members",
    "groups",
    "judgements",
    "lead_keys",
    "leads",
    "lookups",
    "messages",
    "metadata",
    "models",
    "provider_states",
    "records",
    "run_batches",
    "runs",
    "schedules",
    "secrets",
    "sessions",
    "settings",
    "show_campaigns",
    "show_runs",
    "shows",
    "sources",
    "spending",
    "suppressions",
    "template_performance",
    "template_versions",
    "templates",
    "users",
    "vectors",
    "waiting_jobs",
    "workers",
    "workspaces",
]
