"""Whether records still are what was received: a digest made when they came tells."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from leadloom.errors import DatabaseError
from leadloom.resolve.keys import digest_of
from leadloom.storage.tables import records, runs
from leadloom.storage.types import load_json

_PAGE = 1_000
_SAID = (
    sa.select(
        records.c.id,
        records.c.source_id,
        records.c.external_id,
        records.c.policy,
        records.c.facts,
        records.c.original,
        records.c.digest,
    )
    .where(records.c.digest.is_not(None))
    .order_by(records.c.id)
)


@dataclass(frozen=True, slots=True)
class Altered:
    """A record that is not what was received any more: where in which run, and what is the matter.

    `is_unreadable`: nothing can be folded of it.
    """

    run: uuid.UUID
    place: str
    is_unreadable: bool

    @property
    def problem(self) -> str:
        """What is the matter, in words."""
        return "cannot be read" if self.is_unreadable else "is not what was received"

    @property
    def advice(self) -> str:
        """What to do: a run of which something cannot be read cannot be taken back."""
        if self.is_unreadable:
            return (
                "restore a backup (`leadloom db restore`), or save the rest of a SQLite file "
                "(`leadloom db recover`) and import that file again"
            )
        return (
            "restore a backup (`leadloom db restore`), or take the run back (`leadloom run undo`) "
            "and import its file again"
        )


def altered(conn: sa.Connection, workspace_id: int | None = None) -> Iterator[Altered]:
    """Yield the records of one workspace, or of all that `conn` sees, that were altered since.

    The product itself never changes what a record says, only whose it is; who does is a broken
    disk, or somebody who wrote into the tables.
    """
    query = _SAID
    if workspace_id is not None:
        query = query.where(records.c.workspace_id == workspace_id)
    last = 0
    while ids := _next_ids(conn, query, last):
        last = ids[-1]
        for key, is_unreadable in _of_page(conn, ids):
            yield from _placed(conn, key, is_unreadable)


def _next_ids(conn: sa.Connection, query: sa.Select[Any], after: int) -> list[int]:
    page = query.with_only_columns(records.c.id).where(records.c.id > after).limit(_PAGE)
    return list(conn.scalars(page))


def _of_page(conn: sa.Connection, ids: list[int]) -> Iterator[tuple[int, bool]]:
    """Yield each that is altered, and whether it cannot be read; one by one where one cannot."""
    try:
        rows = conn.execute(_SAID.where(records.c.id.in_(ids))).all()
    except DatabaseError:
        if len(ids) == 1:
            yield ids[0], True
            return
        for key in ids:
            yield from _of_page(conn, [key])
        return
    for row in rows:
        if row.digest != _digest(row):
            yield row.id, row.facts is not None and not _is_json(row.facts)


def _digest(row: Any) -> int | None:
    if row.facts is None or row.original is None:
        return None
    return digest_of(row.source_id, row.external_id, row.policy, row.facts, row.original)


def _is_json(text: str) -> bool:
    try:
        return isinstance(load_json(text), dict)
    except ValueError:
        return False


def _placed(conn: sa.Connection, key: int, is_unreadable: bool) -> Iterator[Altered]:
    """Yield where a record is; nothing when its run is gone, which a check tells of anyway."""
    query = (
        sa.select(
            runs.c.uuid,
            runs.c.options,
            records.c.file_index,
            records.c.row_number,
            records.c.position,
        )
        .join(runs, runs.c.id == records.c.run_id)
        .where(records.c.id == key)
    )
    for row in conn.execute(query):
        yield Altered(row.uuid, _place_of(row), is_unreadable)


def _place_of(row: Any) -> str:
    if row.row_number is None:
        return f"record {row.position}"
    files = [Path(one["path"]).name for one in row.options.get("files", ())]
    has_file = row.file_index is not None and row.file_index < len(files)
    return f"row {row.row_number}" + (f" of {files[row.file_index]}" if has_file else "")
