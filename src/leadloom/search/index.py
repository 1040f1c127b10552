"""The index of one workspace's leads or companies, kept up with the database.

Every change of a lead writes an event in its transaction, and transactions commit one after the
other, so the events are the list of what to take in. The index remembers the last one. Before an
answer it takes in what happened since; what it may not write (another process is writing, or the
change is not committed yet) it lays over the index in memory.
"""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from leadloom.errors import ConflictError
from leadloom.search import engine
from leadloom.search.documents import Subject
from leadloom.search.engine import BusyError, DamagedError, Engine, Writer
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import events
from leadloom.storage.types import dump_json, load_json

T = TypeVar("T")
# Is told what is done and how many leads or companies were taken in so far.
Progress = Callable[[str, int], None]
Reading = Callable[[], AbstractContextManager[Tx]]
# A searcher, and the ids to pass over in it.
Source = tuple[Any, frozenset[int]]

# Changed rows, and events of any kind, that are laid over the index before it takes them in.
_FEW_ROWS, _FEW_EVENTS = 200, 5_000
# Changed rows laid over the index while another process writes to it; for more, it is waited for.
_MANY_ROWS = 20_000
# Rows read at once, and rows after which what was done so far is kept.
_BATCH, _KEPT = 2_000, 100_000
# Rows from which on it takes so long that somebody wants to see it.
_LONG = 10_000
_WAIT_S = 0.2
# How long an index is waited for that somebody writes to, before it is deleted all the same.
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class State:
    """How far an index is: the last event taken in, and what it was.

    `built`: the last id taken in while an index is made anew, else None.
    """

    event: int
    mark: str | None
    built: int | None = None

    def text(self) -> str:
        """Return the state as text."""
        return dump_json([engine.VERSION, self.event, self.mark, self.built])

    @classmethod
    def read(cls, text: str | None) -> "State | None":
        """Return the state of a text; None when it is of another version."""
        try:
            version, event, mark, built = load_json(text or "[]")
        except ValueError:
            return None
        return cls(event, mark, built) if version == engine.VERSION else None


