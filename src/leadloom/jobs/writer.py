"""One writer for many: what several have to write at the same time is committed together.

Committing is what costs: whoever comes while one commit is under way goes into the next, so a disk
that manages 200 commits a second takes thousands of results.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from leadloom.errors import DatabaseError
from leadloom.storage.database import Tx

In = TypeVar("In")
Out = TypeVar("Out")
Handler = Callable[[Tx, Sequence[In]], Sequence[Out]]
OpenTx = Callable[[], contextlib.AbstractContextManager[Tx]]

_MOST = 256


@dataclass(slots=True)
class _Wish:
    handler: Handler[Any, Any]
    item: Any
    future: "Future[Any]"


class Writer:
    """Runs handlers in transactions of one thread of its own.

    A handler gets the items of one transaction all at once and returns one result for each, in
    their order. It may be called again with fewer of them: when one spoils a transaction, each is
    tried alone, and only the one that is to blame fails.
    """

    def __init__(self, open_tx: OpenTx) -> None:
        self._open_tx = open_tx
        self._wishes: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
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
        self._wishes.put(_Wish(handler, item, future))
        return future

    async def write(self, handler: Handler[In, Out], item: In) -> Out:
        """Have `item` written with others and return its result, committed."""
        return await asyncio.wrap_future(self.submit(handler, item))

    def _work(self) -> None:
        while (first := self._wishes.get()) is not None:
            group, is_last = self._joined(first)
            self._commit(group)
            if is_last:
                return

    def _joined(self, first: _Wish) -> tuple[list[_Wish], bool]:
        group = [first]
        while len(group) < _MOST:
            try:
                wish = self._wishes.get_nowait()
            except queue.Empty:
                break
            if wish is None:
                return group, True
            group.append(wish)
        return group, False

    def _commit(self, group: Sequence[_Wish]) -> None:
        group = [wish for wish in group if not wish.future.cancelled()]
        if not group:
            return
        try:
            with self._open_tx() as tx:
                results = _run(tx, group)
        except Exception as error:
            # A database that is gone is gone for each of them.
            if len(group) == 1 or isinstance(error, DatabaseError):
                for wish in group:
                    _settle(wish, error=error)
                return
            for wish in group:
                self._commit([wish])
            return
        self.commits += 1
        for wish in group:
            _settle(wish, result=results[id(wish)])


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


def _settle(wish: _Wish, *, result: Any = None, error: Exception | None = None) -> None:
    """Tell whoever waits; one who has gone (a cancelled task) is not told."""
    if not wish.future.set_running_or_notify_cancel():
        return
    if error is not None:
        wish.future.set_exception(error)
    else:
        wish.future.set_result(result)
