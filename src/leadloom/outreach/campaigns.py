"""Campaigns: a template for a group of leads, and how far its drafts have come.

A campaign is `draft` until its messages are written (`generating`), then `ready`, and `exported`
once all of them have left in a file and nothing new was written since.
"""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.errors import ConflictError, UsageError
from leadloom.events.event import change, record
from leadloom.ids import new_uuid
from leadloom.outreach import messages
from leadloom.outreach.groups import Group
from leadloom.outreach.language import canonical
from leadloom.outreach.names import checked_name, checked_text, named, not_found
from leadloom.outreach.templates import get_texts
from leadloom.outreach.variables import LEAD, MADE
from leadloom.storage.database import Tx
from leadloom.storage.tables import campaigns, groups
from leadloom.storage.types import dump_json, load_json

MOST_VARIANTS: Final = 15
"""Drafts a lead: three types of message by the five angles a letter can take."""

_VARIABLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Campaign:
    """A template, whom it is for (None: whoever is named when drafting), and what all may say."""

    key: int
    id: uuid.UUID
    name: str
    group_key: int | None
    group: str | None
    template: str
    variants: int
    context: dict[str, Any]
    status: str
    generated_at: dt.datetime | None
    exported_at: dt.datetime | None
    export_count: int
    created_at: dt.datetime
    updated_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Return the campaign as JSON-able values, without the inner keys."""
        shape = asdict(self)
        del shape["key"], shape["group_key"]
        return shape


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign and its messages by status."""

    campaign: Campaign
    messages: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the campaign as JSON-able values, with `messages` by status."""
        return {**self.campaign.as_json(), "messages": self.messages}


def create_campaign(
    tx: Tx,
    name: str,
    *,
    template: str,
    group: Group | None = None,
    variants: int = 3,
    context: Mapping[str, Any] | None = None,
) -> Campaign:
    """Make a campaign. `context` holds the event's and the sender's variables, by name.

    Raises UsageError when the name is taken or a value makes no sense, and NotFoundError when
    there is no such template.
    """
    name = checked_name(name, "campaign")
    if find_campaign(tx, name) is not None:
        raise UsageError(f"There is a campaign {name!r} already: choose another name.")
    made = tx.conn.execute(
        campaigns.insert().values(
            uuid=new_uuid(),
            workspace_id=tx.workspace_id,
            name=name,
            group_id=group.key if group else None,
            template=get_texts(tx, template)[0].name,
            variants=checked_variants(variants),
            context=checked_context(context or {}),
            status="draft",
            export_count=0,
            **tx.stamp(),
        )
    ).inserted_primary_key
    assert made is not None
    record(tx, "campaign.created", made[0], data={"name": name, "template": template})
    return get_campaign(tx, name)


def find_or_create_campaign(tx: Tx, template: str, variants: int) -> Campaign:
    """Return the campaign that drafts of `template` go to when none is named: its namesake.

    Raises ConflictError when that name belongs to a campaign of another kind.
    """
    found = find_campaign(tx, template)
    if found is None:
        return create_campaign(tx, template, template=template, variants=variants)
    if found.group_key is not None or found.template != template:
        raise ConflictError(
            f"There is a campaign {found.name!r} with a group or a template of its own: "
            "name the campaign these drafts are for with --campaign."
        )
    return found


def find_campaign(tx: Tx, ref: str) -> Campaign | None:
    """Return the campaign of this name or id, or None."""
    row = tx.conn.execute(_select(tx).where(named(campaigns, ref))).first()
    return Campaign(*row) if row else None


def get_campaign(tx: Tx, ref: str) -> Campaign:
    """Return the campaign of this name or id. Raises NotFoundError, with the nearest name."""
    campaign = find_campaign(tx, ref)
    if campaign is None:
        raise not_found("campaign", ref, (one.name for one in list_campaigns(tx)))
    return campaign


def list_campaigns(tx: Tx) -> list[Campaign]:
    """Return every campaign, newest first."""
    return [Campaign(*row) for row in tx.conn.execute(_select(tx).order_by(campaigns.c.id.desc()))]


def show_campaign(tx: Tx, ref: str) -> CampaignView:
    """Return a campaign with its messages by status. Raises NotFoundError."""
    campaign = get_campaign(tx, ref)
    return CampaignView(campaign, messages.count_by_status(tx, campaign.key))


def begin_generating(tx: Tx, campaign: Campaign, variants: int) -> None:
    """Say that drafts are being written, `variants` a lead.

    That alone changes nothing about the campaign, which goes back to what it was if nothing comes
    of it.
    """
    stamp = tx.touch() if variants != campaign.variants else {}
    _set(tx, campaign, status="generating", variants=variants, **stamp)


def end_generating(
    tx: Tx, campaign: Campaign, *, run_id: int, counts: Mapping[str, int], is_complete: bool
) -> Campaign:
    """Say where a campaign stands now that its drafts are written; `campaign` is as it was before.

    `counts` are the run's, by outcome; `is_complete` is false when it was stopped on its way.
    """
    wrote = bool(counts.get("drafted") or counts.get("updated"))
    is_news = wrote or (is_complete and campaign.generated_at is None)
    status = _status_after(campaign.status, wrote, is_complete)
    stamp = tx.touch() if is_news or status != campaign.status else {}
    _set(tx, campaign, status=status, **({"generated_at": tx.now} if is_news else {}), **stamp)
    moved = _moved(campaign, status)
    if is_news:
        data = {**moved, **counts}
        record(tx, "campaign.generated", campaign.key, run_id=run_id, data=data)
    elif moved:
        record(tx, "campaign.updated", campaign.key, run_id=run_id, data=moved)
    return get_campaign(tx, str(campaign.id))


def mark_exported(
    tx: Tx, campaign: Campaign, message_ids: Collection[uuid.UUID], *, is_whole: bool = True
) -> Campaign:
    """Note that these messages left in a file; call it only when the file really changed.

    The campaign is exported when these were all it had to export (`is_whole`), or none is left.
    """
    count = messages.mark_exported(tx, campaign.key, message_ids)
    is_done = is_whole or not messages.has_fresh(tx, campaign.key, campaign.variants)
    status = "exported" if is_done else campaign.status
    _set(
        tx,
        campaign,
        status=status,
        exported_at=tx.now,
        export_count=campaigns.c.export_count + 1,
        **tx.touch(),
    )
    data = {**_moved(campaign, status), "messages": count}
    record(tx, "campaign.exported", campaign.key, data=data)
    return get_campaign(tx, str(campaign.id))


def delete_campaign(tx: Tx, campaign: Campaign, *, with_exported: bool = False) -> int:
    """Delete a campaign with all its messages; return how many those were.

    Raises ConflictError when some have left already, unless `with_exported`: what was said to whom
    is forgotten with them.
    """
    left = messages.count_left(tx, campaign.key)
    if left and not with_exported:
        raise ConflictError(
            f"{left:,} messages of the campaign {campaign.name!r} have left already, and deleting "
            "it forgets to whom: confirm that it may."
        )
    count = messages.delete_all(tx, campaign.key)
    tx.conn.execute(campaigns.delete().where(campaigns.c.id == campaign.key))
    said = {"name": campaign.name, "messages": count, "left": left}
    record(tx, "campaign.deleted", campaign.key, data=said)
    return count


def _moved(campaign: Campaign, status: str) -> dict[str, Any]:
    """Return what an event says of a new status; nothing when it is the old one."""
    return {} if status == campaign.status else change({"status": [campaign.status, status]})


def _status_after(before: str, wrote: bool, is_complete: bool) -> str:
    if wrote:
        return "ready"
    if before in ("ready", "exported"):
        return before
    return "ready" if is_complete else "draft"


def checked_variants(variants: int) -> int:
    """Return how many drafts a lead gets. Raises UsageError when it is none or too many."""
    if not 1 <= variants <= MOST_VARIANTS:
        raise UsageError(f"--variants takes a whole number from 1 to {MOST_VARIANTS}.")
    return variants


def checked_context(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return a campaign's own variables as they are kept: JSON, names in one spelling.

    Raises UsageError for a name that is no variable, that a lead has itself, or that drafting
    fills, and for a value that cannot be kept.
    """
    return {_checked_variable(name): _checked_value(name, value) for name, value in context.items()}


