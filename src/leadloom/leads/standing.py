"""What was found out about whole lists, remembered until something happens.

Every change of a lead or company writes an event in its transaction, and transactions commit one
after the other: while the newest event is the same one, every list is as it was.
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.tables import events

T = TypeVar("T")

QUIET: Final = dt.timedelta(seconds=2)  # a run writes events more often than that
_KEPT: Final = 6  # an order takes eight bytes a row


@dataclass(frozen=True, slots=True)
class State:
    """The newest event of a workspace: its number, and what tells it from one that took its place
    (after a rollback, or in an older copy of the database)."""

    event: int
    occurred_at: dt.datetime
    mark: tuple[str, int | None]

    @classmethod
    def of(cls, tx: Tx) -> "State | None":
        """Return the state that `tx` sees; None where nothing ever happened."""
        query = sa.select(events.c.id, events.c.occurred_at, events.c.type, events.c.entity_id)
        mine = query.where(events.c.workspace_id == tx.workspace_id)
        row = tx.conn.execute(mine.order_by(events.c.id.desc()).limit(1)).first()
        return None if row is None else cls(row[0], row[1], (row[2], row[3]))


@dataclass
class _Memory:
    """What is remembered of one database, the least used first, and who finds it out."""

    known: OrderedDict[Hashable, tuple[State, Any]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    finding: dict[Hashable, threading.Lock] = field(default_factory=dict)

    def recall(self, name: Hashable, state: State) -> Any:
        with self.lock:
            was, value = self.known.get(name, (None, None))
            if was != state:
                return None
            self.known.move_to_end(name)
            return value

    def keep(self, name: Hashable, state: State, value: Any) -> None:
        with self.lock:
            self.known[name] = (state, value)
            self.known.move_to_end(name)
            while len(self.known) > _KEPT:
                self.known.popitem(last=False)

    def turn(self, name: Hashable) -> threading.Lock:
        with self.lock:
            return self.finding.setdefault(name, threading.Lock())


_memories: WeakKeyDictionary[sa.Engine, _Memory] = WeakKeyDictionary()
_lock = threading.Lock()


def quiet_state(tx: Tx) -> State | None:
    """Return the state that `tx` sees; None where nothing ever happened, or all the time does."""
    state = State.of(tx)
    return state if state and tx.now - state.occurred_at > QUIET else None


def recalled(
    tx: Tx, name: Hashable, find: Callable[[], T], *, is_worth_it: bool = True
) -> T | None:
    """Return what `find` returned when the workspace was as `tx` sees it, or returns now.

    It is not called, and the answer is None, unless it `is_worth_it`; nor while things happen
    all the time, when nothing would be remembered for long. `name` says what is found.
    """
    state = State.of(tx)
    if state is None:
        return None
    memory = _memory(tx)
    name = (tx.workspace_id, name)
    value = memory.recall(name, state)
    if value is None and is_worth_it and tx.now - state.occurred_at > QUIET:
        with memory.turn(name):  # many may ask at once, and one finds it for all
            value = memory.recall(name, state)
            if value is None:
                value = find()
                memory.keep(name, state, value)
    return cast(T | None, value)


def _memory(tx: Tx) -> _Memory:
    with _lock:
        return _memories.setdefault(tx.conn.engine, _Memory())
