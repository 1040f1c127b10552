"""The feed of events: page by page, or as they happen, each once and none left out."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from leadloom.errors import DatabaseError, UsageError
from leadloom.events.event import Event, event_of, event_query
from leadloom.storage.bell import Bell
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import events, messages

T = TypeVar("T")
# After which event -> what came after it, and after which to look again.
Look = Callable[[int], tuple[Sequence[T], int]]

BATCH = 500
# How long a listener goes on trying when the database is not there (a restart, say).
PATIENCE_S = 60.0
_PAUSE_S = 0.5
_TICK_S = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Which events are wanted: of these types ("lead.merged", "lead.*"), of one kind of thing.

    `leads` are inner keys: what happened to them, and to messages to them.
    """

    types: Sequence[str] = ()
    entity: str | None = None
    leads: Sequence[int] | None = None

    def __post_init__(self) -> None:
        for type in self.types:
            noun, dot, verb = type.partition(".")
            if not (noun and dot and verb) or "*" in noun or "*" in verb.removesuffix("*"):
                raise UsageError(
                    f"{type!r} is no type of event: write it like lead.created, or lead.* for all."
                )

    def condition(self, tx: Tx) -> sa.ColumnElement[bool]:
        """Return what holds for the events that are wanted."""
        wanted: list[sa.ColumnElement[bool]] = []
        if self.types:
            wanted.append(sa.or_(*map(_of_type, self.types)))
        if self.entity:
            wanted.append(events.c.entity == self.entity)
        if self.leads is not None:
            mailed = sa.select(messages.c.id).where(among(tx.conn, messages.c.lead_id, self.leads))
            wanted.append(
                sa.or_(
                    sa.and_(
                        events.c.entity == "lead",
                        among(tx.conn, events.c.entity_id, self.leads),
                    ),
                    sa.and_(events.c.entity == "message", events.c.entity_id.in_(mailed)),
                )
            )
        return sa.and_(sa.true(), *wanted)


def _of_type(type: str) -> sa.ColumnElement[bool]:
    noun, _, verb = type.partition(".")
    if verb.endswith("*"):
        begins = events.c.type.startswith(type.removesuffix("*"), autoescape=True)
        return sa.and_(events.c.entity == noun, begins)
    return events.c.type == type


def page(
    tx: Tx, choice: Choice, *, after: int = 0, limit: int = BATCH, newest_first: bool = False
) -> list[Event]:
    """Return the next events after one, oldest first; or before it, newest first (0: the end)."""
    query = event_query(tx).where(choice.condition(tx))
    if newest_first:
        query = query.where(events.c.id < after) if after else query
        query = query.order_by(events.c.id.desc())
    else:
        query = query.where(events.c.id > after).order_by(events.c.id)
    return [event_of(row) for row in tx.conn.execute(query.limit(limit))]


def newest(tx: Tx) -> int:
    """Return the number of the last event there is; 0 when there is none."""
    return int(tx.conn.scalar(sa.select(sa.func.max(events.c.id))) or 0)


def look(tx: Tx, choice: Choice, after: int) -> tuple[list[Event], int]:
    """Return the next events after one, and after which event to look again.

    What is not wanted is passed over for good, so a listener to what is rare reads nothing twice.
    """
    last = newest(tx)
    found = page(tx, choice, after=after)
    return found, found[-1].id if len(found) == BATCH else max(last, after)


def follow(
    look: Look[T], open_bell: Callable[[], Bell], after: int, timeout_s: float | None = None
) -> Iterator[Sequence[T]]:
    """Yield what `look` finds after an event as it is committed, for ever.

    Or until none came for `timeout_s`. Each event comes once, in the order of commits: who writes
    takes turns, so no event with a smaller number appears later. In between an empty list is
    yielded about every second, so that who listens can do something else. Raises DatabaseError
    when the database stays away.
    """
    quiet_since = time.monotonic()
    with contextlib.closing(open_bell()) as bell:
        while True:
            found, after = _patiently(look, after)
            yield found
            if found:
                quiet_since = time.monotonic()
                continue
            left = _TICK_S
            if timeout_s is not None:
                left = min(left, quiet_since + timeout_s - time.monotonic())
            if left <= 0:
                return
            bell.wait(left)


def _patiently(look: Look[T], after: int) -> tuple[Sequence[T], int]:
    """Look; while the database does not answer (a restart, say), try again for a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return look(after)
        except DatabaseError:
            if time.monotonic() > deadline:
                raise
        time.sleep(_PAUSE_S)
