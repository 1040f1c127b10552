"""What leads and companies have in common: they are listed, page by page or by position."""

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from leadloom.leads import window
from leadloom.leads.conditions import write_condition
from leadloom.leads.occurring import values
from leadloom.leads.query import Kind, Page, list_page
from leadloom.leads.standing import quiet_state
from leadloom.workspace.session import Session
from leadloom.workspace.wanted import wanted_of

T = TypeVar("T")


class Listed(Generic[T]):
    """Finds rows of one kind; `options` are `where`, `sort` and `deleted` as in `find`."""

    kind: ClassVar[Kind[Any]]

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(
        self,
        text: str = "",
        *,
        where: Sequence[str] = (),
        sort: str | None = None,
        limit: int = 50,
        after: str | None = None,
        deleted: bool = False,
        **equals: Any,
    ) -> Page[T]:
        """Return a page; those that answer a text come best first.

        See search.language for what a text may say, and leads.query for conditions;
        `status="raw"` works too.
        """
        options: dict[str, Any] = {
            "where": [
                *where,
                *(write_condition(name, "=", [str(one)]) for name, one in equals.items()),
            ],
            "sort": sort,
            "limit": limit,
            "after": after,
            "is_deleted": deleted,
        }
        with self._session.read() as tx:
            if text.strip():
                return self._session.search.page(tx, self.kind, text, **options)
            return list_page(tx, self.kind, **options)

    def window(
        self,
        text: str = "",
        *,
        offset: int = 0,
        limit: int = 50,
        total: int | None = None,
        **options: Any,
    ) -> list[T]:
        """Return those at positions of a list.

        `total`: how many there are, if that is known; the end is found quicker then.
        """
        wanted = wanted_of(options)
        with self._session.read() as tx:
            if text.strip():
                return self._session.search.window(tx, self.kind, text, wanted, offset, limit)
            return window.window(tx, self.kind, wanted, offset, limit, total)

    def count(self, text: str = "", **options: Any) -> int:
        """Return how many there are."""
        with self._session.read() as tx:
            if text.strip():
                return self._session.search.count(tx, self.kind, text, wanted_of(options))
            return window.count(tx, self.kind, wanted_of(options))

    def standing(self) -> Hashable | None:
        """Return what stays the same while every list does; None while things happen."""
        with self._session.read() as tx:
            return quiet_state(tx)

    def values(
        self, field: str, *, where: Sequence[str] = (), limit: int = 50
    ) -> dict[str | None, int]:
        """Return the most frequent values of a field and how many have each; None is empty.

        Of those that meet `where`. Raises UsageError for a field that has no values to count.
        """
        with self._session.read() as tx:
            return values(tx, self.kind, field, where, limit)
