"""Runs: what was done, row by row; stopped, gone on with, taken back."""

import itertools
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.door import FINDINGS
from leadloom.cli.enrichment import Budget, read_usd
from leadloom.cli.enrichment_view import has_findings, show_enrichment, show_standing
from leadloom.cli.imports import GO_ON, tell_import
from leadloom.cli.progress import metered
from leadloom.cli.question import confirm
from leadloom.cli.render import (
    counted,
    json_text,
    say,
    show_csv,
    show_json,
    show_pairs,
    show_table,
)
from leadloom.cli.resolving import tell_resolved
from leadloom.cli.verb import verb
from leadloom.connect.money import shown
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace
    from leadloom.workspace.views import RecordView, RunView, UndoReport

commands = typer.Typer()
run_commands = typer.Typer(help="Look at one run, stop it, go on with it, take it back.")
commands.add_typer(run_commands, name="run", rich_help_panel="Runs")
_PANEL = "Runs"

RECORD_FIELDS = (
    "position",
    "file",
    "row",
    "external_id",
    "status",
    "reason",
    "lead_id",
    "company_id",
)
RECORDS_SHOWN = 50


@verb(commands, "runs", panel=_PANEL)
def runs(
    ws: "Workspace",
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="import, enrich, draft, edit, …")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", "-a", help="Edits by hand too: each is a run of its own.")
    ] = False,
    limit: options.Limit = 50,
    after: options.After = None,
    as_json: options.Json = False,
) -> None:
    """List what was done, newest first: imports, enrichments, drafts; edits with --all."""
    page = ws.runs.list(limit=limit, kind=kind, after=after, edits=everything)
    if as_json:
        show_json({"items": page.items, "next": page.next})
        return
    if not page.items:
        say(_none_found(ws, kind, after))
        return
    rows = [
        [one.created_at, one.kind, _state(one), one.processed, one.input, one.id]
        for one in page.items
    ]
    show_table(["when", "kind", "status", "rows", "input", "id"], rows)
    if page.next:
        say(f"\nThe next page: --after {page.next}.", style="dim")


def _none_found(ws: "Workspace", kind: str | None, after: str | None) -> str:
    if not ws.runs.list(limit=1, edits=True).items:
        return "There are no runs yet: `leadloom import FILE` makes the first one."
    if kind or after:
        return "No such runs: see `leadloom runs --all` for all there are."
    return "There are only edits by hand so far: `leadloom runs --all` lists them."


@verb(commands, "records", panel=_PANEL)
def records(
    ws: "Workspace",
    run: options.RunRef,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="STATUS", help="created, updated, failed, …"),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=1, help="How many at most (table: 50; else all)."),
    ] = None,
    after: Annotated[
        int, typer.Option("--after", metavar="POSITION", help="Go on after this position.")
    ] = -1,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """List each row of a run: what became of it, why, and its lead."""
    options.check_one_form(as_json, as_csv)
    if limit is None and not as_json and not as_csv:
        limit = RECORDS_SHOWN
    found: Iterator[RecordView] = (
        one for one in ws.runs.records(run, status=status) if one.position > after
    )
    head = list(itertools.islice(found, 1))  # what is wrong shows before anything is printed
    found = itertools.chain(head, found)
    if as_json:
        _stream_json(found, limit)
    elif as_csv:
        show_csv(RECORD_FIELDS, (one.as_json() for one in itertools.islice(found, limit)))
    else:
        _show_records(found, limit)


@verb(run_commands, "show")
def show(ws: "Workspace", run: options.RunRef, as_json: options.Json = False) -> None:
    """Show one run: how far it came, what became of its rows, what it cost."""
    view = ws.runs.get(run)
    if as_json:
        show_json(view)
    else:
        _show_run(view)


@verb(run_commands, "cancel")
def cancel(ws: "Workspace", run: options.RunRef, as_json: options.Json = False) -> None:
    """Ask a run to stop after its present batch."""
    view = ws.runs.cancel(run)
    if as_json:
        show_json(view)
    elif view.status == "cancelled":
        say(f"Cancelled. `leadloom run resume {view.id}` goes on with it.")
    else:
        say("The run stops after its present batch; `leadloom run resume` goes on with it.")


