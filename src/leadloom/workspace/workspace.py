"""The workspace: one object, one verb for everything that can be done."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from leadloom.enrich.enricher import enrich
from leadloom.imports.importer import Importer, ImportOptions
from leadloom.leads.query import condition
from leadloom.resolve.verify import verify_companies, verify_leads
from leadloom.runs.source import Source, list_sources
from leadloom.storage import backup, schema
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import companies, leads
from leadloom.workspace.leads import Companies, Leads
from leadloom.workspace.reports import EnrichReport, ImportReport
from leadloom.workspace.runs import Progress, Runs
from leadloom.workspace.session import Session
from leadloom.workspace.views import Difference, VerifyReport

# Rows of a dry run that are shown one by one.
PREVIEW_ROWS = 10_000


class Workspace:
    """An open workspace. Use it as a context manager, or call `close`."""

    def __init__(self, url: str | None = None, *, session: Session | None = None) -> None:
        """Open the database at `url` (default: `LEADLOOM_DB`, else a file of the user's)."""
        if session is None:
            database = Database(url)
            schema.ensure(database)
            session = Session(database)
        self._session = session
        self.db = session.db
        self.leads = Leads(session)
        self.companies = Companies(session)
        self.runs = Runs(session)

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the database."""
        self.db.close()

    @property
    def label(self) -> str:
        """Which database this is, fit to be shown."""
        return self.db.label

    @contextlib.contextmanager
    def transaction(self) -> Iterator["Workspace"]:
        """A workspace whose verbs all happen together or not at all."""
        with self._session.together() as session:
            yield Workspace(session=session)

    def import_files(
        self,
        paths: Sequence[str | Path],
        *,
        source: str | None = None,
        provider: str | None = None,
        map: Mapping[str, str] | None = None,
        policy: str = "prefer-new",
        encoding: str | None = None,
        sheet: str | None = None,
        dry_run: bool = False,
        on_progress: Progress | None = None,
    ) -> ImportReport:
        """Take files in; "-" is standard input. The same file again changes nothing.

        `map`: column -> field, where the files do not speak for themselves. `policy`: whether new
        values win ("prefer-new"), only fill what is empty ("fill-empty"), or join lists but leave
        single values alone ("prefer-existing"). Raises LeadloomError; a row never raises.
        """
        options = ImportOptions(
            source, provider, dict(map or {}), policy, encoding, sheet, self._country()
        )
        if dry_run:
            with self._session.rehearsal() as session:
                return self._import(session, paths, options, on_progress, PREVIEW_ROWS)
        return self._import(self._session, paths, options, on_progress, 0)

    def _import(
        self,
        session: Session,
        paths: Sequence[str | Path],
        options: ImportOptions,
        on_progress: Progress | None,
        previews: int,
    ) -> ImportReport:
        importer = Importer(session.write, [str(p) for p in paths], options, self.db.folder)
        importer.keep_previews = previews
        if on_progress:
            importer.on_progress = on_progress
        return ImportReport.of(importer.start(), is_dry_run=previews > 0)

    def _country(self) -> str | None:
        return None

    def enrich(
        self,
        where: Sequence[str] = (),
        *,
        lead_keys: Sequence[int] | None = None,
        dry_run: bool = False,
        on_progress: Progress | None = None,
    ) -> EnrichReport:
        """Find what is missing with what needs no key and no network."""
        wanted = sorted(lead_keys) if lead_keys is not None else None
        context = self._session.rehearsal() if dry_run else contextlib.nullcontext(self._session)
        with context as session:
            began = session.now()
            done = enrich(
                session.write, _pages(wanted, where), on_progress or (lambda done, counts: None)
            )
            return EnrichReport.of(done, (session.now() - began).total_seconds())

    def sources(self) -> list[Source]:
        """Return every source facts came from, and how far it is trusted."""
        with self._session.read() as tx:
            return list_sources(tx)

    def verify(self, on_progress: Callable[[int], None] | None = None) -> VerifyReport:
        """Fold everything afresh and say where that differs from what is stored."""
        with self._session.read() as tx:
            found = [*verify_leads(tx, on_progress or (lambda seen: None)), *verify_companies(tx)]
            counts = [
                tx.conn.scalar(
                    sa.select(sa.func.count()).where(
                        table.c.workspace_id == tx.workspace_id, table.c.root_id.is_(None)
                    )
                )
                for table in (leads, companies)
            ]
        return VerifyReport(
            counts[0] or 0,
            counts[1] or 0,
            [Difference(one.kind, one.id, one.field, one.stored, one.folded) for one in found],
        )

    def backup(self, target: Path | None = None) -> Path:
        """Write a checked copy of the whole database and return where it is."""
        return backup.take(self.db, target=target)


def _pages(
    wanted: Sequence[int] | None, where: Sequence[str]
) -> Callable[[Tx, int], Sequence[int]]:
    """Return a function that gives the keys of the next leads after a key."""

    def next_keys(tx: Tx, after: int) -> Sequence[int]:
        query = (
            sa.select(leads.c.id)
            .where(
                leads.c.workspace_id == tx.workspace_id,
                leads.c.root_id.is_(None),
                leads.c.deleted_at.is_(None),
                leads.c.id > after,
                *[condition(leads, one) for one in where],
            )
            .order_by(leads.c.id)
            .limit(500)
        )
        if wanted is not None:
            later = [key for key in wanted if key > after][:500]
            query = query.where(leads.c.id.in_(later))
            if not later:
                return []
        return list(tx.conn.scalars(query))

    return next_keys
