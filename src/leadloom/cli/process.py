"""The main job: from files to drafts, in one go."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.door import FINDINGS
from leadloom.cli.draft_view import note_missing
from leadloom.cli.imports import PANEL, Files
from leadloom.cli.process_view import show_process
from leadloom.cli.progress import metered
from leadloom.cli.render import show_json
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()

STEPS: dict[str, str] = {
    "import": "Importing",
    "enrich": "Enriching",
    "draft": "Drafting",
    "export": "Writing the drafts",
}


@verb(commands, "process", panel=PANEL)
def process(
    ws: "Workspace",
    files: Files,
    template: options.Template = None,
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="FILE", help="Where the drafts go.")
    ] = "drafts.csv",
    variants: options.Variants = None,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Do it all: bring files in, find what is missing, draft a message to each, write them out."""
    with metered(go_on="The same command again does the rest.") as meter:
        report = ws.process(
            files,
            template=template,
            out=out,
            variants=variants,
            dry_run=dry_run,
            on_step=lambda step, done, counts: meter.tell(STEPS[step], done),
            on_missing=note_missing,
        )
    if as_json:
        show_json(report)
    else:
        show_process(report, dry_run=dry_run)
    if report.import_.has_failures:
        raise typer.Exit(FINDINGS)
