"""Bringing files in."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadloom.cli import options
from leadloom.cli.door import FINDINGS
from leadloom.cli.import_view import show_import, show_rehearsal, tell_notes
from leadloom.cli.progress import metered
from leadloom.cli.render import say, show_json, show_table
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace
    from leadloom.workspace.reports import ImportReport

commands = typer.Typer()
PANEL = "Bring in"
GO_ON = "`leadloom run resume last` goes on where it stopped."

Files = Annotated[list[str], typer.Argument(metavar="FILE...", help='Files; "-" is stdin.')]
Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Call the source this way.")
]
Provider = Annotated[
    str | None, typer.Option("--provider", metavar="P", help="Who made the files (apollo, …).")
]
ColumnMap = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=FIELD",
        help='What a column holds: a field, "custom.NAME" or "ignore".',
    ),
]
Policy = Annotated[
    str,
    typer.Option(
        "--policy",
        metavar="prefer-new|fill-empty|prefer-existing",
        help="What happens to fields that hold something already.",
    ),
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", metavar="E", help="Instead of finding it out.")
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", metavar="S", help="Only this sheet of workbooks.")
]


@verb(commands, "import", panel=PANEL)
def import_(
    ws: "Workspace",
    files: Files,
    source: Source = None,
    provider: Provider = None,
    mapping: ColumnMap = None,
    policy: Policy = "prefer-new",
    encoding: Encoding = None,
    sheet: Sheet = None,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Bring in files: CSV, Excel, JSON or vCard, from any export; columns map themselves."""
    with metered(go_on="" if dry_run else GO_ON) as meter:
        report = ws.import_files(
            files,
            source=source,
            provider=provider,
            map=options.read_mapping(mapping),
            policy=policy,
            encoding=encoding,
            sheet=sheet,
            dry_run=dry_run,
            on_progress=lambda done, counts: meter.tell("Importing", done),
        )
    tell_import(report, as_json=as_json, dry_run=dry_run)


def tell_import(report: "ImportReport", *, as_json: bool, dry_run: bool = False) -> None:
    """Say what became of the rows; ends the command with 1 when some failed, or a file did."""
    if as_json:
        tell_notes(report)
        show_json(report)
    elif dry_run:
        show_rehearsal(report)
    else:
        show_import(report)
    if report.has_failures:
        raise typer.Exit(FINDINGS)


@verb(commands, "sources", panel=PANEL)
def sources(ws: "Workspace", as_json: options.Json = False) -> None:
    """List where facts came from, and how far each source is trusted."""
    found = ws.sources()
    if as_json:
        show_json({"items": [_source(one) for one in found], "next": None})
    elif found:
        rows = [[one.name, one.kind, one.provider, one.trust] for one in found]
        show_table(["name", "kind", "provider", "trust"], rows)
    else:
        say("There are no sources yet: `leadloom import FILE` makes the first one.")


def _source(source: Any) -> dict[str, Any]:
    names = ("name", "kind", "provider", "trust")
    return {name: getattr(source, name) for name in names}
