"""Importing files: batches of rows become records, each batch one transaction with its progress."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadloom.errors import InputError, LeadloomError, UsageError
from leadloom.ids import IdSet
from leadloom.imports.files import open_tables
from leadloom.imports.files.table import Table
from leadloom.imports.mapping import Mapping
from leadloom.imports.own_leads import pinned_to_own
from leadloom.imports.pace import Pace
from leadloom.imports.prepare import TableTask
from leadloom.imports.problems import write_problems
from leadloom.imports.request import (
    POLICIES,
    STDIN,
    ImportOptions,
    check_unchanged,
    describe,
)
from leadloom.imports.row_stream import RowStream
from leadloom.imports.workers import prepare_all
from leadloom.resolve import versions
from leadloom.resolve.arrival import Arrival, Outcome
from leadloom.resolve.arrive import arrive
from leadloom.resolve.family import roots_of
from leadloom.resolve.shelf import scope_of
from leadloom.runs import run as runs
from leadloom.runs.record import OUTCOMES, owners
from leadloom.runs.run import Progress
from leadloom.runs.source import FILE, SCRAPER, Source, find_or_add_source
from leadloom.storage import schema
from leadloom.storage.database import Tx
from leadloom.undisturbed import undisturbed

# Rows prepared at a time, and the most in one transaction (see `Pace`).
BATCH = 2_000


@dataclass(frozen=True)
class MappedTable:
    """How one table of a file was understood, with some values a column.

    `key` tells it from the other tables of the same import: the file's place and its own, "0:0".
    """

    name: str
    mapping: Mapping
    samples: dict[str, list[str]]
    notes: list[str]
    key: str


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be read, or not to its end, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Imported:
    """What became of every row: rows = created + updated + unchanged + skipped + failed."""

    run: runs.Run
    files: list[str]
    counts: dict[str, int]
    people_rows: int
    companies: int
    seconds: float
    problems: Path | None
    tables: list[MappedTable]
    previews: list[tuple[Arrival, Outcome]]
    leads: IdSet
    unreadable: list[Unreadable]

    @property
    def rows(self) -> int:
        """How many rows came in."""
        return sum(self.counts.values())


OpenTx = Callable[[], Any]


class Importer:
    """One import: opens the files, and takes them in batch by batch.

    `open_tx` opens a writing transaction (or a rehearsal for a dry run), `open_read` one that sees
    what those wrote. `folder` is where the problems are written; None writes no file. `rows_each`:
    of each table only so many rows.
    """

    def __init__(
        self,
        open_tx: OpenTx,
        open_read: OpenTx,
        paths: Sequence[str],
        options: ImportOptions,
        folder: Path | None,
    ) -> None:
        self._open_tx = open_tx
        self._open_read = open_read
        self._paths = list(paths)
        self._options = options
        self._folder = folder
        self._counts: Counter[str] = Counter()
        self._leads = IdSet()
        self._companies = IdSet()
        self._people_rows = 0
        self._position = 0
        self._unreadable: list[Unreadable] = []
        self._tables: list[MappedTable] = []
        self._sources: dict[int, Source] = {}
        self.previews: list[tuple[Arrival, Outcome]] = []
        self._pace = Pace(BATCH)
        self.keep_previews = 0
        self.rows_each: int | None = None
        self.on_progress: Progress = lambda done, counts: None
        self.on_start: Callable[[runs.Run], None] = lambda run: None

    def start(self) -> Imported:
        """Import the files in a new run, or go on with the run of the same files that died."""
        described = describe(self._paths, self._options)
        with self._open_tx() as tx:
            dead = runs.find_interrupted(tx, "import", described)
            run = runs.take_over(tx, dead) if dead else self._begin(tx, described)
        return self._work(run)

    def resume(self, run: runs.Run) -> Imported:
        """Go on with a run that was cancelled, failed, or died."""
        check_unchanged(run)
        with self._open_tx() as tx:
            run = runs.take_over(tx, run)
        return self._work(run)

    def _begin(self, tx: Tx, described: dict[str, Any]) -> runs.Run:
        return runs.start(tx, "import", options=described, input=", ".join(self._paths))

    def _work(self, run: runs.Run) -> Imported:
        began = dt.datetime.now(dt.UTC)
        self.on_start(run)
        self._remember(run)
        try:
            status = self._take_in_all(run)
        except LeadloomError as error:
            with self._open_tx() as tx:
                runs.check_there(tx, run)
                runs.finish(tx, run.id, "failed", error=str(error))
            raise
        except KeyboardInterrupt:
            with self._open_tx() as tx:
                runs.finish(tx, run.id, "cancelled", error="stopped at the keyboard")
            raise
        with self._open_tx() as tx:
            problems = write_problems(tx, run, self._folder) if self._folder else None
            run = runs.finish(
                tx,
                run.id,
                status,
                total=sum(self._counts.values()) if status == "completed" else None,
                output=str(problems) if problems else None,
            )
            self._leads = self._roots(tx)
        seconds = (dt.datetime.now(dt.UTC) - began).total_seconds()
        return self._report(run, seconds, problems)

    def _remember(self, run: runs.Run) -> None:
        """Count what is in already of a run that is gone on with."""
        self._counts.update(run.counts)
        if not run.processed:
            return
        with self._open_tx() as tx:
            for lead, company in owners(tx, run.id):
                self._people_rows += lead is not None
                self._leads.update(() if lead is None else [lead])
                self._companies.update(() if company is None else [company])

    def _roots(self, tx: Tx) -> IdSet:
        """Return the leads the rows belong to today: merges on the way made fewer of them."""
        roots, keys = IdSet(), iter(self._leads)
        while some := list(itertools.islice(keys, BATCH)):
            roots.update(roots_of(tx, some))
        return roots

    def _report(self, run: runs.Run, seconds: float, problems: Path | None) -> Imported:
        return Imported(
            run,
            self._paths,
            {name: self._counts[name] for name in OUTCOMES},
            self._people_rows,
            len(self._companies),
            round(seconds, 3),
            problems,
            self._tables,
            self.previews,
            self._leads,
            self._unreadable,
        )

    def _take_in_all(self, run: runs.Run) -> str:
        """Take in every batch that is not in yet; return how the run ended."""
        self._position = 0
        for file_index, path in enumerate(self._paths):
            try:
                if self._take_in_file(run, file_index, path):
                    return "cancelled"
            except (InputError, UsageError) as error:
                self._unreadable.append(Unreadable(path, str(error)))
                self._refuse_if_all(error)
        return "completed"

    def _take_in_file(self, run: runs.Run, file_index: int, path: str) -> bool:
        """Take in the tables of one file; return whether somebody asked to stop.

        Raises InputError or UsageError when the file cannot be read; what came before is in.
        """
        tables = open_tables(path, encoding=self._options.encoding, sheet=self._options.sheet)
        for table in tables:
            task = self._task(table, file_index)
            wanted = itertools.islice(table.rows, self.rows_each)
            rows = RowStream(wanted, self._position, run.processed)
            for arrivals in prepare_all(task, rows.batches(BATCH)):
                self._keep_up()
                if any(self._take_in(run, some) for some in self._pace.portions(arrivals)):
                    return True
            self._position = rows.last
            if rows.damage:
                raise rows.damage
        return False

    def _keep_up(self) -> None:
        """Let a model that fits the table by now place what comes."""
        with self._open_tx() as tx:
            is_outgrown = versions.is_outgrown(tx)
        if is_outgrown:
            with self._open_read() as tx:
                wanted = versions.due(tx)
            with self._open_tx() as tx:
                versions.put(tx, wanted)

    def _refuse_if_all(self, error: LeadloomError) -> None:
        """Raise the error, or one for all, when no file brought a row and none is left to try."""
        if len(self._unreadable) < len(self._paths) or self._position:
            return
        if len(self._paths) == 1:
            raise error
        told = "; ".join(one.reason.rstrip(".") for one in self._unreadable)
        raise type(error)(f"None of the {len(self._paths)} files can be read: {told}.") from error

    def _take_in(self, run: runs.Run, arrivals: Sequence[Arrival]) -> bool:
        """Write one batch with its progress; return whether somebody asked to stop."""
        with undisturbed(), self._open_tx() as tx, self._pace.holding(len(arrivals)):
            runs.check_there(tx, run, self._counts.total())
            schema.check_unmoved(tx.conn)
            arrivals = pinned_to_own(tx, self._sources, arrivals)
            outcomes = arrive(tx, run.id, self._sources, arrivals)
            self._counts.update(outcome.status for outcome in outcomes)
            runs.advance(tx, run.id, dict(self._counts), sum(self._counts.values()))
            stop = runs.is_cancel_requested(tx, run.id)
        people = [one.lead for one in outcomes if one.lead]
        self._people_rows += len(people)
        self._leads.update(people)
        self._companies.update(one.company for one in outcomes if one.company)
        room = self.keep_previews - len(self.previews)
        self.previews += list(zip(arrivals, outcomes, strict=True))[: max(0, room)]
        self.on_progress(sum(self._counts.values()), dict(self._counts))
        return stop

    def _task(self, table: Table, file_index: int) -> TableTask:
        options = self._options
        number = sum(one.key.startswith(f"{file_index}:") for one in self._tables)
        key = f"{file_index}:{number}"
        mapping = {**options.mapping, **options.of_table.get(key, {})}
        sample = [row.cells for row in table.sample]
        guess = TableTask(
            file_index, table.headers, sample, table.kind, mapping, 0, "", "", 0, None
        )
        provider = options.provider or guess.mapping.provider
        source = self._source(options.source or _label(self._paths[file_index]), provider)
        samples = _samples(table)
        self._tables.append(MappedTable(table.name, guess.mapping, samples, table.notes, key))
        return TableTask(
            file_index,
            table.headers,
            sample,
            table.kind,
            mapping,
            source.id,
            source.kind,
            scope_of(source.id, source.provider),
            POLICIES[options.policy],
            options.country,
        )

    def _source(self, name: str, provider: str | None) -> Source:
        kind = SCRAPER if (provider or "").startswith("apify") else FILE
        with self._open_tx() as tx:
            source = find_or_add_source(tx, name, kind, provider)
        self._sources[source.id] = source
        return source


def _label(path: str) -> str:
    return "stdin" if path == STDIN else Path(path).name


def _samples(table: Table) -> dict[str, list[str]]:
    """Return up to three different values a column, to show beside its mapping."""
    samples: dict[str, list[str]] = {header: [] for header in table.headers}
    for row in table.sample[:50]:
        for column, value in row.cells.items():
            seen = samples.setdefault(column, [])
            text = str(value).strip() if value is not None else ""
            if text and text not in seen and len(seen) < 3:
                seen.append(text)
    return samples
