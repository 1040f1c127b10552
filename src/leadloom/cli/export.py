"""Leads out, to a file."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.draft_view import show_written
from leadloom.cli.render import note, show_json
from leadloom.cli.verb import verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()


@verb(commands, "export", panel="Write to them")
def export(
    ws: "Workspace",
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help='.csv, .xlsx, .json, .jsonl or .vcf; "-" is stdout.'),
    ],
    text: options.Words = None,
    where: options.Where = None,
    columns: options.Columns = None,
    as_json: options.Json = False,
) -> None:
    """Write leads to a file, all or those that meet conditions; formulas are made harmless."""
    if as_json and file == "-":
        raise UsageError("--json and FILE - would both print on stdout: name a file to write.")
    from leadloom.leads.lead import Lead

    fields = [name for name in Lead.__dataclass_fields__ if name != "key"]
    chosen = options.read_columns(columns, fields, ()) or None
    written = ws.export(file, text=" ".join(text or ()), where=where or (), columns=chosen)
    if as_json:
        show_json(written)
    elif file == "-":
        note(f"{written.rows:,} leads.")
    else:
        show_written(written, "lead")
