"""Workspaces: several lists in one database, each walled off from the others."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.question import confirm
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import Listing, verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer(
    cls=Listing, help="Several lists in one database, each walled off from the others."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A workspace's name.")]


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List the workspaces, and which one is open."""
    found, current = ws.workspaces.list(), ws.workspaces.current()
    if as_json:
        show_json({"items": found, "next": None, "current": current.name})
        return
    rows = [["*" if one.key == current.key else "", one.name, one.id] for one in found]
    show_table(["", "name", "id"], rows)


@verb(commands, "create")
def create(ws: "Workspace", name: Name, as_json: options.Json = False) -> None:
    """Make a workspace, with you as its owner."""
    home = ws.workspaces.create(name)
    if as_json:
        show_json(home)
    else:
        say(f"Made the workspace {home.name}: `leadloom workspaces use` opens it from now on.")


@verb(commands, "rename")
def rename(
    ws: "Workspace",
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.")],
    as_json: options.Json = False,
) -> None:
    """Give a workspace another name."""
    home = ws.workspaces.rename(name, new)
    if as_json:
        show_json(home)
    else:
        say(f"{name} is called {home.name} now.")


@verb(commands, "use")
def use(ws: "Workspace", name: Name, as_json: options.Json = False) -> None:
    """Open a workspace from now on, when no other is named; for you, on this machine."""
    home = ws.workspaces.use(name)
    if as_json:
        show_json(home)
    else:
        say(f"{home.name} is open from now on.")


@verb(commands, "move")
def move(
    ws: "Workspace",
    name: Annotated[str, typer.Argument(metavar="NAME", help="Where to; made when not there.")],
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="NAME", help="Whose rows; those of the open one."),
    ] = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Give everything a workspace holds to another one, users and history included."""
    giver = source or ws.workspaces.current().name
    if not yes:
        confirm(f"Move everything from {giver} to {name}?")
    moved = ws.workspaces.move(name, source)
    if as_json:
        show_json(moved)
    else:
        total = sum(moved.rows.values())
        say(f"Moved {counted(total, 'row')} from {moved.source} to {moved.target}.")