@verb(run_commands, "resume")
def resume(
    ws: "Workspace",
    run: options.RunRef,
    budget: Budget = None,
    as_json: options.Json = False,
) -> None:
    """Go on with a run that was stopped, failed, died or ran out of money, where it stopped."""
    from leadloom.workspace.reports import EnrichReport, ImportReport
    from leadloom.workspace.resolution import ResolveReport

    steps = {"import": "Importing", "resolve": "Resolving", "draft": "Drafting"}
    step = steps.get(ws.runs.get(run).kind, "Enriching")
    with metered("leads" if step == "Enriching" else "rows", go_on=GO_ON) as meter:
        report = ws.runs.resume(
            run,
            on_progress=lambda done, counts: meter.tell(step, done),
            budget_usd=read_usd(budget),
            on_standing=lambda now: show_standing(meter, now),
        )
    if isinstance(report, ImportReport):
        tell_import(report, as_json=as_json)
    elif isinstance(report, ResolveReport):
        tell_resolved(report, as_json=as_json)
    elif as_json:
        show_json(report)
    elif isinstance(report, EnrichReport):
        show_enrichment(report)
    else:
        _show_run(report)
    if isinstance(report, EnrichReport) and has_findings(report):
        raise typer.Exit(FINDINGS)


@verb(run_commands, "undo")
def undo(
    ws: "Workspace",
    run: options.RunRef,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Take back all that a run brought; what people changed since stays."""
    if as_json and not (yes or dry_run):
        raise UsageError("With --json nothing is asked: add --yes to undo, or --dry-run to look.")
    if not yes or dry_run:
        planned = ws.runs.undo(run, dry_run=True)
        if dry_run:
            _told(planned, as_json, "Would take back")
            return
        _told(planned, False, "This takes back")
        confirm("Undo the run?")
    with metered("records", go_on="`leadloom run undo` again goes on with it.") as meter:
        undone = ws.runs.undo(run, on_progress=lambda done: meter.tell("Undoing", done))
    _told(undone, as_json, "Took back")


def _told(report: "UndoReport", as_json: bool, verb_phrase: str) -> None:
    if as_json:
        show_json(report)
        return
    say(
        f"{verb_phrase} {counted(report.records, 'record')}: "
        f"{counted(report.leads_removed, 'lead')} removed, "
        f"{report.leads_changed:,} changed back, "
        f"{counted(report.companies_removed, 'company', 'companies')} removed, "
        f"{report.companies_changed:,} changed back, "
        f"{counted(report.drafts_removed, 'draft')} removed."
    )


def _state(run: "RunView") -> str:
    return "undone" if run.undone_at else run.status


def _show_run(run: "RunView") -> None:
    counts = ", ".join(f"{number:,} {name}" for name, number in run.counts.items())
    done = f"{run.processed:,}" + (f" of {run.total:,}" if run.total is not None else "")
    show_pairs(
        [
            ("run", run.id),
            ("kind", run.kind),
            ("status", _state(run)),
            ("rows done", done),
            ("percent", run.progress),
            ("outcomes", counts),
            ("input", run.input),
            ("output", run.output),
            ("error", run.error),
            ("cost (USD)", shown(run.actual_cost_usd)),
            ("estimated (USD)", run.estimated_cost_usd),
            ("started", run.started_at),
            ("finished", run.finished_at),
            ("undone", run.undone_at),
        ]
    )
    is_halted = run.status in ("interrupted", "failed", "cancelled", "budget reached")
    if run.kind in ("import", "enrich", "resolve") and is_halted and not run.undone_at:
        say(f"\n`leadloom run resume {run.id}` goes on with it.")


def _stream_json(found: Iterable["RecordView"], limit: int | None) -> None:
    """Print records as they come: a run may have a million."""
    pending = iter(found)
    last = None
    sys.stdout.write('{"items":[')
    for number, one in enumerate(itertools.islice(pending, limit)):
        sys.stdout.write(("," if number else "") + json_text(one))
        last = one.position
    cursor = str(last) if next(pending, None) is not None else None
    sys.stdout.write(f'],"next":{json_text(cursor)}}}\n')


def _show_records(found: Iterator["RecordView"], limit: int | None) -> None:
    shown = list(itertools.islice(found, limit))
    if not shown:
        say("The run has no such records.")
        return
    rows = [
        [one.position, one.external_id, one.status, one.reason, one.lead_id or one.company_id]
        for one in shown
    ]
    show_table(["position", "external id", "status", "reason", "lead or company id"], rows)
    if next(found, None) is not None:
        say(f"\nThere are more: --after {shown[-1].position}, or all with --csv.", style="dim")
