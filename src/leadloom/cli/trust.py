"""Trust: how far a source is believed."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.imports import PANEL
from leadloom.cli.progress import metered
from leadloom.cli.render import say, show_json
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()


@verb(commands, "trust", panel=PANEL)
def trust(
    ws: "Workspace",
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Its name; see `sources`.")],
    level: Annotated[float, typer.Argument(metavar="0..1", help="1: always, 0: hardly.")],
    as_json: options.Json = False,
) -> None:
    """Believe a source more or less; all it speaks of is folded afresh."""
    with metered("leads", go_on="The same command again does all of it.") as meter:
        run = ws.trust.set(source, level, lambda done: meter.tell("Folding", done))
    if as_json:
        show_json(run)
    else:
        say(f"Trusting {source} {level:g}: folded {run.processed:,} leads and companies afresh.")