def _checked_variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise UsageError(f"{name!r} is no variable: letters, digits and _, as in event_name.")
    spelt = canonical(name)
    if spelt in LEAD or spelt in MADE:
        whose = "each lead has its own" if spelt in LEAD else "drafting fills it"
        raise UsageError(f"{name} cannot be set for all: {whose}.")
    return spelt


def _checked_value(name: str, value: Any) -> Any:
    try:
        text = dump_json(value)
    except (TypeError, ValueError) as error:
        raise UsageError(f"The value of {name} cannot be kept: {error}.") from error
    kept = load_json(text)
    items = kept if isinstance(kept, list) else [kept]
    for item in items:
        if isinstance(item, list | dict):
            raise UsageError(f"The value of {name} has to be a text, a number or a list of them.")
        if isinstance(item, str):
            checked_text(item, f"The value of {name}")
    return kept


def _set(tx: Tx, campaign: Campaign, **values: Any) -> None:
    changed = campaigns.update().where(campaigns.c.id == campaign.key)
    tx.conn.execute(changed.values(**values))


def _select(tx: Tx) -> sa.Select[Any]:
    columns = {
        **{
            name: campaigns.c[name] for name in Campaign.__dataclass_fields__ if name in campaigns.c
        },
        "key": campaigns.c.id,
        "id": campaigns.c.uuid,
        "group_key": campaigns.c.group_id,
        "group": groups.c.name,
    }
    return (
        sa.select(*(columns[name] for name in Campaign.__dataclass_fields__))
        .outerjoin(groups, groups.c.id == campaigns.c.group_id)
        .where(campaigns.c.workspace_id == tx.workspace_id, campaigns.c.deleted_at.is_(None))
    )
