"""What an import, a rehearsal of one, or an enrichment came to, in words."""

from typing import TYPE_CHECKING

from leadloom.cli.render import counted, note, say, show_counts, show_table

if TYPE_CHECKING:
    from leadloom.imports.importer import MappedTable
    from leadloom.workspace.reports import ImportReport

OUTCOMES = {
    "created": "new",
    "updated": "added something to what was known",
    "unchanged": "known already, nothing new",
    "skipped": "left out, see the reasons",
    "failed": "could not be used",
}
_PREVIEWS_SHOWN = 40
_NOTES_SHOWN = 20


def show_import(report: "ImportReport") -> None:
    """Print what became of the rows of an import."""
    rate = f", {report.rows / report.seconds:,.0f} a second" if report.seconds >= 0.5 else ""
    files = counted(len(report.files), "file")
    say(f"{counted(report.rows, 'row')} from {files} in {report.seconds:.1f} s{rate}\n")
    show_outcomes(report)
    people = counted(report.leads, "person", "people")
    firms = counted(report.companies, "company", "companies")
    say(f"\nThey speak of {people} and {firms}.")
    show_notes(report)
    if report.problems:
        say(f"\nWhat was wrong is in {report.problems}: mend it there and import that file.")
    run = report.run.uuid
    say(f"\nEvery row: `leadloom records {run}`; to take it back: `leadloom run undo {run}`.")


def show_rehearsal(report: "ImportReport") -> None:
    """Print how the columns were understood, and what each row would do."""
    for table in report.tables:
        _show_mapping(table)
    rows = [[one.row, one.status, one.name, one.reason] for one in report.previews]
    show_table(["row", "would be", "name", "reason"], rows[:_PREVIEWS_SHOWN])
    for one in report.unreadable:
        say(f"Could not be read: {one.reason}", style="bold")
    if report.rows > _PREVIEWS_SHOWN:
        say(f"… and {report.rows - _PREVIEWS_SHOWN:,} more; --json shows them.", style="dim")
    say()
    show_outcomes(report)
    say("\nNothing was changed: leave out --dry-run to import.")


def show_outcomes(report: "ImportReport") -> None:
    """Print how many rows had each outcome."""
    show_counts((report.counts[name], f"{name}: {means}") for name, means in OUTCOMES.items())


def show_notes(report: "ImportReport") -> None:
    """Print what readers of the files remarked."""
    lines = _notes(report)
    if report.unreadable:
        say(f"\n{counted(len(report.unreadable), 'file')} could not be read:", style="bold")
    for one in report.unreadable:
        say(f"  {one.reason}")
    if lines:
        say()
    for line in lines[:_NOTES_SHOWN]:
        say(line)
    if len(lines) > _NOTES_SHOWN:
        say(f"… and {len(lines) - _NOTES_SHOWN:,} more notes.")


def tell_notes(report: "ImportReport") -> None:
    """Print on stderr what readers of the files remarked, and which they could not read."""
    for one in report.unreadable:
        note(one.reason)
    for line in _notes(report):
        note(line)


def _notes(report: "ImportReport") -> list[str]:
    return [text for table in report.tables for text in table.notes]


def _show_mapping(table: "MappedTable") -> None:
    layout = f" ({table.mapping.layout})" if table.mapping.layout else ""
    say(f"{table.name}{layout}", style="bold")
    rows = [
        [column, target.field, target.why, " | ".join(table.samples.get(column, ()))]
        for column, target in table.mapping.columns.items()
    ]
    show_table(["column", "becomes", "because", "for example"], rows, wraps=True)
    for text in table.notes:
        say(text, style="dim")
    say()
