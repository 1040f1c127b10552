"""Drafting messages, reading them, and saying who must not be written to."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.draft_view import note_missing, show_drafting, show_messages
from leadloom.cli.progress import metered
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()
_PANEL = "Write to them"


@verb(commands, "draft", panel=_PANEL)
def draft(
    ws: "Workspace",
    template: options.Template = None,
    variants: options.Variants = None,
    where: options.Where = None,
    campaign: Annotated[
        str | None,
        typer.Option("--campaign", metavar="NAME", help="Keep them in this campaign."),
    ] = None,
    context: options.Context = None,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Draft a message to each lead, or to those that meet conditions."""
    values = options.read_values(context, "--context event=Hannover")
    with metered("drafts", go_on="The same command again does the rest.") as meter:
        report = ws.draft(
            template=template,
            variants=variants,
            where=where or (),
            campaign=campaign,
            dry_run=dry_run,
            context=values,
            on_progress=lambda done, counts: meter.tell("Drafting", done),
            on_missing=note_missing,
        )
    if as_json:
        show_json(report)
    else:
        show_drafting(report, dry_run=dry_run)


@verb(commands, "messages", panel=_PANEL)
def messages(
    ws: "Workspace",
    campaign: Annotated[
        str | None, typer.Option("--campaign", metavar="NAME", help="Only those of a campaign.")
    ] = None,
    lead: Annotated[
        str | None, typer.Option("--lead", metavar="ID", help="Only those to a lead.")
    ] = None,
    limit: options.Limit = 20,
    after: options.After = None,
    as_json: options.Json = False,
) -> None:
    """Read the messages: what they say, which facts they use, how good they are and why."""
    page = ws.messages(campaign=campaign, lead=lead, limit=limit, after=after)
    if as_json:
        show_json({"items": page.items, "next": page.next})
    elif page.items:
        show_messages(page.items)
        more = f"; the next page: --after {page.next}" if page.next else ""
        say(f"{counted(len(page.items), 'message')}{more}.", style="dim")
    else:
        say("There are no messages: `leadloom draft` writes some.")


@verb(commands, "mark", panel=_PANEL)
def mark(
    ws: "Workspace",
    state: Annotated[
        str, typer.Argument(metavar="STATE", help="queued, sent, delivered, opened or replied.")
    ],
    ids: Annotated[
        list[str],
        typer.Argument(metavar="MESSAGE...", help="Ids, as `message_id` in exported drafts."),
    ],
    as_json: options.Json = False,
) -> None:
    """Say what became of messages that left; templates are measured by it."""
    marked = ws.mark(ids, state)
    if as_json:
        show_json({"items": marked, "next": None})
    else:
        say(f"{counted(len(marked), 'message')} {state} now.")


@verb(commands, "suppress", panel=_PANEL)
def suppress(
    ws: "Workspace",
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ADDRESS]...", help="E-mail addresses or domains; none: list them."
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Allow them again.")] = False,
    as_json: options.Json = False,
) -> None:
    """Never write to an address or a domain again; without one, list them."""
    if not values:
        if remove or reason:
            raise UsageError("Name the addresses or domains that are meant.")
        _list_suppressed(ws, as_json)
        return
    with ws.transaction() as together:
        for value in values:
            if remove:
                together.unsuppress(value)
            else:
                together.suppress(value, reason)
    if as_json:
        show_json({"suppressed": [] if remove else values, "allowed": values if remove else []})
    else:
        what = "May be written to again" if remove else "Will not be written to"
        say(f"{what}: {', '.join(values)}.")


def _list_suppressed(ws: "Workspace", as_json: bool) -> None:
    found = ws.suppressions()
    if as_json:
        show_json({"items": found, "next": None})
    elif found:
        rows = [[one.kind, one.value, one.reason, one.created_at] for one in found]
        show_table(["kind", "value", "reason", "since"], rows)
    else:
        say("Nobody is suppressed.")
