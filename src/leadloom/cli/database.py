"""The database itself: its schema, its soundness, its backups."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import (
    database_backup,
    database_care,
    database_check,
    database_copy,
    options,
)
from leadloom.cli.door import FINDINGS
from leadloom.cli.progress import metered
from leadloom.cli.render import counted, say, show_json, show_pairs, show_table
from leadloom.cli.upgrade_view import show_upgrade_plan
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.storage.database import Database
    from leadloom.workspace import Workspace
    from leadloom.workspace.views import VerifyReport

commands = typer.Typer(help="The database: its schema, its soundness, its backups.")
for part in (database_backup, database_copy, database_check, database_care):
    commands.add_typer(part.commands)

_SHOWN = 50


@verb(commands, "upgrade")
def upgrade(
    database: "Database",
    target: Annotated[
        str | None, typer.Argument(metavar="[REVISION]", help="Where to; the newest if left out.")
    ] = None,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Bring the schema up to this version; a database that holds data is backed up first."""
    from leadloom.storage import schema

    if dry_run:
        show_upgrade_plan(database, target, as_json)
        return
    before = schema.current(database)
    with metered("rows") as meter:
        saved = schema.upgrade(
            database, target or schema.HEAD, lambda about, rows: meter.tell("Catching up", rows)
        )
    _moved(database.label, before, schema.current(database), saved, as_json)


@verb(commands, "downgrade")
def downgrade(
    database: "Database",
    target: Annotated[str, typer.Argument(metavar="REVISION", help='Where to; "base" is nothing.')],
    allow_data_loss: Annotated[
        bool, typer.Option("--allow-data-loss", help="Go on though data is lost (backed up first).")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Take the schema down to an earlier revision."""
    from leadloom.storage import schema

    before = schema.current(database)
    saved = schema.downgrade(database, target, allow_data_loss=allow_data_loss)
    _moved(database.label, before, schema.current(database), saved, as_json)


@verb(commands, "current")
def current(database: "Database", as_json: options.Json = False) -> None:
    """Say which revision the database is at, and which is the newest."""
    from leadloom.storage import schema

    at = schema.current(database) if database.file is None or database.file.exists() else None
    if as_json:
        show_json({"database": database.label, "current": at, "newest": schema.HEAD})
        return
    show_pairs(
        [("database", database.label), ("current", at or "none yet"), ("newest", schema.HEAD)]
    )


@verb(commands, "verify")
def verify(
    ws: "Workspace",
    repair: Annotated[
        bool, typer.Option("--repair", help="Make what differs anew from the facts.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Fold every fact afresh and say where that differs from what is stored."""
    with metered("leads") as meter:
        report = ws.verify(lambda seen: meter.tell("Verifying", seen), repair=repair)
    if as_json:
        show_json(report)
    else:
        _show_verification(report)
    if report.remain:
        raise typer.Exit(FINDINGS)


def _moved(
    label: str, before: str | None, after: str | None, saved: Path | None, as_json: bool
) -> None:
    if as_json:
        show_json({"database": label, "before": before, "current": after, "backup": saved})
        return
    if before == after:
        say(f"{label} is at {after} already.")
    else:
        say(f"{label} went from {before or 'nothing'} to {after or 'nothing'}.")
    if saved:
        say(f"A backup is in {saved}.")


def _show_verification(report: "VerifyReport") -> None:
    from leadloom.workspace.repair import RECORD

    seen = (
        f"{counted(report.leads, 'lead')} and {counted(report.companies, 'company', 'companies')}"
    )
    if not report.differences:
        say(f"All is well: {seen} are just what their facts say.")
        return
    rows = [[one.kind, one.id, one.field, one.stored, one.folded] for one in report.differences]
    show_table(["kind", "id", "field", "stored", "by its facts"], rows[:_SHOWN])
    say(f"\n{counted(len(rows), 'difference')} in {seen}.")
    if any(one.kind == RECORD for one in report.differences):
        say("Records are kept as received, and these were altered: nothing is mended by them.")
        say("`leadloom db check --full` tells what to do.")
        return
    if report.repaired is None:
        say("`leadloom db verify --repair` makes that anew from the facts.")
        return
    show_pairs([(name.replace("_", " "), n) for name, n in report.repaired.counts.items()])
    if report.repaired.counts.get("leads_given_keys"):
        say("Who was not found meanwhile may be there twice: `leadloom resolve` weaves them.")
