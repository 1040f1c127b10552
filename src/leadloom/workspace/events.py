"""The verbs on events: what happened, page by page or as it happens."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.errors import ConflictError, UsageError
from leadloom.events import digest, feed
from leadloom.events.event import Event
from leadloom.leads.query import Page, get_lead
from leadloom.resolve.family import members_of
from leadloom.storage.bell import open_bell
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import (
    campaigns,
    companies,
    groups,
    leads,
    messages,
    runs,
    shows,
    sources,
    templates,
    users,
    workspaces,
)
from leadloom.workspace.session import Session
from leadloom.workspace.views import View

# By which table the outside knows what an event is about.
_TABLES = {
    "lead": leads,
    "company": companies,
    "run": runs,
    "source": sources,
    "group": groups,
    "template": templates,
    "campaign": campaigns,
    "message": messages,
    "show": shows,
    "user": users,
    "workspace": workspaces,
}
# What events keep for undoing is nobody else's business.
_INSIDE = frozenset({"changed", "old", "new", "was"})


@dataclass(frozen=True, slots=True)
class FeedEvent(View):
    """Something that happened. `id` grows from event to event: go on after it.

    `entity_id` is None when what it is about is gone, or has no id. `old` and `new` hold the
    statuses that changed.
    """

    id: int
    at: dt.datetime
    type: str
    entity: str
    entity_id: uuid.UUID | None
    run: uuid.UUID | None
    actor: str | None
    changed: list[str]
    old: dict[str, Any]
    new: dict[str, Any]
    data: dict[str, Any]


class Events:
    """What happened in this workspace, in the order of commits.

    `types` are like "lead.created", or "lead.*" for all that happens to leads; `entity` is the
    kind of thing ("company"); `lead` one lead's id or e-mail address, messages to it included.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        after: int | None = None,
        *,
        before: int | None = None,
        types: Sequence[str] = (),
        entity: str | None = None,
        lead: str | uuid.UUID | None = None,
        limit: int = 50,
    ) -> Page[FeedEvent]:
        """Return the events after number `after`, oldest first; without it the last ones.

        `before`: the last ones before that number.
        """
        if limit < 1:
            raise UsageError("--limit takes a whole number from 1 on.")
        with self._session.read() as tx:
            choice = _choice(tx, types, entity, lead)
            if after is None:
                last = feed.page(tx, choice, after=before or 0, limit=limit, newest_first=True)
                return Page(_seen(tx, last[::-1]), None)
            found = feed.page(tx, choice, after=after, limit=limit + 1)
            cursor = str(found[limit - 1].id) if len(found) > limit else None
            return Page(_seen(tx, found[:limit]), cursor)

    def digest(
        self,
        *,
        before: int | None = None,
        types: Sequence[str] = (),
        lead: str | uuid.UUID | None = None,
        limit: int = 60,
    ) -> "tuple[Sequence[tuple[FeedEvent, int]], int | None]":
        """Return what happened as lines, newest first, and the number before which it goes on.

        A line is the last event of its type in a run, with how many there were; events of no run
        are a line each.
        """
        with self._session.read() as tx:
            found = digest.digest(tx, _choice(tx, types, None, lead), before, limit)
            seen = _seen(tx, [event for event, _ in found.lines])
        return [
            (one, count) for one, (_, count) in zip(seen, found.lines, strict=True)
        ], found.older

    def listen(
        self,
        after: int | None = None,
        *,
        types: Sequence[str] = (),
        entity: str | None = None,
        lead: str | uuid.UUID | None = None,
        timeout_s: float | None = None,
    ) -> Iterator[FeedEvent]:
        """Yield events as they are committed, each once, from number `after` (else from now) on.

        For ever, or until none came for `timeout_s`. Raises ConflictError inside a transaction.
        """
        batches = self.batches(after, types=types, entity=entity, lead=lead, timeout_s=timeout_s)
        return (event for batch in batches for event in batch)

    def batches(
        self,
        after: int | None = None,
        *,
        types: Sequence[str] = (),
        entity: str | None = None,
        lead: str | uuid.UUID | None = None,
        timeout_s: float | None = None,
    ) -> Iterator[Sequence[FeedEvent]]:
        """Like `listen`, but in lists; an empty one every second or so while nothing happens."""
        if self._session.is_bound:
            raise ConflictError("A transaction sees no news of others: listen outside of it.")
        with self._session.read() as tx:
            _choice(tx, types, entity, lead)
            start = feed.newest(tx) if after is None else after

        def look(after: int) -> tuple[Sequence[FeedEvent], int]:
            with self._session.read() as tx:
                found, last = feed.look(tx, _choice(tx, types, entity, lead), after)
                return _seen(tx, found), last

        return feed.follow(look, lambda: open_bell(self._session.db), start, timeout_s)


def _choice(
    tx: Tx, types: Sequence[str], entity: str | None, lead: str | uuid.UUID | None
) -> feed.Choice:
    keys = None if lead is None else members_of(tx, get_lead(tx, str(lead)).key)
    return feed.Choice(tuple(types), entity, keys)


def _seen(tx: Tx, found: Sequence[Event]) -> list[FeedEvent]:
    """Return events as the outside sees them: ids instead of inner keys."""
    ids = _ids(tx, [(one.entity, one.entity_id) for one in found])
    run_ids = _ids(tx, [("run", one.run_id) for one in found])
    return [
        _feed_event(one, ids.get((one.entity, one.entity_id)), run_ids.get(("run", one.run_id)))
        for one in found
    ]


def _feed_event(event: Event, id: uuid.UUID | None, run: uuid.UUID | None) -> FeedEvent:
    data = event.data or {}
    return FeedEvent(
        event.id,
        event.occurred_at,
        event.type,
        event.entity,
        id or (uuid.UUID(data["id"]) if "id" in data else None),
        run,
        event.actor,
        list(data.get("changed", ())),
        data.get("old", {}),
        data.get("new", {}),
        {name: value for name, value in data.items() if name not in _INSIDE and name != "id"},
    )


def _ids(
    tx: Tx, wanted: Sequence[tuple[str, int | None]]
) -> dict[tuple[str, int | None], uuid.UUID]:
    keys: defaultdict[str, set[int]] = defaultdict(set)
    for entity, key in wanted:
        if key is not None and entity in _TABLES:
            keys[entity].add(key)
    found: dict[tuple[str, int | None], uuid.UUID] = {}
    for entity, some in keys.items():
        table = _TABLES[entity]
        query = sa.select(table.c.id, table.c.uuid).where(among(tx.conn, table.c.id, some))
        found.update(((entity, row.id), row.uuid) for row in tx.conn.execute(query))
    return found
