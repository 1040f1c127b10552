"""The web as one question reads it: it remembers which pages its answers are from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from leadloom.connect.page import Mark, Page

Marks = Mapping[str, Mark]
"""Marks of pages by their addresses."""


class Pages(Protocol):
    """What pages of the web are read by; see `leadloom.connect.web.Web`."""

    async def get(self, url: str) -> Page:
        """Return a page. Raises TargetError when it cannot be read, or should not be."""
        ...

    async def is_as_it_was(self, url: str, mark: Mark) -> bool:
        """Whether a page that bore this mark is unchanged, as far as can be seen."""
        ...


@dataclass(slots=True)
class Reading:
    """Pages that are read one after the other for one question."""

    web: Pages
    _read: dict[str, Mark] = field(default_factory=dict)

    @property
    def marks(self) -> Marks:
        """The marks of all pages that were read; none where one of them bears none."""
        return self._read if all(any(mark) for mark in self._read.values()) else {}

    async def get(self, url: str) -> Page:
        """Return a page, as `Web.get` does."""
        page = await self.web.get(url)
        self._read[page.url] = page.mark
        return page

    async def is_as_it_was(self, url: str, mark: Mark) -> bool:
        """Whether a page is unchanged, as `Web.is_as_it_was` says."""
        is_unchanged = await self.web.is_as_it_was(url, mark)
        if is_unchanged:
            self._read[url] = mark
        return is_unchanged

    async def are_as_they_were(self, marks: Marks) -> bool:
        """Whether there are marks, and all these pages still bear them."""
        for url, mark in marks.items():
            if not await self.is_as_it_was(url, mark):
                self._read.clear()
                return False
        return bool(marks)