class SearchIndex:
    """What can be searched, in a folder or, where there can be none, in memory."""

    def __init__(self, subject: Subject, folder: Path | None, progress: Progress) -> None:
        self._subject = subject
        self._folder = folder
        self._progress = progress
        self._engine: Engine | None = None
        self._overlay: _Overlay | None = None
        self._lock = threading.RLock()

    def sources(self, tx: Tx, reading: Reading, *, is_own: bool) -> list[Source]:
        """Return what to search: the index, and what changed since it was written.

        `reading` opens a transaction that sees what is committed; `is_own`: `tx` has changes of
        its own, which may never come to be.
        """
        with self._lock:
            self.catch_up(reading)
            searcher = self._opened().snapshot()
            state = State.read(engine.about(searcher)) or State(0, None)
            overlay = self._overlay_of(tx, state, is_own)
        over: Source = (overlay.searcher, frozenset())
        return [(searcher, overlay.ids), over] if overlay.ids else [(searcher, overlay.ids)]

    def catch_up(self, reading: Reading) -> None:
        """Take in what happened since, if it is much or nothing was there; wait for nobody."""
        with self._lock:
            self._mending(lambda: self._catch_up(reading))

    def rebuild(self, reading: Reading) -> None:
        """Make the index anew from what the database holds. Raises ConflictError."""
        try:
            with self._lock, reading() as tx:
                self._mending(lambda: self._build(tx, is_fresh=True))
        except BusyError as error:
            raise ConflictError(
                "Another program is writing to the search index: try again when it is done."
            ) from error

    def tend(self, reading: Reading) -> str | None:
        """Read the files through and take in all changes; say what that came to.

        None where there is no index: the first search makes it.
        """
        if self._folder is None or not (self._folder / "meta.json").exists():
            return None
        with self._lock:
            broken = engine.damage(self._folder)
            if broken:
                self.throw_away()
            before = self._mending(self._state)
            self._mending(lambda: self._catch_up(reading, few_rows=0, few_events=0))
            after = self._mending(self._state)
        if broken:
            return f"{broken} was damaged: made anew"
        return "up to date already" if after == before else "brought up to date"

    def throw_away(self) -> None:
        """Delete the files, with every word in them; the next search makes the index anew.

        Who is just writing is waited for, or would bring back what it has read.
        """
        with self._lock:
            deadline = time.monotonic() + _PATIENCE_S
            while self._folder is not None and self._folder.exists():
                try:
                    with contextlib.suppress(DamagedError), Engine(self._folder).writing():
                        self._start_over()
                    break
                except BusyError:
                    if time.monotonic() > deadline:
                        break
                time.sleep(_WAIT_S)
            self._start_over()

    def _mending(self, work: Callable[[], T]) -> T:
        """Do something with the index; if it turns out to be damaged, once more with a new one."""
        try:
            return work()
        except DamagedError:
            self._start_over()
            try:
                return work()
            except DamagedError:  # no room, no right to write: memory will do for this process
                self._engine = self._overlay = self._folder = None
                return work()

    def _start_over(self) -> None:
        self._engine = self._overlay = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _opened(self) -> Engine:
        if self._engine is None:
            if self._folder is not None:
                try:
                    self._folder.mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    raise DamagedError(str(error)) from error
            self._engine = Engine(self._folder)
        return self._engine

    def _state(self) -> State | None:
        return State.read(engine.about(self._opened().snapshot()))

    def _catch_up(
        self, reading: Reading, few_rows: int | None = None, few_events: int | None = None
    ) -> None:
        few_rows = _FEW_ROWS if few_rows is None else few_rows
        few_events = _FEW_EVENTS if few_events is None else few_events
        while True:
            # First the index, then the database: so the index never seems to know the future.
            state = self._state()
            with reading() as tx:
                state = state if state and _is_ours(tx, state) else None
                is_whole = state is not None and state.built is None
                if is_whole and state and not self._is_much(tx, state, few_rows, few_events):
                    return
                try:
                    self._take_in(tx, state)
                    return
                except BusyError:
                    if is_whole and state and not self._is_much(tx, state, _MANY_ROWS):
                        return
            self._progress("Waiting for another program that makes the search index", 0)
            time.sleep(_WAIT_S)

    def _is_much(self, tx: Tx, state: State, rows: int, most_events: int | None = None) -> bool:
        newest = _newest_event(tx)
        if newest == state.event:
            return False
        if most_events is not None and newest - state.event > most_events:
            return True
        return len(_changed(tx, self._subject, state.event, rows + 1)) > rows

    def _take_in(self, tx: Tx, state: State | None) -> None:
        if state is None or state.built is not None:
            self._build(tx, is_fresh=state is None)
            return
        with self._opened().writing() as writer:
            now = _state_of(tx)
            for done in self._put(tx, writer, sorted(_changed(tx, self._subject, state.event))):
                self._tell("Bringing the search index up to date", done)
            writer.commit(now.text())

    def _tell(self, step: str, done: int) -> None:
        if done >= _LONG:
            self._progress(step, done)

    def _put(self, tx: Tx, writer: Writer, ids: list[int]) -> Iterator[int]:
        """Put rows in as they are now, those that are gone out; yield how many were seen."""
        done = 0
        for some in chunks(ids, _BATCH):
            writer.remove(some)
            for key, document in _documents(tx, self._subject, some):
                writer.add(key, document)
            done += len(some)
            yield done

    def _build(self, tx: Tx, *, is_fresh: bool) -> None:
        """Put everything in, or go on with it where somebody was stopped in the middle."""
        with self._opened().writing(is_much=True) as writer:
            # Asked again, now that nobody else can write.
            state = None if is_fresh else self._state()
            if state is None or state.built is None:
                writer.clear()
                state = replace(_state_of(tx), built=0)
            done = kept = 0
            for last, batch in _all_documents(tx, self._subject, state.built or 0):
                for key, document in batch:
                    writer.add(key, document)
                done += len(batch)
                self._tell("Making the search index", done)
                if done - kept >= _KEPT:
                    writer.commit(replace(state, built=last).text())
                    kept = done
            writer.commit(replace(state, built=None).text())

    def _overlay_of(self, tx: Tx, state: State, is_own: bool) -> "_View":
        """Return what changed since `state`, as documents in memory."""
        if is_own:
            return _Overlay(self._subject, state).take_in(tx)
        if self._overlay is None or self._overlay.since != state:
            self._overlay = _Overlay(self._subject, state)
        return self._overlay.take_in(tx)


