"""Messages: what was written to whom, in which campaign, and how far it has come.

A message stays with the lead it was written to. Where leads were woven together, the one that
speaks for them is shown, and of two messages of the same campaign and variant only one: that which
has left already, else that of the lead itself.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.events.event import change, record, record_many
from leadloom.leads.paging import checked_limit, read_cursor
from leadloom.leads.query import Page
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import campaigns, leads, messages, runs

STATES: Final = ("draft", "queued", "sent", "delivered", "opened", "replied")
"""What becomes of a message, in this order; a state may be passed over, never gone back to."""

SENT: Final = STATES[STATES.index("sent") :]
"""The states of a message that has been sent, whatever came after."""

Standing = Literal["waiting", "accepted", "skipped", "sent"]
STANDINGS: Final[tuple[Standing, ...]] = ("waiting", "accepted", "skipped", "sent")
"""Where a message stands with who decides about it; a sent one is decided."""

TYPES: Final = ("initial", "follow_up", "recycled")
"""A first message, one after another, or one to somebody given up before."""

_atom, _root = leads.alias("atom"), leads.alias("root")


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `lead` is who it goes to today, `personalization` says which facts it uses."""

    key: int
    lead_key: int
    id: uuid.UUID
    campaign: str
    lead: uuid.UUID
    lead_name: str | None
    email: str | None
    run: uuid.UUID
    campaign_type: str
    message_type: str | None
    variant: int
    subject: str
    body: str
    personalization: dict[str, Any]
    quality_score: float
    quality_reasons: list[dict[str, Any]]
    status: str
    export_count: int
    exported_at: dt.datetime | None
    queued_at: dt.datetime | None
    sent_at: dt.datetime | None
    delivered_at: dt.datetime | None
    opened_at: dt.datetime | None
    replied_at: dt.datetime | None
    review: str | None
    reviewed_at: dt.datetime | None
    edited_at: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Return the message as JSON-able values, without the inner keys."""
        shape = asdict(self)
        del shape["key"], shape["lead_key"]
        return shape


def list_messages(
    tx: Tx,
    *,
    campaign_key: int | None = None,
    lead_key: int | None = None,
    standing: Standing | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page[Message]:
    """Return a page of messages, of a campaign or to a lead, in the order they were written.

    `standing`: only those that wait for a decision, were accepted or skipped, or have been sent.

    Raises UsageError for a cursor or limit that makes no sense.
    """
    query = _select(tx).where(messages.c.id > read_cursor(after))
    if campaign_key is not None:
        query = query.where(messages.c.campaign_id == campaign_key)
    if lead_key is not None:
        query = query.where(messages.c.lead_id.in_(_woven_with(lead_key)))
    if standing is not None:
        query = query.where(_stands(standing))
    rows = tx.conn.execute(query.order_by(messages.c.id).limit(checked_limit(limit) + 1))
    found = [Message(*row) for row in rows]
    return Page(found[:limit], str(found[limit - 1].key) if len(found) > limit else None)


def get_message(tx: Tx, ref: str) -> Message:
    """Return the message with this id. Raises NotFoundError."""
    try:
        query = _select(tx, with_doubles=True).where(messages.c.uuid == uuid.UUID(ref))
    except ValueError:
        query = None
    row = tx.conn.execute(query).first() if query is not None else None
    if row is None:
        raise NotFoundError(f"There is no message {ref!r}: give the id that the list shows.")
    return Message(*row)


def get_messages(tx: Tx, keys: Collection[int]) -> list[Message]:
    """Return messages by their inner keys, in the order of the keys."""
    found: dict[int, Message] = {}
    for some in chunks(list(keys)):
        query = _select(tx, with_doubles=True).where(messages.c.id.in_(some))
        found.update((row.id, Message(*row)) for row in tx.conn.execute(query))
    return [found[key] for key in keys if key in found]


def mark(tx: Tx, ref: str, state: str, at: dt.datetime | None = None) -> Message:
    """Say that a message has reached a state, at a time (UTC, now by default).

    Raises UsageError for an unknown state, NotFoundError, and ConflictError when the message has
    come further already.
    """
    if state not in STATES:
        raise UsageError(f"There is no state {state!r}: choose from {', '.join(STATES)}.")
    message = get_message(tx, ref)
    if state == message.status:
        return message
    if STATES.index(state) < STATES.index(message.status):
        raise ConflictError(
            f"The message to {message.email} is {message.status}: it cannot be {state} again."
        )
    tx.conn.execute(
        messages.update()
        .where(messages.c.id == message.key)
        .values(status=state, **{f"{state}_at": at or tx.now}, **tx.touch())
    )
    moved = change({"status": [message.status, state]})
    record(tx, f"message.{state}", message.key, data={**moved, "campaign": message.campaign})
    return get_message(tx, ref)


def mark_exported(tx: Tx, campaign_key: int, ids: Collection[uuid.UUID]) -> int:
    """Count that messages of a campaign left in a file now; return how many."""
    count = 0
    for some in chunks(list(ids)):
        theirs = sa.and_(messages.c.campaign_id == campaign_key, messages.c.uuid.in_(some))
        keys = tx.conn.scalars(sa.select(messages.c.id).where(theirs)).all()
        left = {"exported_at": tx.now, "export_count": messages.c.export_count + 1}
        tx.conn.execute(messages.update().where(theirs).values(**left, **tx.touch()))
        record_many(tx, [("message.exported", key, None) for key in keys])
        count += len(keys)
    return count


def has_fresh(tx: Tx, campaign_key: int, variants: int) -> bool:
    """Whether a campaign has drafts, among the first `variants` of each lead, that never left."""
    query = shown(tx, [messages.c.id]).where(
        messages.c.campaign_id == campaign_key,
        messages.c.status == "draft",
        messages.c.export_count == 0,
        messages.c.variant <= variants,
        messages.c.review.is_distinct_from("skipped"),
    )
    return tx.conn.execute(query.limit(1)).first() is not None


def count_left(tx: Tx, campaign_key: int) -> int:
    """Return how many messages of a campaign have left: in a file, or on their way."""
    query = sa.select(sa.func.count()).where(
        messages.c.campaign_id == campaign_key,
        sa.or_(messages.c.status != "draft", messages.c.export_count > 0),
    )
    return tx.conn.scalar(query) or 0


def delete_all(tx: Tx, campaign_key: int) -> int:
    """Delete every message of a campaign; return how many there were."""
    return tx.conn.execute(messages.delete().where(messages.c.campaign_id == campaign_key)).rowcount


def count_by_status(tx: Tx, campaign_key: int) -> dict[str, int]:
    """Return how many messages of a campaign are in each state, all states named."""
    statuses = shown(tx, [messages.c.status]).where(messages.c.campaign_id == campaign_key)
    per_status = statuses.subquery()
    query = sa.select(per_status.c.status, sa.func.count()).group_by(per_status.c.status)
    counted = {row[0]: row[1] for row in tx.conn.execute(query)}
    return {state: counted.get(state, 0) for state in STATES}


def count_by_standing(tx: Tx, campaign_key: int | None = None) -> dict[Standing, int]:
    """Return how many messages stand where, of a campaign or of all."""
    names = (*STANDINGS,)
    query = shown(tx, [sa.case(*((_stands(one), one) for one in names)).label("standing")])
    if campaign_key is not None:
        query = query.where(messages.c.campaign_id == campaign_key)
    each = query.subquery()
    counted = sa.select(each.c.standing, sa.func.count()).group_by(each.c.standing)
    found = {row[0]: row[1] for row in tx.conn.execute(counted)}
    return {one: found.get(one, 0) for one in names}


def _stands(standing: Standing) -> sa.ColumnElement[bool]:
    if standing == "sent":
        return messages.c.status != "draft"
    review = None if standing == "waiting" else standing
    return sa.and_(messages.c.status == "draft", messages.c.review.is_not_distinct_from(review))


def drafts_in_order(
    tx: Tx, campaign_key: int, variants: int, *, only_accepted: bool = False
) -> list[int]:
    """Return the inner keys of a campaign's drafts, lead by lead, the first `variants` of each.

    Left out are those that somebody skipped; with `only_accepted` all that nobody accepted.
    """
    skipped = messages.c.review.is_not_distinct_from("skipped")
    query = (
        shown(tx, [messages.c.id])
        .where(
            messages.c.campaign_id == campaign_key,
            messages.c.status == "draft",
            messages.c.variant <= variants,
            messages.c.review == "accepted" if only_accepted else sa.not_(skipped),
        )
        .order_by(_root.c.id, messages.c.variant)
    )
    return list(tx.conn.scalars(query))


def shown(tx: Tx, columns: Sequence[Any]) -> sa.Select[Any]:
    """The query for messages, one a person, campaign and variant; `root_key` is the person's."""
    query = _joined(sa.select(*columns, _root.c.id.label("root_key")))
    return query.where(_is_here(tx), _is_shown())


