"""Filling a database with all that another one, or a portable backup, holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from leadloom.errors import ConflictError, IntegrityError, SchemaError, UsageError
from leadloom.storage import dialect, partitions, schema
from leadloom.storage.backups import backup, counters, progress
from leadloom.storage.backups.canonical import Digest, canonical_lines, converted, converters
from leadloom.storage.backups.layout import Layout, layouts, rest
from leadloom.storage.backups.progress import UNFINISHED
from leadloom.storage.backups.source import Rows, Source, open_source, read_batches
from leadloom.storage.database import Database
from leadloom.storage.upgrades import backfill, record_shapes

OnTable = Callable[[str, int], None]

# How many rows a table has that nobody has put anything into.
_OF_A_FIRST_START = {"workspaces": 1, "users": 1, "backfills": len(backfill.BACKFILLS)}


@dataclass(frozen=True, slots=True)
class TableCopy:
    """A table that was copied: its rows, how many of them were there already, and their hash."""

    name: str
    rows: int
    kept: int
    hash: str


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What was copied where, every table of it compared with its origin."""

    source: str
    target: str
    revision: str
    tables: list[TableCopy] = field(default_factory=list)
    kept: Path | None = None

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(one.rows for one in self.tables)


def copy(
    source: Database,
    target: Database,
    *,
    resume: bool = False,
    force: bool = False,
    on_table: OnTable = lambda step, done: None,
) -> CopyReport:
    """Copy all of `source`, as it is now, into `target`, and compare both table by table.

    Raises ConflictError when `target` holds something and neither `resume` nor `force` allows for
    it, SchemaError when either is not Leadloom's, IntegrityError when they differ in the end.
    """
    if _place(source) == _place(target):
        raise UsageError(f"{source.label} cannot be copied onto itself: name another with --to.")
    with open_source(source) as opened:
        return fill(opened, target, resume=resume, force=force, on_table=on_table)


def fill(
    source: Source,
    target: Database,
    *,
    resume: bool = False,
    force: bool = False,
    on_table: OnTable = lambda step, done: None,
) -> CopyReport:
    """Put all of `source` into `target`; see `copy`."""
    kept = _prepare(source, target, resume=resume, force=force)
    with target.read() as conn:
        places = layouts(conn)
    copied = [_copy_table(source, target, one, places, on_table) for one in places]
    _verify(source, target, places, copied, on_table)
    last = source.counters()
    with target.write() as conn:
        for one in places:
            if one.has_counter:
                counters.write(conn, one.table, last.get(one.name, 0))
        _part_by_month(conn)
        if source.origin.revision < record_shapes.PACKED_ANEW:
            record_shapes.pack_as_before(conn)
        progress.finish(conn, source.origin.revision)
    return CopyReport(source.label, target.label, source.origin.revision, copied, kept)


def _part_by_month(conn: sa.Connection) -> None:
    """Give the months that came with the copy a partition each, where tables have them."""
    if conn.dialect.name != "postgresql":
        return
    inspector = sa.inspect(conn)
    for name, column in partitions.PARTITIONED.items():
        default = f"{name}_default"
        if inspector.has_table(default):
            utc = sa.func.timezone("UTC", sa.column(column.name))
            month = sa.cast(sa.func.date_trunc("month", utc), sa.Date)
            found = sa.select(month).select_from(sa.table(default)).distinct()
            for one in conn.scalars(found).all():
                partitions.add(conn, name, one)


def _place(db: Database) -> object:
    return db.file.resolve() if db.file else db.url.set(username=None, password=None, query={})


def _prepare(source: Source, target: Database, *, resume: bool, force: bool) -> Path | None:
    """Bring the target to a start: empty and marked, or where a stopped copy can go on."""
    schema.check_known(source.label, source.origin.revision)
    at = schema.current(target)
    if at == UNFINISHED and _goes_on(source, target, resume=resume, force=force):
        return None
    kept = None
    if at == UNFINISHED:
        _empty(target)
        with target.write() as conn:
            begun = progress.origin(conn).revision
            progress.finish(conn, begun)
        at = begun
    elif at is not None and _holds_anything(target):
        if not force:
            raise ConflictError(
                f"{target.label} holds data already: name an empty database, or add --force to "
                "replace what is there (a backup of it is taken first)."
            )
        kept = backup.take(target, "before-copy")
        _empty(target)
    if at not in (None, source.origin.revision):
        schema.downgrade(target, schema.BASE, allow_data_loss=True)
    schema.upgrade(target, source.origin.revision)
    with target.read() as conn:
        places = layouts(conn)
    _check_tables(source, places)
    _empty(target)
    with target.write() as conn:
        progress.begin(conn, source.origin, [one.name for one in places])
    return kept


