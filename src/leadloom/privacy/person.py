"""A person's export: everything held about them, with where it came from, for them to read."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from leadloom.leads.lead import Lead
from leadloom.privacy.traces import names_of, repetitions_of, tables_naming_leads
from leadloom.resolve.family import members_of
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import (
    email_participants,
    emails,
    events,
    groups,
    judgements,
    leads,
    records,
    runs,
    sources,
    suppressions,
    users,
)
from leadloom.storage.types import load_json

# Keys inside say nothing to the person; whose workspace it is, they know.
_INSIDE = ("id", "workspace_id", "created_by", "updated_by", "deleted_by", "root_id")


def all_about(tx: Tx, lead: Lead) -> dict[str, Any]:
    """Return everything held about the person that `lead` is."""
    members = members_of(tx, lead.key)
    names = names_of(tx, members)
    told: dict[str, Any] = {
        "id": lead.id,
        "exported_at": tx.now,
        "profile": lead.as_json(),
        "woven_from": _rows(tx, leads, among(tx.conn, leads.c.id, set(members) - {lead.key})),
        "received": _received(tx, members),
        "history": _history(tx, members),
        "compared_with": _rows(tx, judgements, _either(tx, members)),
        "suppressions": _rows(
            tx,
            suppressions,
            sa.and_(
                suppressions.c.workspace_id == tx.workspace_id,
                suppressions.c.value.in_(names.emails),
            ),
        ),
        "mails": _mails(tx, members, names.emails),
        "groups": _groups(tx, members),
    }
    for table in tables_naming_leads():
        if table.name != "group_members":
            told[table.name] = _rows(tx, table, among(tx.conn, table.c.lead_id, members))
    return told


def _received(tx: Tx, members: Collection[int]) -> list[dict[str, Any]]:
    """Return each record as received and as read, with who brought it, when and in what."""
    own = list(
        tx.conn.scalars(sa.select(records.c.id).where(among(tx.conn, records.c.lead_id, members)))
    )
    query = (
        sa.select(
            records,
            sources.c.name.label("source"),
            sources.c.kind.label("source_kind"),
            runs.c.input.label("file"),
            runs.c.uuid.label("run"),
        )
        .join(sources, sources.c.id == records.c.source_id)
        .join(runs, runs.c.id == records.c.run_id)
        .where(among(tx.conn, records.c.id, [*own, *repetitions_of(tx, own)]))
        .order_by(records.c.id)
    )
    return [
        {
            "source": row.source,
            "source_kind": row.source_kind,
            "run": row.run,
            "file": row.file,
            "row": row.row_number,
            "external_id": row.external_id,
            "external_url": row.external_url,
            "observed_at": row.observed_at,
            "received_at": row.created_at,
            "as_received": load_json(row.original) if row.original else None,
            "as_read": load_json(row.facts) if row.facts else None,
            "problems": row.problems,
            "outcome": row.status,
            "reason": row.reason,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in tx.conn.execute(query)
    ]


def _history(tx: Tx, members: Collection[int]) -> list[dict[str, Any]]:
    query = (
        sa.select(events, users.c.name.label("by"))
        .outerjoin(users, users.c.id == events.c.actor_id)
        .where(
            events.c.workspace_id == tx.workspace_id,
            events.c.entity == "lead",
            among(tx.conn, events.c.entity_id, members),
        )
        .order_by(events.c.id)
    )
    return [
        {"at": row.occurred_at, "what": row.type, "by": row.by, "data": row.data}
        for row in tx.conn.execute(query)
    ]


def _either(tx: Tx, members: Collection[int]) -> sa.ColumnElement[bool]:
    either = sa.or_(
        among(tx.conn, judgements.c.low_id, members), among(tx.conn, judgements.c.high_id, members)
    )
    return sa.and_(judgements.c.entity == "lead", either)


def _mails(tx: Tx, members: Collection[int], addresses: Collection[str]) -> list[dict[str, Any]]:
    took_part = sa.select(email_participants.c.email_id).where(
        email_participants.c.workspace_id == tx.workspace_id,
        sa.or_(
            among(tx.conn, email_participants.c.lead_id, members),
            email_participants.c.email.in_(addresses),
        ),
    )
    return _rows(tx, emails, emails.c.id.in_(took_part))


def _groups(tx: Tx, members: Collection[int]) -> list[str]:
    member_of = next(one for one in tables_naming_leads() if one.name == "group_members")
    query = (
        sa.select(groups.c.name)
        .join(member_of, member_of.c.group_id == groups.c.id)
        .where(among(tx.conn, member_of.c.lead_id, members))
        .distinct()
        .order_by(groups.c.name)
    )
    return list(tx.conn.scalars(query))


def _rows(tx: Tx, table: sa.Table, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name not in _INSIDE]
    return [dict(row._mapping) for row in tx.conn.execute(sa.select(*columns).where(where))]
