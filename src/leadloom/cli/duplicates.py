"""Duplicates: who may be the same person, or company, and what you say about it."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.either import Either, First, Second, name_of, verbs_of
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()
_PANEL = "Duplicates"

Companies = Annotated[bool, typer.Option("--companies", help="Pairs of companies.")]


@verb(commands, "duplicates", panel=_PANEL)
def duplicates(
    ws: "Workspace",
    companies: Companies = False,
    limit: options.Limit = 100,
    as_json: options.Json = False,
) -> None:
    """List pairs that may be one person (or company), best first, with the reasons."""
    found = (ws.companies if companies else ws.leads).duplicates(limit=limit)
    if as_json:
        show_json({"items": found, "next": None})
        return
    if not found:
        say("No duplicates are waiting for you.")
        if companies:
            say("Pairs of companies are looked for by `leadloom resolve`.", style="dim")
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
    """Say whether two leads, or companies, are one; your word outranks the machine's for ever."""
    verbs_of(ws, a, b).judge(a, b, verdict)
    if as_json:
        show_json({"a": a, "b": b, "verdict": verdict})
    else:
        say(f"Noted: {a} and {b} are {verdict if verdict != 'unsure' else 'perhaps the same'}.")


@verb(commands, "merge", panel=_PANEL)
def merge(ws: "Workspace", a: First, b: Second, as_json: options.Json = False) -> None:
    """Make two leads, or two companies, one: A goes on, B is woven into it."""
    verbs = verbs_of(ws, a, b)
    one = verbs.merge(a, b)
    if as_json:
        show_json(one)
    else:
        noun = verbs.entity.noun.capitalize()
        say(f"Merged into {name_of(one)}.")
        say(f"{noun} {one.id}; `leadloom unmerge {b}` takes it back.", style="dim")


@verb(commands, "unmerge", panel=_PANEL)
def unmerge(ws: "Workspace", ref: Either, as_json: options.Json = False) -> None:
    """Give back a lead, or a company, that was merged into another."""
    verbs = verbs_of(ws, ref)
    one, noun = verbs.unmerge(ref), verbs.entity.noun
    if as_json:
        show_json(one)
    else:
        say(f"{name_of(one)} is a {noun} of its own again.")
        say(f"{noun.capitalize()} {one.id}", style="dim")
