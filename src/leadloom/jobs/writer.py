"""One writer for many: what several have to write at the same time is committed together.

Committing is what costs: whoever comes while one commit is under way goes into the next, so a disk
that manages 200 commits a second takes thousands of results.
"""

import asyncio
import contextlib
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from leadloom.errors import DatabaseError
from leadloom.storage.database import Tx

In = TypeVar("In")
Out = TypeVar("Out")
Handler = Callable[[Tx, Sequence[In]], Sequence[Out]]
OpenTx = Callable[[], contextlib.AbstractContextManager[Tx]]

_MOST = 256
_PORTION = 128  # of those with patience: who is in haste waits for no more of them
_SHORT_S = 0.05
_ENOUGH = 128  # with patience


class Waiter(Protocol):
    """Whoever waits for something to be written."""

    def cancelled(self) -> bool:
        """Whether it waits no more."""


Told = tuple[Any, Any, Exception | None]
"""A waiter, and either the result or what went wrong."""

Tell = Callable[[Sequence[Told]], object]


@dataclass(slots=True)
class _Wish:
    """Something to write, who waits for it, and how they are told; `due`: it waits for others until
    then, for `patience_s`.
    """

    handler: Handler[Any, Any]
    item: Any
    waiter: Waiter
    tell: Tell
    due: float
    patience_s: float


class Writer:
    """Runs handlers in transactions of one thread of its own.

    A handler gets the items of one transaction all at once and returns one result for each, in
    their order. It may be called again with fewer of them: when one spoils a transaction, each is
    tried alone, and only the one that is to blame fails.
    """

    def __init__(self, open_tx: OpenTx) -> None:
        self._open_tx = open_tx
        self._wishes: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
        self._waiting: list[_Wish] = []
        self._due = math.inf  # of those that wait, the first
        self._hasty: list[_Wish] = []
        self._called: set[Handler[Any, Any]] = set()  # those of whom some are in haste
        self._patient: list[_Wish] = []
        self._is_their_turn = False  # of the patient
        self._is_last = False
        self._thread = threading.Thread(target=self._work, name="leadloom-writer", daemon=True)
        self.commits = 0

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Commit what waits, and end."""
        self._wishes.put(None)
        self._thread.join()

    def submit(self, handler: Handler[In, Out], item: In) -> "Future[Out]":
        """Have `item` written with others; the result comes when it is committed."""
        future: Future[Out] = Future()
        self.put(handler, item, future, _settle)
        return future

    async def write(self, handler: Handler[In, Out], item: In, *, patience_s: float = 0.0) -> Out:
        """Have `item` written with others and return its result, committed.

        One with patience waits so long for others like it: many together are written for little
        more than one. It goes with the first of its handler that has none, and all that wait go as
        soon as there are enough.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Out] = loop.create_future()
        self.put(handler, item, future, _Loop(loop), patience_s)
        return await future

    def put(
        self,
        handler: Handler[Any, Any],
        item: Any,
        waiter: Waiter,
        tell: Tell,
        patience_s: float = 0.0,
    ) -> None:
        """Have `item` written with others; `tell` hears of all that were, in the writer's thread.

        Those with an equal `tell` are told of in one call.
        """
        due = time.monotonic() + patience_s if patience_s else 0.0
        self._wishes.put(_Wish(handler, item, waiter, tell, due, patience_s))

    def _work(self) -> None:
        while group := self._next():
            self._commit(group)

    def _next(self) -> list[_Wish]:
        """Wait for something to write; return what goes into the next transaction, [] at the end.

        By turns it is those who are in haste, and a portion of those whose patience is over.
        """
        while True:
            self._hear()
            self._release()
            if self._patient and (self._is_their_turn or not self._hasty):
                self._is_their_turn = False
                return _cut(self._patient, _PORTION)
            if self._hasty:
                self._is_their_turn = True
                return _cut(self._hasty, _MOST)
            if self._is_last:
                return []

    def _hear(self) -> None:
        """Take in all that was put; wait for something where there is nothing to do."""
        pause_s = self._pause_s()
        with contextlib.suppress(queue.Empty):
            while not self._is_last:
                wish = self._wishes.get(timeout=pause_s)
                if wish is None:
                    self._is_last = True
                elif wish.due:
                    self._waiting.append(wish)
                    self._due = min(self._due, wish.due)
                else:
                    self._hasty.append(wish)
                    self._called.add(wish.handler)
                pause_s = 0.0

    def _pause_s(self) -> float | None:
        """Return how long to wait for more; None: until something comes."""
        if self._hasty or self._patient or len(self._waiting) >= _ENOUGH:
            return 0.0
        if self._waiting:
            return max(self._due - time.monotonic(), 0.0)
        return None

    def _release(self) -> None:
        """Let go what has waited long enough, or has company that does not wait; all of it when
        that is enough, or the end.
        """
        called, self._called = self._called, set()
        is_enough = self._is_last or len(self._waiting) >= _ENOUGH
        now = math.inf if is_enough else time.monotonic()
        if self._due > now and not called:
            return
        going = {id(one): one for one in self._waiting if one.due <= now or one.handler in called}
        for wish in going.values():
            is_hasty = wish.patience_s <= _SHORT_S or wish.handler in called
            (self._hasty if is_hasty else self._patient).append(wish)
        self._waiting = [wish for wish in self._waiting if id(wish) not in going]
        self._due = min((wish.due for wish in self._waiting), default=math.inf)

    def _commit(self, group: Sequence[_Wish]) -> None:
        group = [wish for wish in group if not wish.waiter.cancelled()]
        if not group:
            return
        try:
            with self._open_tx() as tx:
                results = _run(tx, group)
        except Exception as error:
            # A database that is gone is gone for each of them.
            if len(group) == 1 or isinstance(error, DatabaseError):
                _tell([(wish, None, error) for wish in group])
                return
            for wish in group:
                self._commit([wish])
            return
        self.commits += 1
        _tell([(wish, results[id(wish)], None) for wish in group])


def _cut(wishes: list[_Wish], most: int) -> list[_Wish]:
    """Take the first out of a list."""
    group = wishes[:most]
    del wishes[:most]
    return group


def _run(tx: Tx, group: Sequence[_Wish]) -> dict[int, Any]:
    """Run each handler with its items; return the results by wish."""
    by_handler: dict[Any, list[_Wish]] = {}
    for wish in group:
        by_handler.setdefault(wish.handler, []).append(wish)
    results: dict[int, Any] = {}
    for handler, wishes in by_handler.items():
        found = handler(tx, [wish.item for wish in wishes])
        results.update((id(w), r) for w, r in zip(wishes, found, strict=True))
    return results


def _tell(told: Sequence[tuple[_Wish, Any, Exception | None]]) -> None:
    """Tell whoever waits, those of a loop or process all at once: waking it up takes longest."""
    by_way: dict[Tell, list[Told]] = {}
    for wish, result, error in told:
        by_way.setdefault(wish.tell, []).append((wish.waiter, result, error))
    for tell, mine in by_way.items():
        tell(mine)


@dataclass(frozen=True, slots=True)
class _Loop:
    """Tells those who wait in a loop; one that is closed waits for nothing."""

    loop: asyncio.AbstractEventLoop

    def __call__(self, told: Sequence[Told]) -> None:
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(_settle, told)


def _settle(told: Sequence[Told]) -> None:
    """Give each what came of it; one who has gone (a cancelled task) is passed over."""
    for future, result, error in told:
        with contextlib.suppress(InvalidStateError, asyncio.InvalidStateError):
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)
