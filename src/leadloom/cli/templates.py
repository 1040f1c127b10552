"""Templates: the texts that drafts are made of."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.render import say, show_json, show_pairs, show_table
from leadloom.cli.verb import Listing, verb

if TYPE_CHECKING:
    from leadloom.outreach.templates import Template
    from leadloom.workspace import Workspace

commands = typer.Typer(cls=Listing, help="The texts that drafts are made of.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The template's name.")]
Type = Annotated[
    str, typer.Argument(metavar="TYPE", help="subject, body, icebreaker or hot_button.")
]
MessageType = Annotated[
    str | None,
    typer.Option("--message-type", metavar="M", help="hook, proof or fomo; else it serves all."),
]
Text = Annotated[str | None, typer.Option("--text", metavar="TEXT", help="The text itself.")]
File = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help='A file that holds it; "-" is stdin.')
]


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List the templates and the texts each is made of."""
    found = ws.templates.list()
    if as_json:
        show_json({"items": found, "next": None})
        return
    rows = [
        [
            one.name,
            one.type,
            one.message_type or "all",
            one.version,
            "active" if one.is_active else "off",
            one.usage_count,
            ", ".join(one.variables),
        ]
        for one in found
    ]
    show_table(["name", "type", "messages", "version", "state", "used", "variables"], rows)


@verb(commands, "show")
def show(ws: "Workspace", name: Name, as_json: options.Json = False) -> None:
    """Show every text of a template."""
    texts = ws.templates.show(name)
    if as_json:
        show_json({"items": texts, "next": None})
        return
    for text in texts:
        _show_text(text)


@verb(commands, "add")
def add(
    ws: "Workspace",
    name: Name,
    type: Type,
    text: Text = None,
    file: File = None,
    message_type: MessageType = None,
    as_json: options.Json = False,
) -> None:
    """Add a text to a template, or begin a new template with it."""
    content = options.read_text(text, file, "the text")
    _report(ws.templates.add(name, type, content, message_type), as_json, "Added")


@verb(commands, "edit")
def edit(
    ws: "Workspace",
    name: Name,
    type: Type,
    text: Text = None,
    file: File = None,
    message_type: MessageType = None,
    as_json: options.Json = False,
) -> None:
    """Give a text of a template a new version; the old ones are kept."""
    content = options.read_text(text, file, "the new text")
    _report(ws.templates.edit(name, type, content, message_type), as_json, "Edited")


@verb(commands, "activate")
def activate(
    ws: "Workspace",
    name: Name,
    type: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="Only this text; else all.")
    ] = None,
    message_type: MessageType = None,
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", help="Bring this version back.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Switch it off instead.")] = False,
    as_json: options.Json = False,
) -> None:
    """Switch a template on or off, or bring an earlier version of a text back."""
    ws.templates.activate(name, type, message_type, version=version, active=not off)
    if as_json:
        show_json({"items": ws.templates.show(name), "next": None})
    else:
        say(f"The template {name} is {'off' if off else 'on'}.")


def _report(template: "Template", as_json: bool, verb_phrase: str) -> None:
    if as_json:
        show_json(template)
        return
    serves = f" for {template.message_type} messages" if template.message_type else ""
    say(f"{verb_phrase} {template.name}, {template.type}{serves}: version {template.version}.")


def _show_text(template: "Template") -> None:
    serves = f" for {template.message_type} messages" if template.message_type else ""
    say(f"{template.type}{serves}", style="bold")
    show_pairs(
        [
            ("version", template.version),
            ("state", "active" if template.is_active else "off"),
            ("used", template.usage_count),
            ("success", template.success_rate),
            ("variables", template.variables),
        ]
    )
    say(f"\n{template.text}\n")
