"""What the main job came to, for somebody who has never seen it."""

from typing import TYPE_CHECKING

from leadloom.cli.draft_view import show_missing, show_skipped
from leadloom.cli.import_view import show_notes, show_outcomes
from leadloom.cli.render import agreeing, counted, say, show_counts
from leadloom.connect.money import shown

if TYPE_CHECKING:
    from leadloom.workspace.reports import ProcessReport


def show_process(report: "ProcessReport", *, dry_run: bool = False) -> None:
    """Print rows in and what became of them, people, duplicates, facts, cost, and the drafts."""
    taken, facts, draft = report.import_, report.enrich.facts, report.draft
    new, old = draft.drafted + draft.updated, draft.unchanged + draft.kept
    files = counted(len(taken.files), "file")
    say(f"{counted(taken.rows, 'row')} from {files} in {report.seconds:.1f} s\n")
    show_outcomes(taken)
    say("\nThat makes")
    show_counts(
        [
            (taken.leads, agreeing(taken.leads, "person", "people")),
            (taken.companies, agreeing(taken.companies, "company", "companies")),
            (taken.woven, f"{agreeing(taken.woven, 'duplicate')} woven together"),
            (facts, f"{agreeing(facts, 'fact')} found that the files did not hold"),
            (new, f"{agreeing(new, 'draft')} written"),
            (old, f"{agreeing(old, 'draft')} there already"),
        ]
    )
    say(f"\nCost: {shown(report.cost)} USD\n")
    show_skipped(draft.skipped)
    show_missing(draft.missing)
    show_notes(taken)
    if taken.problems:
        say(f"\nWhat was wrong is in {taken.problems}: mend it there and import that file.")
    _show_end(report, dry_run=dry_run)


def _show_end(report: "ProcessReport", *, dry_run: bool) -> None:
    if dry_run:
        say("\nNothing was changed: leave out --dry-run to do it.", style="bold")
        return
    if not report.changed:
        say("\nNothing changed: all this was known, and the drafts are as they were.", style="bold")
    if report.written:
        drafts = counted(report.written.rows, "draft")
        say(f"\n{drafts} to read and send: {report.written.path}", style="bold")
