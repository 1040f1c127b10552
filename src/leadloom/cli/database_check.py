"""Is the file sound, and what can be saved of it if it is not?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.door import FINDINGS
from leadloom.cli.progress import metered
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.storage.database import Database
    from leadloom.storage.health.recover import RecoverReport

commands = typer.Typer()


@verb(commands, "check")
def check(
    database: "Database",
    full: Annotated[
        bool,
        typer.Option("--full", help="Compare every index and read every value: takes long."),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Look for damage in the database itself, and say how to recover from it."""
    from leadloom.workspace.upkeep import check as look

    with metered("tables") as meter:
        report = look(database, full=full, on_check=meter.tell)
    if as_json:
        show_json(report)
    elif not report.findings:
        say(f"{report.database} is sound: {counted(report.tables, 'table')} looked at.")
    else:
        rows = [[one.table, one.problem, one.count] for one in report.findings]
        show_table(["table", "problem", "rows"], rows, wraps=True)
        say(f"\n{report.advice}")
    if report.findings:
        raise typer.Exit(FINDINGS)


@verb(commands, "recover")
def recover(
    database: "Database",
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="A new file for what is saved.")],
    as_json: options.Json = False,
) -> None:
    """Save what can still be read of a damaged SQLite file into a new one."""
    from leadloom.storage.health.recover import recover as save
    from leadloom.workspace.recovery import fold_again

    with metered("tables") as meter:
        report = save(database, to, on_table=lambda name, done: meter.tell("Saving", done))
    with metered("leads") as meter:
        folded = fold_again(report, lambda done: meter.tell("Comparing with the facts", done))
    if as_json:
        show_json({"is_whole": report.is_whole, "folded_again": folded, **_fields(report)})
    else:
        _tell(report, folded, to)
    if not report.is_whole:
        raise typer.Exit(FINDINGS)


def _fields(report: "RecoverReport") -> dict[str, object]:
    return {"source": report.source, "target": report.target, "tables": report.tables}


def _tell(report: "RecoverReport", folded: int, to: Path) -> None:
    rows = [
        [
            *(one.name, one.rows, "?" if one.lost is None else one.lost, one.gaps),
            *(len(one.made_up), len(one.garbled)),
        ]
        for one in report.tables
        if one.rows or one.gaps or one.made_up
    ]
    show_table(["table", "saved", "lost (at most)", "gaps", "made up", "garbled"], rows)
    if report.is_whole:
        say(f"\nEvery row could be read; all of it is in {to}.")
    else:
        say(f"\nWhat could be read is in {to}; the damaged file is as it was.")
    if folded:
        say(f"{counted(folded, 'lead or company', 'leads and companies')} folded again from facts.")
    say(f"Look at it with `leadloom --db {to} db verify`, then use it in place of the damaged one.")
