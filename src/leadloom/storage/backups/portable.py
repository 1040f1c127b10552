"""A backup that goes into any kind of database: every table as lines of JSON."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from leadloom.storage.backups import container
from leadloom.storage.backups.canonical import Digest, canonical_lines, read_lines, stored_lines
from leadloom.storage.backups.container import Writer
from leadloom.storage.backups.progress import Origin
from leadloom.storage.backups.source import Rows, Source

_FOLDER = "tables"
# A piece of a table is held in memory while it is written and read.
_PIECE_BYTES = 4_000_000
_BATCH = 2_000


def write(source: Source, writer: Writer) -> dict[str, Any]:
    """Write every table of `source`; return what the manifest says of them."""
    told = {name: _write_table(source, name, writer) for name in source.tables()}
    return {
        "identity": source.origin.identity,
        "tables": told,
        "counters": dict(source.counters()),
    }


def _write_table(source: Source, name: str, writer: Writer) -> dict[str, Any]:
    columns = source.kinds(name)
    kinds = list(columns.values())
    digest = Digest()
    pieces = 0
    pending: list[bytes] = []
    size = 0
    for rows in source.batches(name, list(columns)):
        digest.add(canonical_lines(rows, kinds))
        lines = stored_lines(rows, kinds)
        pending += lines
        size += sum(map(len, lines))
        if size >= _PIECE_BYTES:
            writer.add_bytes(_piece_name(name, pieces), b"\n".join(pending))
            pending, size, pieces = [], 0, pieces + 1
    if pending:
        writer.add_bytes(_piece_name(name, pieces), b"\n".join(pending))
    return {"columns": dict(columns), "rows": digest.rows, "hash": digest.hash}


def _piece_name(table: str, piece: int) -> str:
    return f"{_FOLDER}/{table}/{piece:06}.jsonl"


def check(path: Path) -> dict[str, Any]:
    """Read every row of a portable backup and return its manifest.

    Raises InputError when the file is damaged, or holds other rows than it says.
    """
    manifest = container.read(path)
    with contextlib.closing(PortableSource(path, manifest)) as source:
        for name, told in manifest["tables"].items():
            columns = source.kinds(name)
            digest = Digest()
            for rows in source.batches(name, list(columns)):
                digest.add(canonical_lines(rows, list(columns.values())))
            if (digest.rows, digest.hash) != (told["rows"], told["hash"]):
                raise container.damaged(path, f"the table {name} is not what it should be")
    return manifest


class PortableSource:
    """A portable backup, to fill a database from."""

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path = path
        self.label = str(path)
        self.manifest = manifest
        last = manifest["members"]
        content = ",".join(f"{name}:{told['sha256']}" for name, told in last.items())
        digest = Digest()
        digest.add([content.encode()])
        self.origin = Origin(manifest["revision"], f"backup {digest.hash}")
        self._open = contextlib.ExitStack()
        self._members: Iterator[tuple[str, IO[bytes]]] | None = None
        self._next = 0

    def tables(self) -> Sequence[str]:
        """Return the names of the tables, those that others point to first."""
        return list(self.manifest["tables"])

    def kinds(self, table: str) -> Mapping[str, str]:
        """Return the columns of a table, with the kind of each."""
        found: Mapping[str, str] = self.manifest["tables"][table]["columns"]
        return found

    def counters(self) -> Mapping[str, int]:
        """Return the last number given to a row, by table."""
        found: Mapping[str, int] = self.manifest["counters"]
        return found

    def batches(self, table: str, columns: Sequence[str]) -> Iterator[Rows]:
        """Give the rows of a table in the order they were written in."""
        stored = self.kinds(table)
        pick = [list(stored).index(name) for name in columns]
        is_same = pick == list(range(len(stored)))
        for content in self._pieces(table):
            rows = read_lines(content.read().split(b"\n"), list(stored.values()))
            for start in range(0, len(rows), _BATCH):
                some = rows[start : start + _BATCH]
                yield some if is_same else [tuple(row[place] for place in pick) for row in some]

    def close(self) -> None:
        """Close the file."""
        self._open.close()
        self._members, self._next = None, 0

    def _pieces(self, table: str) -> Iterator[IO[bytes]]:
        """Give the pieces of a table: tables asked for in their order take one pass of the file."""
        names = [name for name in self.manifest["members"] if name.startswith(f"{_FOLDER}/")]
        wanted = [name for name in names if name.split("/")[1] == table]
        if not wanted:
            return
        place = names.index(wanted[0])
        if self._members is None or place < self._next:
            self.close()
            self._members = self._open.enter_context(container.members(self.path))
        for name, content in self._members:
            if name not in wanted:
                continue
            self._next = names.index(name) + 1
            yield content
            if name == wanted[-1]:
                return
