"""Secrets: keys and passwords of other systems. Their values never pass the command line."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.question import confirm
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import Listing, verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer(cls=Listing, help="Keys and passwords of other systems, encrypted at rest.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The secret's name.")]


def read_hidden(question: str) -> str:
    """Return what is typed unseen, or the first line of standard input. Raises UsageError."""
    if sys.stdin.isatty():
        value: str = typer.prompt(question, hide_input=True, err=True)
        return value
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise UsageError(f"{question}: give it on standard input, on one line.")
    return line


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List which secrets there are; never what they are."""
    found = ws.secrets.list()
    if as_json:
        show_json({"items": found, "next": None})
    elif found:
        show_table(["name", "set"], [[one.name, one.updated_at] for one in found])
    else:
        say("There are no secrets: `leadloom secrets set NAME` keeps one.")


@verb(commands, "set")
def set_(ws: "Workspace", name: Name, as_json: options.Json = False) -> None:
    """Keep a secret; its value is read from standard input, or asked for unseen."""
    kept = ws.secrets.set(name, read_hidden(f"The value of {name}"))
    if as_json:
        show_json(kept)
    else:
        say(f"Kept {kept.name}.")


@verb(commands, "remove")
def remove(
    ws: "Workspace", name: Name, yes: options.Yes = False, as_json: options.Json = False
) -> None:
    """Forget a secret."""
    if not yes:
        confirm(f"Remove the secret {name}?")
    ws.secrets.remove(name)
    if as_json:
        show_json({"removed": name})
    else:
        say(f"Removed {name}.")


@verb(commands, "rotate")
def rotate(ws: "Workspace", as_json: options.Json = False) -> None:
    """Encrypt every secret of the database with a new key."""
    count = ws.secrets.rotate()
    if as_json:
        show_json({"rotated": count})
    else:
        say(f"Encrypted {counted(count, 'secret')} with the new key.")


@verb(commands, "new-key")
def new_key(as_json: options.Json = False) -> None:
    """Print a new key for LEADLOOM_SECRET_KEY; it is kept nowhere."""
    from leadloom.secrets import keys

    key = keys.new_key()
    if as_json:
        show_json({"key": key})
    else:
        say(key)
