"""The workspace: one object, one verb for everything that can be done."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadloom.accounts.acting import Acting, find_acting
from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.workspace.session import Session
from leadloom.workspace.verbs import verbs

if TYPE_CHECKING:
    from leadloom.exports import Written
    from leadloom.imports.request import ImportOptions
    from leadloom.leads.query import Page
    from leadloom.outreach.drafting import DraftReport, Missing
    from leadloom.outreach.messages import Message
    from leadloom.outreach.suppressions import Suppression
    from leadloom.runs.run import Progress
    from leadloom.runs.source import Source
    from leadloom.workspace.accounts import Secrets, Users, Workspaces
    from leadloom.workspace.bulk import Bulk
    from leadloom.workspace.companies import Companies
    from leadloom.workspace.config import Config
    from leadloom.workspace.doctor import Check
    from leadloom.workspace.drafts import Drafts
    from leadloom.workspace.enrichment import Enrichment, OnStanding, Standing
    from leadloom.workspace.events import Events
    from leadloom.workspace.figures import Figures
    from leadloom.workspace.jobs import Jobs
    from leadloom.workspace.leads import Leads
    from leadloom.workspace.logins import Logins
    from leadloom.workspace.outreach import Campaigns, Groups, Templates
    from leadloom.workspace.privacy import Privacy
    from leadloom.workspace.process import OnStep
    from leadloom.workspace.reports import EnrichReport, ImportReport, ProcessReport
    from leadloom.workspace.resolution import Resolution
    from leadloom.workspace.runs import Runs
    from leadloom.workspace.saved_views import SavedViews
    from leadloom.workspace.schedules import Schedules
    from leadloom.workspace.shows import Shows
    from leadloom.workspace.trust import Trust
    from leadloom.workspace.views import VerifyReport

# Rows of a dry run that are shown one by one.
PREVIEW_ROWS = 10_000


class Workspace:
    """An open workspace. Use it as a context manager, or call `close`."""

    leads: Leads = verbs("leads:Leads")
    companies: Companies = verbs("companies:Companies")
    bulk: Bulk = verbs("bulk:Bulk")
    enrichment: Enrichment = verbs("enrichment:Enrichment")
    runs: Runs = verbs("runs:Runs")
    resolution: Resolution = verbs("resolution:Resolution")
    groups: Groups = verbs("outreach:Groups")
    templates: Templates = verbs("outreach:Templates")
    campaigns: Campaigns = verbs("outreach:Campaigns")
    shows: Shows = verbs("shows:Shows")
    drafts: Drafts = verbs("drafts:Drafts")
    schedules: Schedules = verbs("schedules:Schedules")
    jobs: Jobs = verbs("jobs:Jobs")
    config: Config = verbs("config:Config")
    workspaces: Workspaces = verbs("accounts:Workspaces")
    users: Users = verbs("accounts:Users")
    logins: Logins = verbs("logins:Logins")
    secrets: Secrets = verbs("accounts:Secrets")
    privacy: Privacy = verbs("privacy:Privacy")
    events: Events = verbs("events:Events")
    trust: Trust = verbs("trust:Trust")
    views: SavedViews = verbs("saved_views:SavedViews")
    figures: Figures = verbs("figures:Figures")

    def __init__(
        self,
        url: str | None = None,
        *,
        workspace: str | None = None,
        user: str | None = None,
        session: Session | None = None,
    ) -> None:
        """Open the database at `url` (default: `LEADLOOM_DB`, else a file of the user's).

        `workspace`, `user`: which one of several, and who acts; see `accounts.acting`.
        """
        if session is None:
            database = Database(url)
            try:
                schema.ensure(database)
                session = Session(database, acting=find_acting(database, workspace, user))
            except BaseException:
                database.close()
                raise
        self._session = session
        self.db = session.db

    def __enter__(self) -> Workspace:
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

    @property
    def acting(self) -> Acting:
        """Who acts, in which workspace, with what role."""
        return self._session.acting

    def acting_as(self, acting: Acting) -> Workspace:
        """The same database as somebody else may use it; it stays this one's to close."""
        session = Session(self.db, acting=acting, indexes=self._session.indexes)
        return Workspace(session=session)

    def on_indexing(self, tell: Callable[[str, int], None]) -> None:
        """Let `tell` hear (step, rows) when a search has to make or mend its index first."""
        self._session.indexes.on_progress = tell

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Workspace]:
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
        of_table: Mapping[str, Mapping[str, str]] | None = None,
        dry_run: bool = False,
        dry_rows: int | None = None,
        on_progress: Progress | None = None,
        on_start: Callable[[uuid.UUID], None] = lambda run: None,
    ) -> ImportReport:
        """Take files in; "-" is standard input. The same file again changes nothing.

        `map`: column -> field, where the files do not speak for themselves. `policy`: whether new
        values win ("prefer-new"), only fill what is empty ("fill-empty"), or join lists but leave
        single values alone ("prefer-existing"). `of_table`: a map for one table alone, by the key
        that a dry run's tables have. `dry_rows`: a dry run of so many rows of each table.
        `on_start` hears the run's id. Raises LeadloomError; a row never raises.
        """
        from leadloom.imports.request import ImportOptions

        options = ImportOptions(
            source,
            provider,
            dict(map or {}),
            policy,
            encoding,
            sheet,
            self._country(),
            {key: dict(one) for key, one in (of_table or {}).items()},
        )
        if dry_run:
            with self._session.rehearsal() as session:
                return self._import(session, paths, options, on_progress, dry_rows=dry_rows)
        return self._import(self._session, paths, options, on_progress, on_start)

    def _import(
        self,
        session: Session,
        paths: Sequence[str | Path],
        options: ImportOptions,
        on_progress: Progress | None,
        on_start: Callable[[uuid.UUID], None] = lambda run: None,
        dry_rows: int | None = None,
    ) -> ImportReport:
        from leadloom.imports.importer import Importer
        from leadloom.workspace.reports import ImportReport

        folder = None if session.is_rehearsal else self.db.folder
        files = [str(path) for path in paths]
        importer = Importer(session.write, session.read, files, options, folder)
        importer.keep_previews = PREVIEW_ROWS if session.is_rehearsal else 0
        importer.rows_each = dry_rows
        importer.on_start = lambda run: on_start(run.uuid)
        if on_progress:
            importer.on_progress = on_progress
        return ImportReport.of(importer.start(), is_dry_run=session.is_rehearsal)

    def _country(self) -> str | None:
        return str(self.config.get("default_country").value) or None

    def enrich(
        self,
        where: Sequence[str] = (),
        *,
        lead_keys: Sequence[int] | None = None,
        fields: Sequence[str] = (),
        providers: Sequence[str] = (),
        budget_usd: Decimal | None = None,
        concurrency: int | None = None,
        refresh: bool = False,
        background: bool = False,
        dry_run: bool = False,
        asking_outside: bool = True,
        on_progress: Progress | None = None,
        on_standing: OnStanding = lambda standing: None,
    ) -> EnrichReport:
        """Find what is missing, from what is known and from the providers that are set up.

        `fields`, `providers`: these only. It stops before it costs more than `budget_usd`, has
        `concurrency` calls under way at once, and asks anew with `refresh`; `background` leaves it
        to workers; without `asking_outside` nobody outside is asked who is not named.
        """
        from leadloom.workspace.enrichment import pages_of

        wanted = sorted(lead_keys) if lead_keys is not None else None

        def tell(now: Standing) -> None:
            on_standing(now)
            if on_progress:
                on_progress(now.processed, dict(now.counts))

        return self.enrichment.run(
            pages_of(wanted, where),
            where=where,
            fields=fields,
            providers=providers,
            budget_usd=budget_usd,
            concurrency=concurrency,
            refresh=refresh,
            dry_run=dry_run,
            background=background,
            asking_outside=asking_outside,
            on_progress=tell,
        )

    def draft(
        self,
        *,
        template: str | None = None,
        variants: int | None = None,
        where: Sequence[str] = (),
        lead_keys: Collection[int] | None = None,
        campaign: str | None = None,
        context: Mapping[str, Any] | None = None,
        dry_run: bool = False,
        on_progress: Progress = lambda done, counts: None,
        on_missing: Missing = lambda missing: None,
    ) -> DraftReport:
        """Draft messages; one that would say the same as before is left alone.

        `on_missing` hears how many leads lack which variable, before anything is written.
        """
        from leadloom.outreach.drafting import draft
        from leadloom.outreach.plan import DraftRequest

        request = DraftRequest(template, variants, campaign, where, lead_keys, context)
        return draft(
            self._session.write,
            request,
            dry_run=dry_run,
            on_progress=on_progress,
            on_missing=on_missing,
        )

    def messages(
        self,
        campaign: str | None = None,
        lead: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page[Message]:
        """Return a page of messages, of one campaign or to one lead."""
        from leadloom.workspace.outreach import message_page

        with self._session.read() as tx:
            return message_page(tx, campaign, lead, limit, after)

    def mark(self, messages: Sequence[str], state: str) -> list[Message]:
        """Say that messages were sent, delivered, opened or replied to; all of them or none.

        Raises NotFoundError for a message that is not there, ConflictError for one that has come
        further already.
        """
        from leadloom.outreach import delivery

        with self._session.write() as tx:
            return delivery.tell(tx, messages, state)

    def suppress(self, value: str, reason: str | None = None) -> Suppression:
        """Never write to an address or a whole domain."""
        from leadloom.outreach import suppressions

        with self._session.write() as tx:
            return suppressions.add_suppression(tx, value, reason)

    def unsuppress(self, value: str) -> Suppression:
        """Take a suppression back."""
        from leadloom.outreach import suppressions

        with self._session.write() as tx:
            return suppressions.remove_suppression(tx, value)

    def suppressions(self) -> list[Suppression]:
        """Return all suppressed addresses and domains."""
        from leadloom.outreach import suppressions

        with self._session.read() as tx:
            return suppressions.list_suppressions(tx)

    def export(
        self,
        path: str | Path,
        *,
        text: str = "",
        where: Sequence[str] = (),
        columns: Sequence[str] | None = None,
    ) -> Written:
        """Write leads to a .csv, .xlsx, .json, .jsonl or .vcf file ("-": CSV to stdout)."""
        from leadloom.exports import write
        from leadloom.leads.query import each_lead

        with self._session.read() as tx:
            if text.strip():
                return write(path, self._session.search.each_lead(tx, text, where), columns)
            return write(path, each_lead(tx, where), columns)

    def process(
        self,
        paths: Sequence[str | Path],
        *,
        template: str | None = None,
        out: str | Path = "drafts.csv",
        variants: int | None = None,
        dry_run: bool = False,
        on_step: OnStep = lambda step, done, counts: None,
        on_missing: Missing = lambda missing: None,
    ) -> ProcessReport:
        """The main job: import, enrich with what needs no key, draft, and write the drafts out."""
        from leadloom.workspace.process import process

        if dry_run:
            with self._session.rehearsal() as session:
                rehearsing = Workspace(session=session)
                return process(rehearsing, paths, template, None, variants, on_step, on_missing)
        return process(self, paths, template, out, variants, on_step, on_missing)

    def stats(self) -> dict[str, Any]:
        """Return how much there is of everything."""
        from leadloom.analytics.counts import count_all

        with self._session.read() as tx:
            return count_all(tx)

    def doctor(self) -> list[Check]:
        """Check that what Leadloom needs is there and sound."""
        from leadloom.workspace.doctor import examine

        return examine(self._session)

    def sources(self) -> list[Source]:
        """Return every source facts came from, and how far it is trusted."""
        from leadloom.runs.source import list_sources

        with self._session.read() as tx:
            return list_sources(tx)

    def verify(
        self, on_progress: Callable[[int], None] | None = None, *, repair: bool = False
    ) -> VerifyReport:
        """Fold everything afresh and say where that differs from what is stored.

        `repair`: make that anew from the facts, in a run of its own.
        """
        from leadloom.workspace.repair import verify

        return verify(self._session, on_progress or (lambda seen: None), is_mended=repair)

    def backup(self, target: Path | None = None) -> Path:
        """Write a checked copy of the whole database and return where it is."""
        from leadloom.storage.backups import backup

        return backup.take(self.db, target=target)
