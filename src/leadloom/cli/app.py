"""All commands, put together."""

from typing import Annotated

import typer

from leadloom.cli import (
    campaigns,
    companies,
    config,
    database,
    drafts,
    duplicates,
    edits,
    enrichment,
    events,
    export,
    groups,
    home,
    imports,
    jobs,
    leads,
    privacy,
    process,
    resolving,
    reviewing,
    runs,
    schedule,
    secrets,
    serve,
    shows,
    templates,
    trust,
    users,
    workspaces,
)
from leadloom.cli.door import Door
from leadloom.cli.verb import DATABASE, DATABASE_HELP, WORKSPACE, WORKSPACE_HELP

app = typer.Typer(
    cls=Door,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)

_FIND = "Find"
_GROUPS = "Write to them"
_ITSELF = "Leadloom itself"

for part in (
    process,
    serve,
    imports,
    trust,
    enrichment,
    leads,
    edits,
    duplicates,
    resolving,
    drafts,
    export,
    runs,
    events,
    home,
):
    app.add_typer(part.commands)
app.add_typer(privacy.commands)
app.add_typer(companies.commands, name="companies", rich_help_panel=_FIND)
app.add_typer(groups.commands, name="groups", rich_help_panel=_GROUPS)
app.add_typer(templates.commands, name="templates", rich_help_panel=_GROUPS)
app.add_typer(campaigns.commands, name="campaigns", rich_help_panel=_GROUPS)
app.add_typer(reviewing.commands, name="drafts", rich_help_panel=_GROUPS)
app.add_typer(shows.commands, name="shows", rich_help_panel=_GROUPS)
app.add_typer(database.commands, name="db", rich_help_panel=_ITSELF)
app.add_typer(config.commands, name="config", rich_help_panel=_ITSELF)
app.add_typer(workspaces.commands, name="workspaces", rich_help_panel=_ITSELF)
app.add_typer(users.commands, name="users", rich_help_panel=_ITSELF)
app.add_typer(secrets.commands, name="secrets", rich_help_panel=_ITSELF)
app.add_typer(schedule.commands, name="schedule", rich_help_panel=_ITSELF)
app.add_typer(jobs.commands, name="jobs", rich_help_panel=_ITSELF)


@app.callback()
def root(
    ctx: typer.Context,
    db: Annotated[
        str | None, typer.Option(DATABASE, metavar="URL", help=DATABASE_HELP, show_default=False)
    ] = None,
    workspace: Annotated[
        str | None,
        typer.Option(WORKSPACE, metavar="NAME", help=WORKSPACE_HELP, show_default=False),
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
        home.show_home(db, workspace)
