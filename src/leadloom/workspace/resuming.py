"""Runs that stopped are gone on with, each by what does its kind."""

from decimal import Decimal

from leadloom.enrich import outside_run
from leadloom.enrich.outside_run import Standing
from leadloom.errors import ConflictError
from leadloom.imports.importer import Importer
from leadloom.imports.request import options_of
from leadloom.outreach import drafting
from leadloom.runs.run import RESOLVE, Progress, Run
from leadloom.workspace import bulk_run
from leadloom.workspace.bulk import Bulk
from leadloom.workspace.enrichment import Enrichment, OnStanding
from leadloom.workspace.reports import EnrichReport, ImportReport
from leadloom.workspace.resolution import Resolution, ResolveReport
from leadloom.workspace.session import Session
from leadloom.workspace.views import RunView, run_view

Resumed = ImportReport | EnrichReport | ResolveReport | RunView


def resume(
    session: Session,
    run: Run,
    budget_usd: Decimal | None,
    on_progress: Progress | None,
    on_standing: OnStanding | None,
) -> Resumed:
    """Go on with `run` where it stopped; see `Runs.resume`. Raises ConflictError where none can."""
    if outside_run.is_resumable(run):

        def tell(now: Standing) -> None:
            if on_standing:
                on_standing(now)
            elif on_progress:
                on_progress(now.processed, dict(now.counts))

        return Enrichment(session).resume(run, budget_usd, tell)
    if bulk_run.is_resumable(run):
        return Bulk(session).resume(run, on_progress or (lambda done, counts: None))
    if drafting.is_resumable(run):
        go = on_progress or (lambda done, counts: None)
        drafted = drafting.resume(session.write, run, go).run
        return run_view(drafted or run, session.now())
    if run.kind == RESOLVE:
        return Resolution(session).resume(run, on_progress)
    if run.kind != "import":
        raise ConflictError(
            f"A run of kind {run.kind!r} is gone on with by giving its command again: what is "
            "done already will be found unchanged."
        )
    paths, options = options_of(run)
    open_tx, open_read = session.write, session.read
    importer = Importer(open_tx, open_read, paths, options, session.db.folder)
    if on_progress:
        importer.on_progress = on_progress
    return ImportReport.of(importer.resume(run))
