"""How verbs reach the database: each in a transaction of its own, or all in one."""

import contextlib
import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from leadloom.accounts.acting import FIRST, Acting
from leadloom.search.find import Search
from leadloom.search.indexes import Indexes
from leadloom.storage import walls
from leadloom.storage.database import Database, Tx


class Session:
    """An open database, and the transaction everything happens in when there is one."""

    def __init__(
        self,
        db: Database,
        bound: Tx | None = None,
        *,
        acting: Acting = FIRST,
        is_rehearsal: bool = False,
        indexes: Indexes | None = None,
    ) -> None:
        self.db = db
        self.acting = acting
        self.is_rehearsal = is_rehearsal
        self.indexes = indexes or Indexes(db)
        self._bound = bound

    @property
    def is_bound(self) -> bool:
        """Whether all verbs share one transaction."""
        return self._bound is not None

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
        """A transaction that changes something; all of it or nothing stays.

        Raises AccessError for a viewer, who may rehearse but not do.
        """
        if not self.is_rehearsal:
            self.acting.must_be("member")
        with self.upkeep() as tx:
            yield tx

    @contextlib.contextmanager
    def manage(self) -> Iterator[Tx]:
        """A transaction that changes what only owners may. Raises AccessError for others."""
        self.acting.must_be("owner")
        with self.upkeep() as tx:
            yield tx

    @contextlib.contextmanager
    def upkeep(self) -> Iterator[Tx]:
        """A transaction that writes what the product itself keeps, whoever asked for it."""
        if self._bound:
            yield self._bound
            return
        with self.db.write() as conn:
            yield self._tx(conn)

    @contextlib.contextmanager
    def together(self) -> Iterator["Session"]:
        """A session all of whose verbs share one transaction."""
        with self.write() as tx:
            yield Session(self.db, tx, acting=self.acting, indexes=self.indexes)

    @contextlib.contextmanager
    def rehearsal(self) -> Iterator["Session"]:
        """A session whose changes are seen by itself and leave nothing."""
        with self.db.rehearse() as conn:
            yield Session(
                self.db,
                self._tx(conn),
                acting=self.acting,
                is_rehearsal=True,
                indexes=self.indexes,
            )

    @property
    def search(self) -> Search:
        """What finds leads and companies by a text, own changes included."""
        return Search(self.indexes, self.apart, is_own=self.is_bound)

    @contextlib.contextmanager
    def apart(self) -> Iterator[Tx]:
        """A transaction that reads what is committed, and nothing else."""
        with self.db.read() as conn:
            yield self._tx(conn)

    def now(self) -> dt.datetime:
        """The time, in UTC."""
        return self.db.now()

    def _tx(self, conn: sa.Connection) -> Tx:
        walls.enter(conn, self.acting.workspace_id)
        return Tx(conn, self.db.now(), self.acting.workspace_id, self.acting.user_id)
