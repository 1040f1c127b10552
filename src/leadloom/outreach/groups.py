"""Groups: leads that people put together to write to.

A membership stays with the lead it was made for, and is read through the lead that speaks for it.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.errors import ConflictError, UsageError
from leadloom.events.event import record
from leadloom.ids import new_uuid
from leadloom.leads.lead import Lead
from leadloom.leads.query import Page
from leadloom.outreach.names import checked_name, checked_text, named, not_found
from leadloom.outreach.people import page_of_people
from leadloom.resolve.family import roots_of
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks, insert_new
from leadloom.storage.tables import campaigns, group_members, groups, leads


@dataclass(frozen=True, slots=True)
class Group:
    """A group; `members` counts people, duplicates woven together and deleted ones left out."""

    key: int
    id: uuid.UUID
    name: str
    description: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    members: int

    def as_json(self) -> dict[str, Any]:
        """Return the group as JSON-able values, without the inner key."""
        shape = asdict(self)
        del shape["key"]
        return shape


def create_group(tx: Tx, name: str, description: str | None = None) -> Group:
    """Make an empty group. Raises UsageError when the name is taken or no name."""
    name = checked_name(name, "group")
    if _find(tx, name) is not None:
        raise UsageError(f"There is a group {name!r} already: choose another name.")
    if description:
        checked_text(description, "The description")
    row = {"workspace_id": tx.workspace_id, "name": name, "description": description or None}
    made = tx.conn.execute(groups.insert().values(uuid=new_uuid(), **row, **tx.stamp()))
    assert made.inserted_primary_key is not None
    record(tx, "group.created", made.inserted_primary_key[0], data={"name": name})
    return get_group(tx, name)


def get_group(tx: Tx, ref: str) -> Group:
    """Return the group of this name or id. Raises NotFoundError, with the nearest name."""
    group = _find(tx, ref)
    if group is None:
        raise not_found("group", ref, (one.name for one in list_groups(tx)))
    return group


def list_groups(tx: Tx) -> list[Group]:
    """Return every group, by name."""
    return [Group(*row) for row in tx.conn.execute(_select(tx).order_by(groups.c.name))]


def delete_group(tx: Tx, group: Group) -> None:
    """Delete a group; its leads stay. Raises ConflictError when a campaign writes to it."""
    campaign = tx.conn.scalar(
        sa.select(campaigns.c.name)
        .where(campaigns.c.workspace_id == tx.workspace_id, campaigns.c.group_id == group.key)
        .limit(1)
    )
    if campaign is not None:
        raise ConflictError(
            f"The campaign {campaign!r} writes to the group {group.name!r}: "
            "take its members out instead of deleting it."
        )
    tx.conn.execute(group_members.delete().where(group_members.c.group_id == group.key))
    tx.conn.execute(groups.delete().where(groups.c.id == group.key))
    record(tx, "group.deleted", group.key, data={"name": group.name})


def add_members(tx: Tx, group: Group, keys: Collection[int]) -> int:
    """Put leads (inner keys) into a group; return how many people were not in it before."""
    new = roots_of(tx, keys) - set(tx.conn.scalars(member_roots(group.key)))
    for some in chunks(sorted(new)):
        insert_new(
            tx.conn,
            group_members,
            [
                {"workspace_id": tx.workspace_id, "group_id": group.key, "lead_id": key}
                | tx.stamp()
                for key in some
            ],
        )
    if new:
        record(tx, "group.members_added", group.key, data={"leads": len(new)})
    return len(new)


def remove_members(tx: Tx, group: Group, keys: Collection[int]) -> int:
    """Take leads (inner keys) out of a group; return how many people were in it."""
    gone = roots_of(tx, keys) & set(tx.conn.scalars(member_roots(group.key)))
    for some in chunks(sorted(gone)):
        cluster = sa.select(leads.c.id).where(
            sa.or_(leads.c.id.in_(some), leads.c.root_id.in_(some))
        )
        tx.conn.execute(
            group_members.delete().where(
                group_members.c.group_id == group.key, group_members.c.lead_id.in_(cluster)
            )
        )
    if gone:
        record(tx, "group.members_removed", group.key, data={"leads": len(gone)})
    return len(gone)


def list_members(tx: Tx, group: Group, limit: int = 50, after: str | None = None) -> Page[Lead]:
    """Return a page of the people in a group, in the order they came into the database.

    Raises UsageError for a cursor or limit that makes no sense.
    """
    return page_of_people(tx, member_roots(group.key), limit, after)


def member_roots(group_key: int) -> sa.Select[tuple[int]]:
    """The query for the leads that speak for the members of a group."""
    return (
        sa.select(sa.func.coalesce(leads.c.root_id, leads.c.id))
        .join(group_members, group_members.c.lead_id == leads.c.id)
        .where(group_members.c.group_id == group_key)
        .distinct()
    )


def _find(tx: Tx, ref: str) -> Group | None:
    row = tx.conn.execute(_select(tx).where(named(groups, ref))).first()
    return Group(*row) if row else None


def _select(tx: Tx) -> sa.Select[Any]:
    root = leads.alias("root")
    members = (
        sa.select(sa.func.count(sa.distinct(root.c.id)))
        .select_from(group_members)
        .join(leads, leads.c.id == group_members.c.lead_id)
        .join(root, root.c.id == sa.func.coalesce(leads.c.root_id, leads.c.id))
        .where(group_members.c.group_id == groups.c.id, root.c.deleted_at.is_(None))
        .scalar_subquery()
    )
    own = [groups.c[name] for name in ("id", "uuid", "name", "description")]
    return sa.select(*own, groups.c.created_at, groups.c.updated_at, members).where(
        groups.c.workspace_id == tx.workspace_id
    )
