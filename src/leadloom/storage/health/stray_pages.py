"""Rows of a SQLite file that no way leads to any more, because a page above theirs is damaged.

SQLite finds a table's rows from its root page down. Where a page on the way is gone, those below it
are whole, and nobody comes by. They are found by looking at every page: those that hold rows, are
not free, and are reached from no table's root. How many columns they have says which table they may
be of. The format: https://sqlite.org/fileformat2.html, sections 1.2 to 2.1.
"""

import contextlib
import struct
from collections.abc import Iterator, Sequence
from typing import Any

_HEADER = 100  # bytes of the file before the first page's own
_INTERIOR, _LEAF = 5, 13  # pages of a table
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # bytes by serial type
_FLOAT, _ZERO, _ONE, _BLOB = 7, 8, 9, 12
_LONGEST_VARINT = 9
_MOST_BYTES = 1 << 30  # of a row; SQLite's own limit


class Text(bytes):
    """A text as it lies in the file: it may not be one any more."""


class NoRowError(Exception):
    """What is read is no row."""


class StrayPages:
    """The pages of rows that are reached from none of the `roots`; `data` is the whole file."""

    def __init__(self, data: Any, roots: Sequence[int]) -> None:
        self._data = data
        size = int.from_bytes(data[16:18], "big")
        self._size = 65_536 if size == 1 else size
        self._usable = self._size - data[20]
        self._count = len(data) // self._size
        self._pages: dict[int, list[int]] = {}
        passed = self._reached(roots) | self._free()
        for page in range(1, self._count + 1):
            if page not in passed and (width := self._width(page)):
                self._pages.setdefault(width, []).append(page)

    def rows(self, width: int) -> Iterator[tuple[int, list[Any]]]:
        """Yield the rowid and the values of each stray row of so many columns that can be read."""
        for page in self._pages.get(width, ()):
            for key, values in self._rows(page):
                if len(values) == width:
                    yield key, values

    def _width(self, page: int) -> int | None:
        """Return how many columns the rows of a page have; None when they differ, or are none."""
        if self._kind(page) != _LEAF:
            return None
        found = {len(values) for _, values in self._rows(page)}
        return found.pop() if len(found) == 1 else None

    def _rows(self, page: int) -> Iterator[tuple[int, list[Any]]]:
        for place in self._cells(page):
            with contextlib.suppress(NoRowError):
                yield self._row(page, place)

    def _reached(self, roots: Sequence[int]) -> set[int]:
        reached: set[int] = set()
        waiting = list(roots)
        while waiting:
            page = waiting.pop()
            if page in reached or not 0 < page <= self._count:
                continue
            reached.add(page)
            if self._kind(page) == _INTERIOR:
                start = self._start(page)
                waiting.append(self._number(start + 8))
                waiting += [self._number(place) for place in self._cells(page)]
        return reached

    def _free(self) -> set[int]:
        """Return the pages that are free: what lies in them was deleted."""
        free: set[int] = set()
        trunk = self._number(32)
        while 0 < trunk <= self._count and trunk not in free:
            free.add(trunk)
            start = (trunk - 1) * self._size
            count = min(self._number(start + 4), self._size // 4 - 2)
            free.update(self._number(start + 8 + 4 * one) for one in range(count))
            trunk = self._number(start)
        return free

    def _kind(self, page: int) -> int:
        return int(self._data[self._start(page)])

    def _start(self, page: int) -> int:
        return (page - 1) * self._size + (_HEADER if page == 1 else 0)

    def _number(self, place: int) -> int:
        return int.from_bytes(self._data[place : place + 4], "big")

    def _cells(self, page: int) -> Iterator[int]:
        """Yield where the cells of a page begin, those that lie in it."""
        start = self._start(page)
        head = 12 if self._kind(page) == _INTERIOR else 8
        count = int.from_bytes(self._data[start + 3 : start + 5], "big")
        begin, end = (page - 1) * self._size, page * self._size
        for place in range(start + head, min(start + head + 2 * count, end - 1), 2):
            cell = begin + int.from_bytes(self._data[place : place + 2], "big")
            if start + head < cell < end - 3:
                yield cell

    def _row(self, page: int, place: int) -> tuple[int, list[Any]]:
        """Return the rowid and the values of a cell. Raises NoRowError."""
        length, place = _varint(self._data, place)
        key, place = _varint(self._data, place)
        if length > _MOST_BYTES:
            raise NoRowError
        most = self._usable - 35
        local = length
        if length > most:
            least = (self._usable - 12) * 32 // 255 - 23
            local = least + (length - least) % (self._usable - 4)
            local = local if local <= most else least
        if place + local > page * self._size:
            raise NoRowError
        payload = bytes(self._data[place : place + local])
        if local < length:
            payload += self._overflow(self._number(place + local), length - local)
        return key, _values(payload)

    def _overflow(self, page: int, length: int) -> bytes:
        found = bytearray()
        while len(found) < length:
            if not 0 < page <= self._count:
                raise NoRowError
            start = (page - 1) * self._size
            found += self._data[start + 4 : start + self._usable]
            page = self._number(start)
        return bytes(found[:length])


def _varint(data: Any, place: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; return it and where it ends. Raises NoRowError."""
    value = 0
    for count in range(1, _LONGEST_VARINT + 1):
        if place >= len(data):
            raise NoRowError
        byte = data[place]
        place += 1
        if count == _LONGEST_VARINT:
            value = value << 8 | byte
            return value - (1 << 64) if value >> 63 else value, place
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, place


def _values(payload: bytes) -> list[Any]:
    size, place = _varint(payload, 0)
    if not 0 < size <= len(payload):
        raise NoRowError
    kinds = []
    while place < size:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    values = []
    for kind in kinds:
        value, place = _value(payload, kind, place)
        values.append(value)
    if place != len(payload):
        raise NoRowError
    return values


def _value(payload: bytes, kind: int, place: int) -> tuple[Any, int]:
    if kind == 0:
        return None, place
    if kind in (_ZERO, _ONE):
        return kind - _ZERO, place
    if kind in (10, 11) or kind < 0:
        raise NoRowError
    length = 8 if kind == _FLOAT else _INTEGERS.get(kind) or (kind - _BLOB) // 2
    part = payload[place : place + length]
    if len(part) < length:
        raise NoRowError
    place += length
    if kind == _FLOAT:
        return struct.unpack(">d", part)[0], place
    if kind in _INTEGERS:
        return int.from_bytes(part, "big", signed=True), place
    return (Text(part) if kind % 2 else part), place
