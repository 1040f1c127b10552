"""Groups: leads put together to write to."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.question import confirm
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import Listing, verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer(cls=Listing, help="Leads put together to write to.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The group's name.")]


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List the groups and how many are in each."""
    found = ws.groups.list()
    if as_json:
        show_json({"items": found, "next": None})
    elif found:
        rows = [[one.name, one.members, one.description] for one in found]
        show_table(["name", "leads", "description"], rows)
    else:
        say("There are no groups yet: `leadloom groups create NAME` makes the first one.")


@verb(commands, "create")
def create(
    ws: "Workspace",
    name: Name,
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="What it is for.")
    ] = None,
    where: options.Where = None,
    as_json: options.Json = False,
) -> None:
    """Make a group, with the leads that meet conditions if any are given."""
    group = ws.groups.create(name, description, where=where or ())
    if as_json:
        show_json(group)
    else:
        say(f"Made the group {group.name} with {counted(group.members, 'lead')}.")


@verb(commands, "add")
def add(
    ws: "Workspace",
    name: Name,
    refs: options.LeadRefs = None,
    where: options.Where = None,
    as_json: options.Json = False,
) -> None:
    """Put leads into a group: some by id, or all that meet conditions."""
    if not refs and not where:
        raise UsageError("Say who to add: ids of leads, or conditions with --where.")
    added = ws.groups.add(name, refs or (), where=where or ())
    if as_json:
        show_json({"group": name, "added": added})
    else:
        say(f"Added {counted(added, 'lead')} to {name}.")


@verb(commands, "remove")
def remove(
    ws: "Workspace",
    name: Name,
    refs: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids or e-mail addresses.")],
    as_json: options.Json = False,
) -> None:
    """Take leads out of a group; they stay leads."""
    removed = ws.groups.remove(name, refs)
    if as_json:
        show_json({"group": name, "removed": removed})
    else:
        say(f"Took {counted(removed, 'lead')} out of {name}.")


@verb(commands, "show")
def show(
    ws: "Workspace",
    name: Name,
    limit: options.Limit = 50,
    after: options.After = None,
    as_json: options.Json = False,
) -> None:
    """List the leads in a group."""
    page = ws.groups.members(name, limit=limit, after=after)
    if as_json:
        show_json({"items": page.items, "next": page.next})
        return
    if not page.items:
        say(f"Nobody is in {name} yet: `leadloom groups add` puts leads in.")
        return
    rows = [[one.full_name, one.company, one.email, one.id] for one in page.items]
    show_table(["full_name", "company", "email", "id"], rows)
    if page.next:
        say(f"\nThe next page: --after {page.next}.", style="dim")


@verb(commands, "delete")
def delete(
    ws: "Workspace", name: Name, yes: options.Yes = False, as_json: options.Json = False
) -> None:
    """Delete a group; its leads stay."""
    if not yes:
        confirm(f"Delete the group {name}? Its leads stay.")
    ws.groups.delete(name)
    if as_json:
        show_json({"deleted": name})
    else:
        say(f"Deleted the group {name}; its leads are still there.")
