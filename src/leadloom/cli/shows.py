"""Shows: fairs and events, their leads and campaigns."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.question import confirm
from leadloom.cli.render import counted, say, show_json, show_pairs, show_table
from leadloom.cli.verb import Listing, verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer(
    cls=Listing, help="Fairs and events, the leads met there, and what is written to them."
)

Ref = Annotated[str, typer.Argument(metavar="SHOW", help="The show's name or id.")]
Runs = Annotated[list[str], typer.Argument(metavar="RUN...", help="Imports; `last` is one too.")]


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List the shows and how many leads were met at each."""
    found = ws.shows.list()
    if as_json:
        show_json({"items": found, "next": None})
    elif found:
        rows = [[one.name, one.place, one.starts_on, one.ends_on, one.leads] for one in found]
        show_table(["name", "place", "starts_on", "ends_on", "leads"], rows)
    else:
        say("There are no shows yet: `leadloom shows create NAME` makes the first one.")


@verb(commands, "create")
def create(
    ws: "Workspace",
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FIELD=VALUE]...", help="place, starts_on, ends_on, industry, …"),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Make a show."""
    show = ws.shows.create(name, **_values(values or []))
    if as_json:
        show_json(show)
    else:
        say(f"Made the show {show.name}: `leadloom shows add` says which imports belong to it.")


@verb(commands, "set")
def set_(
    ws: "Workspace",
    ref: Ref,
    values: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="What to set.")],
    as_json: options.Json = False,
) -> None:
    """Change a show: name, place, starts_on, ends_on, industry or description."""
    show = ws.shows.set(ref, _values(values))
    if as_json:
        show_json(show)
    else:
        say(f"Saved the show {show.name}.")


@verb(commands, "show")
def show(
    ws: "Workspace",
    ref: Ref,
    limit: options.Limit = 50,
    after: options.After = None,
    as_json: options.Json = False,
) -> None:
    """Show a show: its imports, its campaigns, and the leads met there."""
    view = ws.shows.show(ref)
    page = ws.shows.leads(ref, limit=limit, after=after)
    if as_json:
        show_json({**view.as_json(), "items": page.items, "next": page.next})
        return
    one = view.show
    say(one.name, style="bold")
    show_pairs([("place", one.place), ("when", one.when), ("leads", one.leads)])
    for id, source, count in view.runs:
        say(f"{source or 'Nothing'}: {counted(count, 'lead')} (import {id})")
    for name in view.campaigns.values():
        say(f"Campaign {name}")
    rows = [[lead.full_name, lead.company, lead.email, lead.id] for lead in page.items]
    if rows:
        show_table(["full_name", "company", "email", "id"], rows)
    if page.next:
        say(f"\nThe next page: --after {page.next}.", style="dim")


@verb(commands, "add")
def add(ws: "Workspace", ref: Ref, runs: Runs, as_json: options.Json = False) -> None:
    """Say that imports brought leads of a show."""
    added = ws.shows.add_runs(ref, runs)
    if as_json:
        show_json({"show": ref, "added": added})
    else:
        say(f"Added {counted(added, 'import')}: {ws.shows.show(ref).show.leads:,} leads now.")


@verb(commands, "remove")
def remove(ws: "Workspace", ref: Ref, runs: Runs, as_json: options.Json = False) -> None:
    """Say that imports have nothing to do with a show; their leads stay."""
    removed = ws.shows.remove_runs(ref, runs)
    if as_json:
        show_json({"show": ref, "removed": removed})
    else:
        say(f"Took {counted(removed, 'import')} away from {ref}.")


@verb(commands, "write")
def write(
    ws: "Workspace",
    ref: Ref,
    template: Annotated[
        str, typer.Option("--template", "-t", metavar="NAME", help="What to write.")
    ] = "trade-show",
    campaign: Annotated[
        str | None, typer.Option("--campaign", metavar="NAME", help="What to call the campaign.")
    ] = None,
    variants: Annotated[
        int, typer.Option("--variants", metavar="N", min=1, help="Messages for each lead.")
    ] = 1,
    as_json: options.Json = False,
) -> None:
    """Make a campaign that writes to everybody met at a show."""
    made = ws.shows.write(ref, template, name=campaign, variants=variants)
    if as_json:
        show_json(made)
    else:
        say(f"Made the campaign {made.name}: `leadloom campaigns generate` writes it.")


@verb(commands, "delete")
def delete(
    ws: "Workspace", ref: Ref, yes: options.Yes = False, as_json: options.Json = False
) -> None:
    """Delete a show; its leads, imports and campaigns stay."""
    if not yes:
        confirm(f"Delete the show {ref}? Its leads, imports and campaigns stay.")
    ws.shows.delete(ref)
    if as_json:
        show_json({"deleted": ref})
    else:
        say(f"Deleted the show {ref}; its leads are still there.")


def _values(said: list[str]) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for one in said:
        name, sign, value = one.partition("=")
        if not sign:
            raise UsageError(f"{one!r} says no value: write FIELD=VALUE, as in place=Hannover.")
        values[name.strip()] = value
    if "name" in values and not values["name"]:
        raise UsageError("A show needs a name.")
    return values
