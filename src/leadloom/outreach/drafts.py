"""Drafts in the database: written, written anew when the facts change, and taken back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.events.event import Happening, record_many
from leadloom.ids import new_uuid
from leadloom.leads.match_key import hash_of
from leadloom.outreach.messages import shown
from leadloom.outreach.performance import discount_use, forget_run
from leadloom.outreach.render import Draft
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks, reserve_ids
from leadloom.storage.tables import events, lead_keys, leads, messages, runs

_WRITTEN: Final = (
    "run_id",
    "message_type",
    "subject",
    "body",
    "personalization",
    "fingerprint",
    "quality_score",
    "quality_reasons",
)
"""What writing a draft anew replaces, and taking that back restores."""


_DECIDED: Final = ("review", "edited_at")
"""What is set once somebody has decided about a draft: it stays as it is then."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message that is there already; a fresh one may still be written anew."""

    key: int
    fingerprint: str
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft for a lead that has none of this variant (from 1) yet."""

    lead_key: int
    variant: int
    draft: Draft


def find_standing(
    tx: Tx, campaign_key: int, roots: Sequence[int]
) -> dict[tuple[int, int], Standing]:
    """Return the messages of a campaign to these leads, by lead and variant."""
    found: dict[tuple[int, int], Standing] = {}
    for some in chunks(roots):
        woven = sa.select(leads.c.id).where(sa.or_(leads.c.id.in_(some), leads.c.root_id.in_(some)))
        columns = [
            messages.c[n]
            for n in ("id", "fingerprint", "variant", "status", "export_count", *_DECIDED)
        ]
        query = shown(tx, columns).where(
            messages.c.campaign_id == campaign_key, messages.c.lead_id.in_(woven)
        )
        for row in tx.conn.execute(query):
            is_decided = row.review is not None or row.edited_at is not None
            is_fresh = row.status == "draft" and row.export_count == 0 and not is_decided
            found[row.root_key, row.variant] = Standing(row.id, row.fingerprint, is_fresh)
    return found


def find_mailboxes(tx: Tx, campaign_key: int, addresses: Collection[str]) -> dict[str, int]:
    """Return to whom of these addresses a campaign has a message already: address -> lead."""
    part, root = leads.alias("part"), leads.alias("root")
    found: dict[str, int] = {}
    for some in chunks(sorted({hash_of("email", address) for address in addresses})):
        query = (
            sa.select(root.c.email, sa.func.min(root.c.id))
            .join_from(lead_keys, part, part.c.id == lead_keys.c.lead_id)
            .join(root, root.c.id == sa.func.coalesce(part.c.root_id, part.c.id))
            .where(
                lead_keys.c.workspace_id == tx.workspace_id,
                among(tx.conn, lead_keys.c.hash, some),
                root.c.deleted_at.is_(None),
                _is_written_to(root, campaign_key),
            )
            .group_by(root.c.email)
        )
        found.update((row[0], row[1]) for row in tx.conn.execute(query))
    return found


def _is_written_to(root: sa.FromClause, campaign_key: int) -> sa.ColumnElement[bool]:
    """Whether a campaign has a message to a lead, or to one it speaks for."""
    kin = leads.alias("kin")
    mine = sa.exists().where(messages.c.campaign_id == campaign_key)
    theirs = mine.where(messages.c.lead_id == kin.c.id, kin.c.root_id == root.c.id)
    return sa.or_(mine.where(messages.c.lead_id == root.c.id), theirs)


def write_new(
    tx: Tx, campaign_key: int, run_id: int, campaign_type: str, new: Sequence[NewDraft]
) -> None:
    """Write drafts that were not there before."""
    ids = reserve_ids(tx.conn, messages, len(new))
    rows = [
        {
            "id": key,
            "uuid": new_uuid(),
            "workspace_id": tx.workspace_id,
            "campaign_id": campaign_key,
            "lead_id": one.lead_key,
            "campaign_type": campaign_type,
            "variant": one.variant,
            "status": "draft",
            "export_count": 0,
            **_written(one.draft, run_id),
            **tx.stamp(),
        }
        for key, one in zip(ids, new, strict=True)
    ]
    if rows:
        tx.conn.execute(messages.insert(), rows)
    record_many(tx, [("message.drafted", row["id"], None) for row in rows], run_id=run_id)


def write_anew(tx: Tx, run_id: int, changed: Mapping[int, Draft]) -> None:
    """Replace fresh drafts, by their inner keys; what they said before goes with the event."""
    happened: list[Happening] = []
    for some in chunks(list(changed)):
        query = sa.select(messages.c.id, *(messages.c[name] for name in _WRITTEN))
        for row in tx.conn.execute(query.where(messages.c.id.in_(some))):
            was = {name: getattr(row, name) for name in _WRITTEN}
            now = _written(changed[row.id], run_id)
            names = [name for name in _WRITTEN if name != "run_id" and was[name] != now[name]]
            happened.append(("message.redrafted", row.id, {"changed": names, "was": was}))
    for key, draft in changed.items():
        _put(tx, key, _written(draft, run_id))
    record_many(tx, happened, run_id=run_id)


def undo_drafts(tx: Tx, run_id: int) -> int:
    """Take back what a run drafted, unless it has left or somebody decided; return how many.

    A draft that the run wrote anew says again what it said before.
    """
    query = sa.select(messages.c.id, messages.c.message_type, messages.c.personalization).where(
        messages.c.workspace_id == tx.workspace_id,
        messages.c.run_id == run_id,
        messages.c.status == "draft",
        messages.c.export_count == 0,
        *(messages.c[name].is_(None) for name in _DECIDED),
    )
    rows = tx.conn.execute(query).all()
    used = [(row.message_type, row.personalization["template"]["parts"]) for row in rows]
    discount_use(tx, run_id, used)
    happened: list[Happening] = []
    for some in chunks([row.id for row in rows]):
        before = _before(tx, run_id, some)
        for key, was in before.items():
            _put(tx, key, was)
            happened.append(("message.restored", key, None))
        gone = [key for key in some if key not in before]
        tx.conn.execute(messages.delete().where(messages.c.id.in_(gone)))
        happened += [("message.withdrawn", key, None) for key in gone]
    record_many(tx, happened, run_id=run_id)
    forget_run(tx, run_id)
    return len(rows)


def _before(tx: Tx, run_id: int, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return what messages said before a run, and before the undone runs it built upon."""
    query = (
        sa.select(events.c.entity_id, events.c.run_id, events.c.data)
        .where(
            events.c.entity == "message",
            events.c.entity_id.in_(keys),
            events.c.type == "message.redrafted",
        )
        .order_by(events.c.id.desc())
    )
    history: defaultdict[int, list[Any]] = defaultdict(list)
    for row in tx.conn.execute(query):
        history[row.entity_id].append(row)
    undone = sa.select(runs.c.id).where(
        runs.c.workspace_id == tx.workspace_id, runs.c.undone_at.is_not(None)
    )
    gone = {run_id, *tx.conn.scalars(undone)} if history else set()
    found: dict[int, dict[str, Any]] = {}
    for key, changes in history.items():
        if (was := _last_standing(changes, run_id, gone)) is not None:
            found[key] = was
    return found


def _last_standing(changes: Sequence[Any], run_id: int, gone: set[int]) -> dict[str, Any] | None:
    """Go back through the changes of one draft, newest first, to a run that stands."""
    for change in changes:
        if change.run_id == run_id:
            was: dict[str, Any] = change.data["was"]
            run_id = was["run_id"]
            if run_id not in gone:
                return was
    return None


def _written(draft: Draft, run_id: int) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "message_type": draft.message_type,
        "subject": draft.subject,
        "body": draft.body,
        "personalization": draft.personalization,
        "fingerprint": draft.fingerprint,
        "quality_score": float(draft.quality),
        "quality_reasons": [asdict(reason) for reason in draft.quality_reasons],
    }


def _put(tx: Tx, key: int, values: Mapping[str, Any]) -> None:
    tx.conn.execute(messages.update().where(messages.c.id == key).values(**values, **tx.touch()))