def _goes_on(source: Source, target: Database, *, resume: bool, force: bool) -> bool:
    """Whether the unfinished copy in the target is to be finished, rather than begun again."""
    with target.read() as conn:
        begun = progress.origin(conn)
    if resume and begun == source.origin:
        return True
    if force:
        return False
    if not resume:
        raise ConflictError(
            f"{target.label} holds an unfinished copy: add --resume to finish it, or --force to "
            "begin again."
        )
    raise ConflictError(
        f"{target.label} holds an unfinished copy of another database than {source.label}, or of "
        "another version of it: finish that one, or add --force to begin again with this one."
    )


def _holds_anything(db: Database) -> bool:
    """Whether there is more than the workspace and the user of a first start."""
    with db.read() as conn:
        for one in layouts(conn):
            few = sa.select(sa.literal(1)).select_from(one.table).limit(2)
            if len(conn.execute(few).all()) > _OF_A_FIRST_START.get(one.name, 0):
                return True
    return False


def _empty(db: Database) -> None:
    with db.write() as conn:
        for one in reversed(layouts(conn)):
            conn.execute(one.table.delete())


def _check_tables(source: Source, places: Sequence[Layout]) -> None:
    """Raise SchemaError unless every table and column of the source has its place."""
    theirs = {name: set(source.kinds(name)) for name in source.tables()}
    ours = {one.name: set(one.columns) for one in places}
    if theirs != ours:
        odd = sorted(
            name for name in theirs.keys() | ours.keys() if theirs.get(name) != ours.get(name)
        )
        raise SchemaError(
            f"{source.label} has other tables or columns than its revision "
            f"{source.origin.revision} says ({', '.join(odd)}): something else changed it, so it "
            "is not copied."
        )


def _copy_table(
    source: Source, target: Database, place: Layout, places: Sequence[Layout], on_table: OnTable
) -> TableCopy:
    """Copy one table, going on after the rows that were copied before if they are unchanged."""
    with target.read() as conn:
        begun = progress.reached(conn, place.name)
    kept = begun if begun.rows and _is_unchanged(source, place, begun) else Digest()
    if kept.rows != begun.rows:
        _forget(target, place, places)
    done = Digest(kept.rows, kept.total)
    theirs = _kinds(source, place)
    convert = converters(theirs, place.kinds)
    for batch in _after(source, place, kept.rows):
        lines = canonical_lines(batch, theirs)
        before = done.rows
        done.add(lines)
        rows = [dict(zip(place.columns, one, strict=True)) for one in converted(batch, convert)]
        with target.write() as conn:
            dialect.insert_rows(conn, place.table, rows)
            progress.advance(conn, place.name, before, done)
        on_table(place.name, done.rows)
    return TableCopy(place.name, done.rows, kept.rows, done.hash)


def _kinds(source: Source, place: Layout) -> list[str]:
    kinds = source.kinds(place.name)
    return [kinds[name] for name in place.columns]


def _is_unchanged(source: Source, place: Layout, begun: Digest) -> bool:
    """Whether the source still begins with just the rows that were copied before."""
    seen = Digest()
    kinds = _kinds(source, place)
    for batch in source.batches(place.name, place.columns):
        seen.add(canonical_lines(batch[: begun.rows - seen.rows], kinds))
        if seen.rows == begun.rows:
            break
    return seen == begun


def _forget(target: Database, place: Layout, places: Sequence[Layout]) -> None:
    """Take a table that changed at its source, and what points to it, out of the target again."""
    names = rest([place.name], places)
    with target.write() as conn:
        for one in reversed(places):
            if one.name in names:
                conn.execute(one.table.delete())
        progress.forget(conn, names)


def _after(source: Source, place: Layout, rows: int) -> Iterator[Rows]:
    """Give the batches of a table without its first `rows` rows."""
    for batch in source.batches(place.name, place.columns):
        if rows < len(batch):
            yield batch[rows:]
        rows = max(rows - len(batch), 0)


def _verify(
    source: Source,
    target: Database,
    places: Sequence[Layout],
    copied: Sequence[TableCopy],
    on_table: OnTable,
) -> None:
    """Read the whole target and raise IntegrityError where it is not what the source gave."""
    with target.read() as conn:
        for place, told in zip(places, copied, strict=True):
            found = digest_of(conn, place, _kinds(source, place), on_table)
            if (found.rows, found.hash) != (told.rows, told.hash):
                raise IntegrityError(
                    f"The table {place.name} in {target.label} is not what {source.label} holds "
                    f"({found.rows:,} rows for {told.rows:,}): nothing works with that copy; add "
                    "--force to begin again."
                )


def digest_of(
    conn: sa.Connection,
    place: Layout,
    kinds: Sequence[str] | None = None,
    on_table: OnTable = lambda step, done: None,
) -> Digest:
    """Return the digest of a table, its values taken as `kinds` (its own if left out)."""
    meant = kinds or place.kinds
    convert = converters(place.kinds, meant)
    found = Digest()
    for batch in read_batches(conn, place.table, place.columns):
        found.add(canonical_lines(converted(batch, convert), meant))
        on_table(f"comparing {place.name}", found.rows)
    return found
