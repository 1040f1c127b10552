"""JSON and JSON Lines: the rows as they are."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

import orjson

from leadloom.leads.fields import CUSTOM


def write_json(
    file: BinaryIO, rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None
) -> int:
    """Write one JSON list, an object a line; gives the number of rows."""
    count = 0
    file.write(b"[")
    for row in rows:
        file.write(b",\n" if count else b"\n")
        file.write(encoded(picked(row, columns)))
        count += 1
    file.write(b"\n]\n" if count else b"]\n")
    return count


def write_jsonl(
    file: BinaryIO, rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | None = None
) -> int:
    """Write one JSON object a line; gives the number of rows."""
    count = 0
    for row in rows:
        file.write(encoded(picked(row, columns)) + b"\n")
        count += 1
    return count


def picked(row: Mapping[str, Any], columns: Sequence[str] | None) -> Mapping[str, Any]:
    """The row with only these fields; `custom.<name>` stays inside `custom`. None keeps all."""
    if columns is None:
        return row
    kept: dict[str, Any] = {}
    custom = row.get("custom") or {}
    for name in columns:
        if name.startswith(CUSTOM):
            key = name.removeprefix(CUSTOM)
            kept.setdefault("custom", {})[key] = custom.get(key)
        else:
            kept[name] = row.get(name)
    return kept


def encoded(row: Mapping[str, Any]) -> bytes:
    """One row as a line of JSON in UTF-8, without the line break."""
    try:
        return orjson.dumps(row, default=_plain)
    except TypeError:  # half a surrogate pair, a number beyond 64 bits, a key that is no text
        text = json.dumps(row, ensure_ascii=False, default=str, separators=(",", ":"))
        return text.encode("utf-8", errors="replace")


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)
