"""Settings."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.render import say, show_json, show_table, text_of
from leadloom.cli.verb import Listing, verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer(cls=Listing, help="Settings of the workspace.")

Key = Annotated[str, typer.Argument(metavar="KEY", help="A setting's name.")]


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List every setting: its value, its default, what it does."""
    found = ws.config.list()
    if as_json:
        show_json({"items": found, "next": None})
        return
    rows = [[one.key, one.value, one.default, one.description] for one in found]
    show_table(["setting", "value", "default", "what it does"], rows, wraps=True)


@verb(commands, "get")
def get(ws: "Workspace", key: Key, as_json: options.Json = False) -> None:
    """Print the value of a setting."""
    setting = ws.config.get(key)
    if as_json:
        show_json(setting)
    else:
        say(text_of(setting.value))


@verb(commands, "set")
def set_(
    ws: "Workspace",
    key: Key,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.")],
    as_json: options.Json = False,
) -> None:
    """Give a setting a new value."""
    setting = ws.config.set(key, value)
    if as_json:
        show_json(setting)
    else:
        say(f"{setting.key} is {text_of(setting.value)} now.")
