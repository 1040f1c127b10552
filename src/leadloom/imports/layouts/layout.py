"""One known export: how it is recognised and what its columns mean."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadloom.imports.headers import key

Reader = Callable[[Any], list[Any]]

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one product's export.

    `marks` are headers which few other files have; `needs` of them give the layout away, as long
    as `among` of its columns are there in all. Headers are compared by their `key`, in `columns`
    whatever their number. A column the layout does not list is judged by its header.
    `readers` turn what a column holds into plain values ('a ::: b' → two). Without all headers of
    `must` it is not this layout.
    """

    name: str
    provider: str
    marks: frozenset[str]
    columns: Mapping[str, str]
    needs: int = 1
    among: int = 3
    kinds: frozenset[str] = frozenset({"delimited", "workbook", "json"})
    readers: Mapping[str, Reader] = field(default_factory=dict)
    must: frozenset[str] = frozenset()

    def score(self, keys: Collection[str], kind: str) -> tuple[int, int]:
        """How well the headers fit, (0, 0) when they do not: marks found, then columns found."""
        if kind not in self.kinds or not self.must <= frozenset(keys):
            return 0, 0
        marks = sum(1 for mark in self.marks if mark in keys)
        columns = sum(1 for one in keys if self.field(one) or one in self.marks)
        return (marks, columns) if marks >= self.needs and columns >= self.among else (0, 0)

    def field(self, words: str) -> str | None:
        """The field of a column, given the `key` of its header; "custom" keeps its own name."""
        return self.columns.get(numberless(words))

    def reader(self, words: str) -> Reader | None:
        """How the values of a column are taken apart, or None when they are plain."""
        return self.readers.get(numberless(words))


def numberless(words: str) -> str:
    """A header's key with '#' for every number: a second e-mail's columns read as the first's."""
    return _NUMBER.sub("#", words)


def marks(*headers: str) -> frozenset[str]:
    """Headers, written as in the export, by their keys."""
    return frozenset(map(key, headers))


def columns(fields: Mapping[str, str]) -> dict[str, str]:
    """Columns by field, each a comma-separated list of headers as written in the export."""
    return {
        numberless(key(header)): field
        for field, headers in fields.items()
        for header in headers.split(",")
    }


def readers(reader: Reader, *headers: str) -> dict[str, Reader]:
    """The same reader for several columns, named as in the export."""
    return {numberless(key(header)): reader for header in headers}


def means(value: Any) -> Reader:
    """A reader for a column that says one thing by being filled at all (a date of opting out)."""
    return lambda _filled: [value]


def paragraphs(text: Any) -> list[Any]:
    """A reader of our own notes: one by one, as a blank line parts them."""
    return text.split("\n\n") if isinstance(text, str) else [text]
