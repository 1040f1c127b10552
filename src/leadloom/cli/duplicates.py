"""Duplicates: who may be the same person, and what you say about it."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()
_PANEL = "Duplicates"

First = Annotated[str, typer.Argument(metavar="A", help="A lead's id, or its e-mail address.")]
Second = Annotated[str, typer.Argument(metavar="B", help="Another lead's.")]


@verb(commands, "duplicates", panel=_PANEL)
def duplicates(ws: "Workspace", limit: options.Limit = 100, as_json: options.Json = False) -> None:
    """List pairs of leads that may be one person, best first, with the reasons."""
    found = ws.leads.duplicates(limit=limit)
    if as_json:
        show_json({"items": found, "next": None})
        return
    if not found:
        say("No duplicates are waiting for you.")
        return
    rows = [
        [f"{one.score:.0%}" if one.score is not None else "", one.a_name, one.b_name, one.a, one.b]
        for one in found
    ]
    show_table(["score", "this", "may be", "a id", "b id"], rows)
    for one in found:
        why, *details = one.reasons or [""]
        say(f"{one.a_name} / {one.b_name}: {why}", style="dim")
        if details:
            say(f"  {' · '.join(details)}", style="dim")
    say(f"\n{counted(len(found), 'pair')}: `leadloom judge A B same` or `different`.")


@verb(commands, "judge", panel=_PANEL)
def judge(
    ws: "Workspace",
    a: First,
    b: Second,
    verdict: Annotated[
        str, typer.Argument(metavar="same|different|unsure", help='"same" merges them.')
    ],
    as_json: options.Json = False,
) -> None:
    """Say whether two leads are one person; your word outranks the machine's for ever."""
    ws.leads.judge(a, b, verdict)
    if as_json:
        show_json({"a": a, "b": b, "verdict": verdict})
    else:
        say(f"Noted: {a} and {b} are {verdict if verdict != 'unsure' else 'perhaps the same'}.")


@verb(commands, "merge", panel=_PANEL)
def merge(ws: "Workspace", a: First, b: Second, as_json: options.Json = False) -> None:
    """Make two leads one: A goes on, B is woven into it."""
    lead = ws.leads.merge(a, b)
    if as_json:
        show_json(lead)
    else:
        say(f"Merged into {lead.full_name or lead.email or lead.id}.")
        say(f"Lead {lead.id}; `leadloom unmerge {b}` takes it back.", style="dim")


@verb(commands, "unmerge", panel=_PANEL)
def unmerge(ws: "Workspace", ref: options.LeadRef, as_json: options.Json = False) -> None:
    """Give back a lead that was merged into another."""
    lead = ws.leads.unmerge(ref)
    if as_json:
        show_json(lead)
    else:
        say(f"{lead.full_name or lead.email or lead.id} is a lead of its own again.")
        say(f"Lead {lead.id}", style="dim")
