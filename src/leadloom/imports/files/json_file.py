"""JSON as a table: arrays, JSON Lines, concatenated documents, and lists inside an object."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count, islice
from typing import Any

from leadloom.errors import InputError
from leadloom.imports.files.encoding import tell_encoding
from leadloom.imports.files.header import column_name
from leadloom.imports.files.json_list import descend_to_list, list_within
from leadloom.imports.files.json_text import JsonText, decode_line
from leadloom.imports.files.lines import OVERLONG, Lines
from leadloom.imports.files.source import BLOCK, Source
from leadloom.imports.files.table import BadRow, Limits, Row, Table, columns_of, peek
from leadloom.imports.files.text import Text

TEXT_SHOWN = 200
LINE_KEPT = 10_000  # of a line that is not JSON: whole, so that it can be mended


def json_table(source: Source, encoding: str | None, limits: Limits) -> Table:
    """A JSON source as a table; objects within an item become columns such as "address.city".

    Lists are kept as they are, of scalars or of objects. Raises InputError for what is not JSON.
    """
    told = tell_encoding(source, encoding)
    notes = [told.note] if told.note else []

    def text() -> Text:
        return Text(source, told.name, notes.append)

    if _is_lines(source, told.name):
        rows = _line_rows(Lines(text(), limits.row_bytes), limits)
    else:
        rows = _value_rows(JsonText(text(), source.name, limits), source.name, limits, notes)
    sample, rows = peek(rows)
    if not sample:
        notes.append(f"{source.name} holds no items")
    return Table(source.name, "json", columns_of(sample), sample, rows, notes, told.name)


def cells_of_line(line: str) -> dict[str, Any] | None:
    """The cells of one line of JSON Lines; None when it is not an object."""
    try:
        item = decode_line(line)
    except (ValueError, RecursionError):
        return None
    limits = Limits()
    row = _row(1, item, len(line), limits) if isinstance(item, dict) else None
    return row.cells if isinstance(row, Row) else None


def _is_lines(source: Source, encoding: str) -> bool:
    """Whether most of the first lines are a whole value each, as in JSON Lines.

    A list may have an item a line too; what begins as one, and does not end on its line, is one.
    """
    with closing(Text(source, encoding, lambda _: None)) as text:
        try:
            head = text.read(BLOCK).removeprefix("\ufeff")
        except InputError:
            return False  # damaged at once: told when the rows are read
    lines = [line for line in head.split("\n") if line.strip()]
    if lines and lines[0].lstrip().startswith("[") and not _is_whole(lines[0]):
        return False
    whole = sum(map(_is_whole, lines[:20]))
    return len(lines) > 1 and (_is_whole(lines[0]) or whole * 2 >= min(len(lines), 20))


def _is_whole(line: str) -> bool:
    try:
        return isinstance(decode_line(line), dict | list)
    except (ValueError, RecursionError):
        return False


def _line_rows(lines: Lines, limits: Limits) -> Iterator[Row | BadRow]:
    number = 0
    for ended_line in lines:
        line = ended_line.strip("\ufeff \t\r\n")
        if not line:
            continue
        number += 1
        if line.startswith(OVERLONG):
            reason = f"it is longer than {limits.row_bytes:,} characters"
            yield BadRow(number, reason, line.removeprefix(OVERLONG))
            continue
        try:
            item = decode_line(line)
        except (ValueError, RecursionError):
            yield BadRow(number, "it is not valid JSON", line[:LINE_KEPT])
            continue
        yield _row(number, item, len(line), limits)


def _value_rows(
    values: JsonText, name: str, limits: Limits, notes: list[str]
) -> Iterator[Row | BadRow]:
    try:
        if values.take("["):
            yield from _array_rows(values, limits)
        else:
            yield from _document_rows(values, name, limits, notes)
    finally:
        values.close()


def _array_rows(values: JsonText, limits: Limits) -> Iterator[Row | BadRow]:
    for number in count(1):
        if values.take("]"):
            return
        item, length = values.value(f"item {number:,}")
        yield _row(number, item, length, limits)


def _document_rows(
    values: JsonText, name: str, limits: Limits, notes: list[str]
) -> Iterator[Row | BadRow]:
    """Rows of one or more objects: each a row, or, if there is only one, the list inside it."""
    try:
        first, length = values.value("item 1")
    except InputError:  # too long to hold, or cut off: there may still be a list to stream
        path = descend_to_list(values)
        if not path:
            raise
        notes.append(f"{name}: rows were read from its list {path!r}")
        yield from _array_rows(values, limits)
        return
    found = None if values.next_mark() else list_within(first)
    if found:
        path, items = found
        notes.append(f"{name}: rows were read from its {f'list {path!r}' if path else 'objects'}")
        yield from (
            _row(number, item, limits.row_bytes, limits) for number, item in enumerate(items, 1)
        )
        return
    yield _row(1, first, length, limits)
    for number in count(2):
        if not values.next_mark():
            return
        item, length = values.value(f"item {number:,}")
        yield _row(number, item, length, limits)


def _row(number: int, item: Any, length: int, limits: Limits) -> Row | BadRow:
    """An item as a row. `length` is how much text it took, which bounds its longest cell."""
    if isinstance(item, list | dict) and len(item) > limits.columns:
        return _bad(number, f"it has {len(item):,} columns", item)
    cells: dict[str, Any] = {}
    deep = _flatten(item, "", cells, limits.json_depth)
    if deep:
        return _bad(number, f"it is nested deeper than {limits.json_depth} levels", item)
    if len(cells) > limits.columns:
        return _bad(number, f"it has {len(cells):,} columns", item)
    if length > limits.cell_bytes and any(
        isinstance(value, str) and len(value) > limits.cell_bytes for value in cells.values()
    ):
        return _bad(number, f"a cell is longer than {limits.cell_bytes:,} characters", item)
    return Row(number, cells)


def _bad(number: int, reason: str, item: Any) -> BadRow:
    first = [item] if isinstance(item, str) else list(islice(item, 20))
    begins = ", ".join(each[:TEXT_SHOWN] for each in first if isinstance(each, str))
    return BadRow(number, reason, begins[:TEXT_SHOWN])


def _flatten(item: Any, prefix: str, cells: dict[str, Any], depth: int) -> bool:
    """Add an item's values to `cells`. True when it is nested deeper than `depth`."""
    if not isinstance(item, dict):
        if isinstance(item, list) and not prefix:
            cells.update((column_name(place), value) for place, value in enumerate(item, 1))
        else:
            cells[prefix or "value"] = item
        return _is_deep(item, depth)
    if depth < 0:
        return True
    for key, value in item.items():
        name = f"{prefix}.{key}" if prefix else key
        if _is_the_current(key, value):
            value = value[0]
        if isinstance(value, dict) and value:
            if _flatten(value, name, cells, depth - 1):
                return True
            continue
        if isinstance(value, list) and _is_deep(value, depth - 1):
            return True
        cells[name if name not in cells else f"{name} 2"] = value
    return False


def _is_the_current(key: str, value: Any) -> bool:
    """Whether a list holds nothing but what is the case today ("currentPosition": [{...}])."""
    if not (isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)):
        return False
    return key.lower().startswith("current")


def _is_deep(item: Any, depth: int) -> bool:
    if not isinstance(item, list | dict):
        return False
    inner = item.values() if isinstance(item, dict) else item
    return depth < 0 or any(_is_deep(value, depth - 1) for value in inner)
