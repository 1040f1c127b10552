"""What can be done: handlers by the name of the jobs they do."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leadloom.errors import NotFoundError
from leadloom.storage import walls
from leadloom.storage.database import Database, Tx

if TYPE_CHECKING:
    from leadloom.jobs.jobs import Jobs


@dataclass(slots=True)
class Work:
    """Where a job is done: the database, who does it, and what jobs of a process share.

    `shared` holds what is made once a process; what has a `close` is closed at the end.
    """

    db: Database
    executor: str
    shared: dict[str, Any] = field(default_factory=dict)

    @contextlib.contextmanager
    def read(self, workspace_id: int, user_id: int) -> Iterator[Tx]:
        """A transaction that reads what is committed, in a workspace."""
        with self.db.read() as conn:
            walls.enter(conn, workspace_id)
            yield Tx(conn, self.db.now(), workspace_id, user_id)

    @contextlib.contextmanager
    def write(self, workspace_id: int, user_id: int) -> Iterator[Tx]:
        """A transaction that changes something in a workspace."""
        with self.db.write() as conn:
            walls.enter(conn, workspace_id)
            yield Tx(conn, self.db.now(), workspace_id, user_id)

    def close(self) -> None:
        """Close what was shared."""
        for one in self.shared.values():
            if hasattr(one, "close"):
                one.close()
        self.shared.clear()


Handler = Callable[[Work, Mapping[str, Any]], Awaitable[Any]]

_handlers: dict[str, Handler] = {}


def handles(name: str) -> Callable[[Handler], Handler]:
    """Let a function do the jobs of this name. It may be called again after it was cut short."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


Tender = Callable[[Database, "Jobs"], object]

tenders: list[Tender] = []
"""What workers look after, again and again."""


def tends(tender: Tender) -> Tender:
    """Let workers call a function every few seconds: it sends what has to be done."""
    tenders.append(tender)
    return tender


def get_handler(name: str) -> Handler:
    """Return who does the jobs of this name. Raises NotFoundError."""
    if name not in _handlers:
        known = ", ".join(sorted(_handlers)) or "none at all"
        raise NotFoundError(f"Nobody here does jobs called {name!r}: there are {known}.")
    return _handlers[name]
