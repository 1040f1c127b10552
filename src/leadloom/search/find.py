"""Pages of leads and companies that answer a text, best first."""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from leadloom.errors import DatabaseError, UsageError
from leadloom.leads.conditions import condition
from leadloom.leads.query import MOST, Kind, Page, each_of, list_page, visible
from leadloom.leads.window import Wanted, count, keys, window
from leadloom.search import documents
from leadloom.search.engine import DamagedError
from leadloom.search.index import Reading
from leadloom.search.indexes import Indexes
from leadloom.search.language import read
from leadloom.search.ranking import Place, Ranking
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.types import dump_json, load_json

T = TypeVar("T")

# Answers that are asked of the database at a time whether they meet the conditions, …
_ASKED = (200, 1_000, 4_000)
# … and after how many of them it is asked once for all rows that do.
_PATIENCE = 20_000
# More than there are classes of answers: a cursor that names such a one was made up.
_CLASSES = 100
_SUBJECTS = {"lead": documents.LEADS, "company": documents.COMPANIES}


@dataclass(frozen=True)
class Search:
    """Where to search: `reading` opens a transaction that sees what is committed.

    `is_own`: the transaction of the question has changes of its own.
    """

    indexes: Indexes
    reading: Reading
    is_own: bool = False

    def page(self, tx: Tx, kind: Kind[T], text: str, **options: Any) -> Page[T]:
        """Return a page of what answers `text`; see `_find` for the options."""
        subject = _SUBJECTS[kind.noun]
        return self._mending(tx, subject, lambda: self._find(tx, kind, subject, text, **options))

    def window(
        self, tx: Tx, kind: Kind[T], text: str, wanted: Wanted, offset: int, limit: int
    ) -> list[T]:
        """Return the rows at positions among those that answer, best first, else as sorted."""
        subject = _SUBJECTS[kind.noun]

        def ask() -> list[T]:
            ranking = self._ranking(tx, subject, text, wanted.is_deleted)
            if wanted.sort:
                return window(tx, kind, replace(wanted, ids=_ids(ranking)), offset, limit)
            narrowed = _Narrowed(tx, kind, wanted.conditions(tx, kind.table))
            found = narrowed.rows(ranking.places(), offset + limit, is_narrow=bool(wanted.where))
            return [kind.make(row) for _, row in islice(found, offset, offset + limit)]

        return self._mending(tx, subject, ask)

    def keys(self, tx: Tx, kind: Kind[Any], text: str, wanted: Wanted) -> list[int]:
        """Return the inner keys of all rows that answer."""
        subject = _SUBJECTS[kind.noun]

        def ask() -> list[int]:
            ranking = self._ranking(tx, subject, text, wanted.is_deleted)
            ids = _ids(ranking) if wanted.sort else [key for _, key in ranking.places()]
            return keys(tx, kind, replace(wanted, ids=ids)) if ids else []

        return self._mending(tx, subject, ask)

    def count(self, tx: Tx, kind: Kind[Any], text: str, wanted: Wanted) -> int:
        """Return how many rows all windows of this have together."""
        subject = _SUBJECTS[kind.noun]

        def ask() -> int:
            ranking = self._ranking(tx, subject, text, wanted.is_deleted)
            ids = _ids(ranking) if wanted.sort else [key for _, key in ranking.places()]
            return count(tx, kind, replace(wanted, ids=ids)) if ids else 0

        return self._mending(tx, subject, ask)

    def each_lead(self, tx: Tx, text: str, where: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """Yield all leads that answer, oldest first, in their JSON shape."""
        subject = documents.LEADS
        found = self._mending(tx, subject, lambda: _ids(self._ranking(tx, subject, text, False)))
        for some in chunks(sorted(found), 1_000):
            yield from each_of(tx, some, where)

    def _mending(self, tx: Tx, subject: documents.Subject, ask: Callable[[], T]) -> T:
        """Ask; if the index turns out to be damaged where it is read, once more with a new one."""
        try:
            return ask()
        except DamagedError:
            self.indexes.index(tx.workspace_id, subject).throw_away()
        try:
            return ask()
        except DamagedError as error:
            raise DatabaseError(
                f"The search index of {subject.name} cannot be read ({error}): see that its folder "
                "is whole and the disk has room, and search again."
            ) from error

    def _find(
        self,
        tx: Tx,
        kind: Kind[T],
        subject: documents.Subject,
        text: str,
        *,
        where: Sequence[str] = (),
        sort: str | None = None,
        limit: int = 50,
        after: str | None = None,
        is_deleted: bool = False,
    ) -> Page[T]:
        """Return a page of what answers `text`, best first; sorted, if `sort` names a field.

        The options are those of a list (leads.query). Sorted, those with typing errors in them
        come only when there are no others. Raises UsageError for an option that makes no sense.
        """
        if limit < 1:
            raise UsageError("--limit takes a whole number from 1 on.")
        limit = min(limit, MOST)
        ranking = self._ranking(tx, subject, text, is_deleted)
        if sort:
            ids = _ids(ranking)
            return list_page(
                tx,
                kind,
                ids,
                where=where,
                sort=sort,
                limit=limit,
                after=after,
                is_deleted=is_deleted,
            )
        began = _read_cursor(after, kind.noun) if after else None
        conditions = [condition(kind.table, one) for one in where]
        narrowed = _Narrowed(tx, kind, [*visible(kind.table, is_deleted), *conditions])
        found = narrowed.rows(ranking.places(began), limit + 1, is_narrow=bool(where))
        rows = list(islice(found, limit + 1))
        cursor = _write_cursor(rows[limit - 1][0], kind.noun) if len(rows) > limit else None
        return Page([kind.make(row) for _, row in rows[:limit]], cursor)

    def _ranking(self, tx: Tx, subject: documents.Subject, text: str, is_deleted: bool) -> Ranking:
        index = self.indexes.index(tx.workspace_id, subject)
        return Ranking(read(text), index.sources(tx, self.reading, is_own=self.is_own), is_deleted)


def _ids(ranking: Ranking) -> list[int]:
    """Return the ids of all answers, those with typing errors only when there are no others."""
    ids = [key for _, key in ranking.strict()]
    return ids or [key for _, key in ranking.places()]


@dataclass(frozen=True)
class _Narrowed:
    """Answers that also meet conditions, which the database knows."""

    tx: Tx
    kind: Kind[Any]
    conditions: list[sa.ColumnElement[bool]]

    def rows(
        self, places: Iterator[Place], wanted: int, *, is_narrow: bool
    ) -> Iterator[tuple[Place, Any]]:
        """Yield (place, row) in the order of the places.

        Where few meet the conditions, asking for each answer takes longer than to read once which
        rows do at all.
        """
        seen, step = 0, 0
        meeting: bytearray | None = None
        while True:
            size = _ASKED[min(step, len(_ASKED) - 1)] if is_narrow else wanted
            some = list(islice(places, size))
            if not some:
                return
            seen, step = seen + len(some), step + 1
            if is_narrow and meeting is None and seen > _PATIENCE:
                meeting = self._all_meeting()
            if meeting is not None:
                bits = meeting
                some = [one for one in some if one[1] < len(bits) and bits[one[1]]]
            rows = self._rows([key for _, key in some])
            yield from ((place, rows[place[1]]) for place in some if place[1] in rows)

    def _rows(self, ids: list[int]) -> dict[int, Any]:
        if not ids:
            return {}
        query = self.kind.select(self.tx).where(
            among(self.tx.conn, self.kind.table.c.id, ids), *self.conditions
        )
        return {row.id: row for row in self.tx.conn.execute(query)}

    def _all_meeting(self) -> bytearray:
        """Return a byte for each id: whether its row meets the conditions."""
        key = self.kind.table.c.id
        query = self.kind.select(self.tx).with_only_columns(key).where(*self.conditions)
        meeting = bytearray()
        for some in self.tx.conn.execute(query.order_by(key)).scalars().partitions(50_000):
            meeting.extend(bytes(some[-1] + 1 - len(meeting)))
            for one in some:
                meeting[one] = 1
        return meeting


def _write_cursor(place: Place, noun: str) -> str:
    text = dump_json([f"search:{noun}", *place]).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _read_cursor(cursor: str, noun: str) -> Place:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, number, key = load_json(base64.urlsafe_b64decode(padded))
        if not isinstance(name, str):
            raise ValueError(cursor)
        if name != f"search:{noun}":
            raise UsageError(
                f"The cursor {cursor!r} belongs to another list: give the same words and the same "
                "--sort as for the page before, or leave --after out."
            )
        if type(number) is not int or type(key) is not int:
            raise ValueError(cursor)
        if not 0 <= number < _CLASSES or not 0 <= key < 2**63:
            raise ValueError(cursor)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{cursor!r} is no cursor: take `next` of the page before.") from error
    return number, key