def _precedence(of: Any, lead_id: Any) -> sa.Tuple:
    """What decides between two messages of one campaign and variant: the smaller is shown."""
    is_fresh = sa.and_(of.c.status == "draft", of.c.export_count == 0)
    return sa.tuple_(
        sa.case((is_fresh, 1), else_=0), sa.case((lead_id == _root.c.id, 0), else_=1), of.c.id
    )


def _is_shown() -> sa.ColumnElement[bool]:
    """Whether no message to the same person, in the same campaign and variant, goes before it.

    Asked for the lead that speaks and for those it speaks for apart: each is a look into an index,
    which an OR of both is not.
    """
    other, kin = messages.alias("other"), leads.alias("kin")
    by_root = sa.select(1).where(other.c.lead_id == _root.c.id, _goes_before(other))
    by_kin = (
        sa.select(1)
        .select_from(kin)
        .join(other, other.c.lead_id == kin.c.id)
        .where(kin.c.root_id == _root.c.id, _goes_before(other))
    )
    return sa.and_(~by_root.exists(), ~by_kin.exists())


def _goes_before(other: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        # The sum keeps planners from the index of campaigns: a person has few messages, they many.
        other.c.campaign_id + 0 == messages.c.campaign_id,
        other.c.variant == messages.c.variant,
        _precedence(other, other.c.lead_id) < _precedence(messages, _atom.c.id),
    )


