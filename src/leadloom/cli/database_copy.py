"""The way across: everything into another database, of whatever kind."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.progress import metered
from leadloom.cli.render import counted, note, say, show_json
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.storage.database import Database

commands = typer.Typer()

_KEY = (
    "The secret key is not copied: take LEADLOOM_SECRET_KEY, or the key file beside the old "
    "database, along to where the copy is used."
)


@verb(commands, "copy")
def copy(
    database: "Database",
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The database to copy into.")],
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a copy that was stopped.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there (it is backed up first).")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Copy everything into another database, of any kind, and compare the two table by table."""
    import contextlib

    from leadloom.storage.copy import copy as copy_all
    from leadloom.storage.database import Database

    with (
        contextlib.closing(Database(to)) as target,
        metered(go_on="Go on with the same command and --resume.") as meter,
    ):
        report = copy_all(database, target, resume=resume, force=force, on_table=meter.tell)
    if as_json:
        show_json(
            {
                "source": report.source,
                "target": report.target,
                "revision": report.revision,
                "rows": report.rows,
                "tables": report.tables,
                "kept": report.kept,
            }
        )
        return
    say(
        f"Copied {counted(report.rows, 'row')} of {counted(len(report.tables), 'table')} to "
        f"{report.target}, and compared them: both databases hold the same."
    )
    if report.kept:
        say(f"What was there before is kept in {report.kept}.")
    note(_KEY)