class _View(NamedTuple):
    """An overlay as it is at one moment."""

    ids: frozenset[int]
    searcher: Any


class _Overlay:
    """Rows changed since the index was written, in a small index of their own."""

    def __init__(self, subject: Subject, since: State) -> None:
        self.since = since
        self._ids: frozenset[int] = frozenset()
        self._searcher: Any = None
        self._subject = subject
        self._seen = since.event
        self._engine: Engine | None = None

    def take_in(self, tx: Tx) -> _View:
        """Take in what happened since the last time; return all there is now."""
        newest = _newest_event(tx)
        if newest == self._seen:
            return _View(self._ids, self._searcher)
        changed = _changed(tx, self._subject, self._seen)
        if changed:
            self._engine = self._engine or Engine()
            with self._engine.writing() as writer:
                writer.remove(changed)
                for some in chunks(sorted(changed), _BATCH):
                    for key, document in _documents(tx, self._subject, some):
                        writer.add(key, document)
                writer.commit("")
            self._searcher = self._engine.snapshot()
            self._ids |= changed
        self._seen = newest
        return _View(self._ids, self._searcher)


def _events(tx: Tx) -> sa.ColumnElement[bool]:
    return events.c.workspace_id == tx.workspace_id


def _newest_event(tx: Tx) -> int:
    query = sa.select(events.c.id).where(_events(tx)).order_by(events.c.id.desc()).limit(1)
    return tx.conn.scalar(query) or 0


def _state_of(tx: Tx) -> State:
    """Return the state of an index that has taken in everything up to now."""
    newest = _newest_event(tx)
    return State(newest, _mark_of(tx, newest))


def _mark_of(tx: Tx, event: int) -> str | None:
    """Return what tells an event from any other of the same number, in this database or another."""
    query = sa.select(events.c.occurred_at, events.c.type, events.c.entity_id)
    row = tx.conn.execute(query.where(_events(tx), events.c.id == event)).first()
    return None if row is None else f"{row.occurred_at.isoformat()} {row.type} {row.entity_id}"


def _is_ours(tx: Tx, state: State) -> bool:
    """Whether an index was made of this database, and not of another or an older copy of it."""
    if state.event == 0:
        return True
    return state.mark is not None and _mark_of(tx, state.event) == state.mark


def _changed(tx: Tx, subject: Subject, after: int, most: int | None = None) -> frozenset[int]:
    """Return the ids of rows that anything happened to after an event, about `most` at most."""
    query = (
        sa.select(events.c.entity_id)
        .where(
            _events(tx),
            events.c.id > after,
            events.c.entity == subject.entity,
            events.c.entity_id.is_not(None),
        )
        .order_by(events.c.id)  # or a database may go through all events of the entity instead
    )
    found: set[int] = set()
    for some in tx.conn.execute(query).scalars().partitions(_BATCH):
        found.update(some)
        if most is not None and len(found) >= most:
            break
    return frozenset(found)


def _documents(tx: Tx, subject: Subject, ids: Collection[int]) -> list[tuple[int, Any]]:
    """Return (id, document) of those of the rows that stand for themselves."""
    table = subject.table
    query = subject.select().where(
        table.c.workspace_id == tx.workspace_id, among(tx.conn, table.c.id, ids)
    )
    return [(row.id, subject.document(dict(row._mapping))) for row in tx.conn.execute(query)]


def _all_documents(
    tx: Tx, subject: Subject, after: int
) -> Iterator[tuple[int, list[tuple[int, Any]]]]:
    """Yield (last id, [(id, document)]) of all rows, by id, a batch in memory at a time."""
    table = subject.table
    while True:
        query = (
            subject.select()
            .where(table.c.workspace_id == tx.workspace_id, table.c.id > after)
            .order_by(table.c.id)
            .limit(_BATCH)
        )
        rows = tx.conn.execute(query).all()
        if not rows:
            return
        after = rows[-1].id
        yield after, [(row.id, subject.document(dict(row._mapping))) for row in rows]