def _is_here(tx: Tx) -> sa.ColumnElement[bool]:
    return messages.c.workspace_id == tx.workspace_id


def _woven_with(lead_key: int) -> sa.Select[tuple[int]]:
    """The query for all leads that one lead speaks for, or is spoken for together with."""
    root = sa.select(sa.func.coalesce(leads.c.root_id, leads.c.id)).where(leads.c.id == lead_key)
    return sa.select(_atom.c.id).where(
        sa.or_(_atom.c.id == root.scalar_subquery(), _atom.c.root_id == root.scalar_subquery())
    )


def _joined(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.select_from(messages)
        .join(_atom, _atom.c.id == messages.c.lead_id)
        .join(_root, _root.c.id == sa.func.coalesce(_atom.c.root_id, _atom.c.id))
    )


def _select(tx: Tx, *, with_doubles: bool = False) -> sa.Select[Any]:
    columns = {
        **{name: messages.c[name] for name in Message.__dataclass_fields__ if name in messages.c},
        "key": messages.c.id,
        "lead_key": _root.c.id.label("root_key"),
        "id": messages.c.uuid.label("uuid"),
        "campaign": campaigns.c.name,
        "lead": _root.c.uuid.label("lead_uuid"),
        "lead_name": _root.c.full_name,
        "email": _root.c.email,
        "run": runs.c.uuid.label("run_uuid"),
    }
    query = (
        _joined(sa.select(*(columns[name] for name in Message.__dataclass_fields__)))
        .join(campaigns, campaigns.c.id == messages.c.campaign_id)
        .join(runs, runs.c.id == messages.c.run_id)
        .where(_is_here(tx))
    )
    return query if with_doubles else query.where(_is_shown())
