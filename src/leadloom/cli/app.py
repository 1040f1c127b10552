"""All commands, put together."""

from typing import Annotated

import typer

from leadloom.cli import (
    campaigns,
    config,
    database,
    drafts,
    duplicates,
    edits,
    export,
    groups,
    home,
    imports,
    leads,
    process,
    runs,
    templates,
)
from leadloom.cli.door import Door
from leadloom.cli.verb import DATABASE, DATABASE_HELP

app = typer.Typer(
    cls=Door,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)

_GROUPS = "Write to them"
_ITSELF = "Leadloom itself"

for part in (process, imports, leads, edits, duplicates, drafts, export, runs, home):
    app.add_typer(part.commands)
app.add_typer(groups.commands, name="groups", rich_help_panel=_GROUPS)
app.add_typer(templates.commands, name="templates", rich_help_panel=_GROUPS)
app.add_typer(campaigns.commands, name="campaigns", rich_help_panel=_GROUPS)
app.add_typer(database.commands, name="db", rich_help_panel=_ITSELF)
app.add_typer(config.commands, name="config", rich_help_panel=_ITSELF)


@app.callback()
def root(
    ctx: typer.Context,
    db: Annotated[
        str | None, typer.Option(DATABASE, metavar="URL", help=DATABASE_HELP, show_default=False)
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=home.show_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """A lead database that fills itself, stays clean, and turns into outreach."""
    if ctx.invoked_subcommand is None:
        home.show_home(db)
