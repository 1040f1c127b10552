"""Views of events, runs and calls under the names that reports and other programs know.

They are no part of any one migration: a migration may change every table they read, so they are
taken away before one and made afresh after it, from the revision on that has what they read.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.storage.shown_times import seconds_between, shown_time
from leadloom.storage.tables import events, messages, runs, users
from leadloom.storage.usage_views import daily_usage, enrichment_success_rate, job_summary

_SINCE = "0003"
# From when on there is what the views of calls outside read.
_USAGE_SINCE = "0008"

# What an activity is called where "<entity>_<verb>" is not its standard name.
_ACTIONS = {
    "lead.created": "contact_uploaded",
    "group.members_added": "contacts_added_to_group",
    "group.members_removed": "contacts_removed_from_group",
    "campaign.generated": "email_drafts_generated",
}
_ENTITIES = {
    "lead": "contact",
    "show": "event",
    "group": "lead_group",
    "campaign": "email_campaign",
    "message": "email_draft",
}
_DRAFTED = ("message.drafted", "message.redrafted")
_OF_A_LEAD = ("lead.created", "lead.updated", *_DRAFTED, "message.sent")


def create(conn: sa.Connection, revision: str | None) -> None:
    """Make the views that a database at this revision can have; they must not be there yet."""
    if revision is None or revision < _SINCE:
        return
    # Whoever reads a view sees through it only what he may see himself.
    options = " WITH (security_invoker = true)" if conn.dialect.name == "postgresql" else ""
    for name, select in VIEWS.items():
        if name in _OF_USAGE and revision < _USAGE_SINCE:
            continue
        text = select(conn.dialect.name).compile(
            dialect=conn.dialect, compile_kwargs={"literal_binds": True}
        )
        conn.exec_driver_sql(
            f"CREATE VIEW {name}{options} AS {text}", execution_options={"no_parameters": True}
        )


def drop(conn: sa.Connection) -> None:
    """Take the views away."""
    for name in reversed(VIEWS):
        conn.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def lead_events(dialect: str) -> sa.SelectBase:
    """An event for each thing that happened to a lead, or to a message to it."""
    kind = sa.case(
        (sa.and_(events.c.type == "lead.updated", runs.c.kind == "enrich"), "enriched"),
        (events.c.type == "lead.removed", "deleted"),
        (events.c.type == "message.sent", "contacted"),
        else_=_verb(),
    )
    at = shown_time(events.c.occurred_at, dialect)
    words = sa.func.replace(sa.func.replace(events.c.type, ".", " "), "_", " ")
    return _of_leads(
        [
            kind.label("event_type"),
            events.c.type.label("event_name"),
            words.label("event_description"),
            events.c.data.label("event_data"),
            sa.func.coalesce(runs.c.kind, "person").label("event_source"),
            events.c.run_id,
            at.label("event_timestamp"),
            users.c.name.label("actor"),
            _status("old").label("old_status"),
            _status("new").label("new_status"),
            events.c.data["changed"].as_string().label("changed_fields"),
            at.label("created_at"),
            at.label("updated_at"),
        ]
    )


def activity_log(dialect: str) -> sa.SelectBase:
    """Everything that happened, under the standard names of actions."""
    entity = sa.case(_ENTITIES, value=events.c.entity, else_=events.c.entity)
    is_update = events.c.type == "lead.updated"
    # MariaDB compares what comes out of JSON only when told as what.
    email_status = sa.cast(events.c.data["new", "email_status"].as_string(), sa.String(16))
    action = sa.case(
        *((events.c.type == name, action) for name, action in _ACTIONS.items()),
        (
            sa.and_(is_update, email_status == "verified"),
            "contact_verified",
        ),
        (sa.and_(is_update, runs.c.kind == "enrich"), "contact_processed"),
        (sa.and_(is_update, runs.c.kind == "edit"), "contact_reviewed"),
        else_=entity.concat("_").concat(_verb()),
    )
    return (
        sa.select(
            events.c.id,
            events.c.workspace_id,
            action.label("action"),
            entity.label("entity_type"),
            events.c.entity_id,
            events.c.data.label("metadata"),
            users.c.name.label("actor"),
            shown_time(events.c.occurred_at, dialect).label("created_at"),
        )
        .select_from(events)
        .outerjoin(runs, runs.c.id == events.c.run_id)
        .outerjoin(users, users.c.id == events.c.actor_id)
    )


def pipeline_activities(dialect: str) -> sa.SelectBase:
    """What each agent did with each lead, in which run, how it ended and how long that took."""
    kind = sa.case(
        (events.c.type == "message.sent", "email_sent"),
        (events.c.type.in_(_DRAFTED), "campaign_created"),
        (runs.c.kind == "enrich", "enriched"),
        (runs.c.kind == "import", "scraped"),
        else_=_verb(),
    )
    status = sa.case(
        (runs.c.status.in_(["failed", "cancelled"]), "failed"),
        (runs.c.status.in_(["pending", "processing"]), "pending"),
        else_="success",
    )
    started = sa.func.coalesce(runs.c.started_at, events.c.occurred_at)
    return _of_leads(
        [
            kind.label("activity_type"),
            status.label("activity_status"),
            sa.func.replace(events.c.type, ".", " ").label("description"),
            runs.c.options.label("input_data"),
            events.c.data.label("output_data"),
            runs.c.error.label("error_message"),
            shown_time(started, dialect).label("started_at"),
            shown_time(runs.c.finished_at, dialect).label("completed_at"),
            seconds_between(runs.c.started_at, runs.c.finished_at, dialect).label(
                "duration_seconds"
            ),
            runs.c.agent_name,
            runs.c.agent_version,
        ],
        events.c.type.in_(_OF_A_LEAD),
        sa.or_(events.c.run_id.is_(None), runs.c.kind != "edit"),
    )


VIEWS: dict[str, Callable[[str], sa.SelectBase]] = {
    "lead_events": lead_events,
    "activity_log": activity_log,
    "pipeline_activities": pipeline_activities,
    "job_summary": job_summary,
    "daily_usage": daily_usage,
    "enrichment_success_rate": enrichment_success_rate,
}
_OF_USAGE = ("daily_usage", "enrichment_success_rate")


def _of_leads(columns: Sequence[Any], *conditions: sa.ColumnElement[bool]) -> sa.SelectBase:
    """Events of leads and of messages to them, apart: so one lead's are found by the index."""
    own = _select(columns, events.c.entity_id, events).where(events.c.entity == "lead")
    mailed = events.join(messages, messages.c.id == events.c.entity_id)
    of_messages = _select(columns, messages.c.lead_id, mailed).where(events.c.entity == "message")
    return sa.union_all(own.where(*conditions), of_messages.where(*conditions))


def _select(columns: Sequence[Any], lead_id: Any, source: Any) -> sa.Select[Any]:
    return (
        sa.select(events.c.id, events.c.workspace_id, lead_id.label("lead_id"), *columns)
        .select_from(source)
        .outerjoin(runs, runs.c.id == events.c.run_id)
        .outerjoin(users, users.c.id == events.c.actor_id)
    )


def _verb() -> sa.ColumnElement[str]:
    """What comes after the dot of an event's type."""
    return sa.func.substr(events.c.type, sa.func.length(events.c.entity) + 2, type_=sa.Text)


def _status(when: str) -> sa.ColumnElement[str]:
    """The status before or after: what people say of a lead, else how far it is processed."""
    names = ("lead_status", "status", "stage")
    return sa.func.coalesce(*(events.c.data[when, name].as_string() for name in names))
