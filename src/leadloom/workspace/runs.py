"""The verbs on runs."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from leadloom.errors import UsageError
from leadloom.leads.paging import checked_limit, read_cursor
from leadloom.leads.query import Page
from leadloom.runs import run as runs
from leadloom.runs.record import OUTCOMES, iterate_records
from leadloom.runs.run import Progress, Run
from leadloom.workspace import run_details
from leadloom.workspace.run_details import Asked, Reason, RecordLine
from leadloom.workspace.session import Session
from leadloom.workspace.views import RecordView, RunView, UndoReport, run_view

if TYPE_CHECKING:
    from leadloom.resolve.replay import Undone
    from leadloom.workspace.enrichment import OnStanding
    from leadloom.workspace.resuming import Resumed

_MOST = 1_000_000  # runs of a page
_STATES = (*OUTCOMES, "enriched", "deleted", "restored", "pending", "processing")


class Runs:
    """List, read, cancel, resume and undo.

    `ref` is a run's id or its last characters; "last" is the newest run that is no edit by hand,
    "last:edit" the newest edit, and so with any other kind.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        limit: int = 50,
        kind: str | None = None,
        after: str | None = None,
        edits: bool = False,
    ) -> Page[RunView]:
        """Return runs, newest first; edits by hand only with `edits`, or asked for by kind."""
        before = read_cursor(after) if after is not None else None
        limit = min(checked_limit(limit), _MOST)
        with self._session.read() as tx:
            found = runs.list_runs(tx, kind=kind, with_edits=edits, limit=limit + 1, before=before)
        cursor = str(found[limit - 1].id) if len(found) > limit else None
        return Page([self._view(run) for run in found[:limit]], cursor)

    def get(self, ref: str) -> RunView:
        """Return one run. Raises NotFoundError."""
        with self._session.read() as tx:
            return self._view(runs.get_run(tx, ref))

    def records(self, ref: str, status: str | None = None) -> Iterator[RecordView]:
        """Yield every record of a run in its order, or those with one outcome."""
        if status and status not in _STATES:
            raise UsageError(f"An outcome is one of {', '.join(OUTCOMES)}, not {status!r}.")
        with self._session.read() as tx:
            run = runs.get_run(tx, ref)
            files = [Path(one["path"]).name for one in run.options.get("files", ())]
            for record in iterate_records(tx, run.id, status=status):
                yield run_details.record_view(record, files)

    def record_page(
        self, ref: str, status: str | None = None, *, after: int = -1, limit: int = 50
    ) -> Page[RecordLine]:
        """Return records after a position, with the names of those they speak of."""
        if status and status not in _STATES:
            raise UsageError(f"An outcome is one of {', '.join(OUTCOMES)}, not {status!r}.")
        limit = checked_limit(limit)
        with self._session.read() as tx:
            run = runs.get_run(tx, ref)
            return run_details.record_page(tx, run, status=status, after=after, limit=limit)

    def reasons(self, ref: str, limit: int = 20) -> Sequence[Reason]:
        """Return why records failed or were left out, the most frequent reason first."""
        with self._session.read() as tx:
            return run_details.reasons(tx, runs.get_run(tx, ref), checked_limit(limit))

    def asked(self, ref: str) -> Sequence[Asked]:
        """Return what came of asking each provider, as far as a run has come."""
        with self._session.read() as tx:
            return run_details.asked(tx, runs.get_run(tx, ref))

    def cancel(self, ref: str) -> RunView:
        """Ask a run to stop after its present batch; it can be resumed."""
        with self._session.write() as tx:
            return self._view(runs.request_cancel(tx, runs.get_run(tx, ref)))

    def halt(self) -> int:
        """Ask all runs of this process to stop, as it is about to end; return how many."""
        from leadloom.workspace import bulk_run

        with self._session.write() as tx:
            here = runs.worked_on_here(tx)
            for run in here:
                runs.request_cancel(tx, run)
                bulk_run.halt(tx, run)
        return len(here)

    def resume(
        self,
        ref: str,
        on_progress: Progress | None = None,
        budget_usd: Decimal | None = None,
        on_standing: "OnStanding | None" = None,
    ) -> "Resumed":
        """Go on with a run that was cancelled, failed, died or ran out of money, where it stopped.

        `budget_usd` is what an enrichment may cost from its beginning on, in place of before;
        `on_standing` hears how an enrichment stands.
        """
        from leadloom.workspace.resuming import resume

        with self._session.read() as tx:
            run = runs.get_run(tx, ref)
        return resume(self._session, run, budget_usd, on_progress, on_standing)

    def undo(
        self,
        ref: str,
        dry_run: bool = False,
        on_progress: Callable[[int], None] | None = None,
    ) -> UndoReport:
        """Take back all that a run brought; what people did since stays.

        Here "last" is the newest that was not undone before: again and again, it walks back.
        """
        from leadloom.outreach.drafts import undo_drafts
        from leadloom.resolve import undo

        with self._session.read() as tx:
            run = runs.get_run(tx, ref, standing=True)
        if dry_run:
            with self._session.rehearsal() as rehearsal, rehearsal.write() as tx:
                return _report(run, undo.plan(tx, run), undo_drafts(tx, run.id))
        with self._session.write() as tx:
            drafts = undo_drafts(tx, run.id)
        undone = undo.undo(self._session.write, run, on_progress or (lambda done: None))
        return _report(run, undone, drafts)

    def _view(self, run: Run) -> RunView:
        return run_view(run, self._session.now())


def _report(run: Run, undone: "Undone", drafts: int) -> UndoReport:
    return UndoReport(
        run.uuid,
        undone.records,
        undone.leads_removed,
        undone.leads_changed,
        undone.companies_removed,
        drafts,
        undone.companies_changed,
    )
