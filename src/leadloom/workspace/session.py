"""How verbs reach the database: each in a transaction of its own, or all in one."""

import contextlib
import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from leadloom.storage import schema
from leadloom.storage.database import Database, Tx


class Session:
    """An open database, and the transaction everything happens in when there is one."""

    def __init__(
        self, db: Database, bound: Tx | None = None, *, is_rehearsal: bool = False
    ) -> None:
        self.db = db
        self.is_rehearsal = is_rehearsal
        self._bound = bound

    @contextlib.contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads."""
        if self._bound:
            yield self._bound
            return
        with self.db.read() as conn:
            yield self._tx(conn)

    @contextlib.contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that changes something; all of it or nothing stays."""
        if self._bound:
            yield self._bound
            return
        with self.db.write() as conn:
            yield self._tx(conn)

    @contextlib.contextmanager
    def together(self) -> Iterator["Session"]:
        """A session all of whose verbs share one transaction."""
        with self.write() as tx:
            yield Session(self.db, tx)

    @contextlib.contextmanager
    def rehearsal(self) -> Iterator["Session"]:
        """A session whose changes are seen by itself and leave nothing."""
        with self.db.rehearse() as conn:
            yield Session(self.db, self._tx(conn), is_rehearsal=True)

    def now(self) -> dt.datetime:
        """The time, in UTC."""
        return self.db.now()

    def _tx(self, conn: sa.Connection) -> Tx:
        return Tx(conn, self.db.now(), schema.DEFAULT_WORKSPACE, schema.DEFAULT_USER)
