"""Campaigns: a template, a group, and the messages made from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.draft_view import note_missing, show_campaign, show_drafting, show_written
from leadloom.cli.progress import metered
from leadloom.cli.question import confirm
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import Listing, verb

if TYPE_CHECKING:
    from leadloom.outreach.campaigns import CampaignView
    from leadloom.workspace import Workspace

commands = typer.Typer(cls=Listing, help="Messages made from a template for a group.")

Ref = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's name or id.")]


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List the campaigns."""
    found = ws.campaigns.list()
    if as_json:
        show_json({"items": found, "next": None})
    elif found:
        rows = [[one.name, one.template, one.group, one.variants, one.status] for one in found]
        show_table(["name", "template", "group", "variants", "status"], rows)
    else:
        say("There are no campaigns yet: `leadloom campaigns create` makes the first one.")


@verb(commands, "create")
def create(
    ws: "Workspace",
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    group: Annotated[
        str | None, typer.Option("--group", "-g", metavar="GROUP", help="Who to write to.")
    ] = None,
    template: Annotated[
        str, typer.Option("--template", "-t", metavar="NAME", help="What to write.")
    ] = "intro",
    variants: Annotated[
        int, typer.Option("--variants", metavar="N", min=1, help="Messages for each lead.")
    ] = 3,
    context: options.Context = None,
    as_json: options.Json = False,
) -> None:
    """Make a campaign: which group gets messages from which template."""
    values = options.read_values(context, "--context event=Hannover")
    campaign = ws.campaigns.create(name, group, template, variants=variants, context=values)
    if as_json:
        show_json(campaign)
    else:
        say(f"Made the campaign {campaign.name}: `leadloom campaigns generate {name}` writes it.")


@verb(commands, "generate")
def generate(ws: "Workspace", ref: Ref, as_json: options.Json = False) -> None:
    """Write the drafts of a campaign; those that would be the same are left alone."""
    with metered("drafts", go_on="The same command again does the rest.") as meter:
        report = ws.campaigns.generate(
            ref,
            on_progress=lambda done, counts: meter.tell("Drafting", done),
            on_missing=note_missing,
        )
    if as_json:
        show_json(report)
    else:
        show_drafting(report)


@verb(commands, "export")
def export(
    ws: "Workspace",
    ref: Ref,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="drafts.csv, .xlsx, …")],
    as_json: options.Json = False,
) -> None:
    """Write the drafts of a campaign to a file for a mail merge."""
    written = ws.campaigns.export(ref, file)
    if as_json:
        show_json(written)
    else:
        show_written(written, "draft")


@verb(commands, "delete")
def delete(
    ws: "Workspace", ref: Ref, yes: options.Yes = False, as_json: options.Json = False
) -> None:
    """Delete a campaign and its messages, those that have left too; its leads stay."""
    view = ws.campaigns.show(ref)
    if not yes:
        confirm(_question(view))
    deleted = ws.campaigns.delete(ref, with_exported=True)
    name = view.campaign.name
    if as_json:
        show_json({"deleted": name, "messages": deleted})
    else:
        say(f"Deleted the campaign {name} and {counted(deleted, 'message')}; its leads stay.")


def _question(view: "CampaignView") -> str:
    count = counted(sum(view.messages.values()), "message")
    exported = view.campaign.exported_at
    left = (
        f" It was exported on {exported:%Y-%m-%d}: to whom will be forgotten." if exported else ""
    )
    return f"Delete the campaign {view.campaign.name} and its {count}?{left}"


@verb(commands, "show")
def show(ws: "Workspace", ref: Ref, as_json: options.Json = False) -> None:
    """Show a campaign: what it is, how far it is, and some of its drafts."""
    view = ws.campaigns.show(ref)
    if as_json:
        show_json(view)
    else:
        show_campaign(view)
