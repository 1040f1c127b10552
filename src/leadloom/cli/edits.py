"""Commands that change a lead by hand."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.render import say, show_json
from leadloom.cli.verb import verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.leads.lead import Lead
    from leadloom.workspace import Workspace
    from leadloom.workspace.views import Edited

commands = typer.Typer()
_PANEL = "Change by hand"


@verb(commands, "add", panel=_PANEL)
def add(ws: "Workspace", values: options.Values, as_json: options.Json = False) -> None:
    """Add a lead by hand; one who is known already is updated."""
    _report(ws.leads.add(options.read_values(values)), as_json)


@verb(commands, "set", panel=_PANEL)
def set_(
    ws: "Workspace",
    ref: options.LeadRef,
    values: options.Values,
    as_json: options.Json = False,
) -> None:
    """Set fields of a lead by hand; FIELD= empties one. No import overrules it."""
    _report(ws.leads.set(ref, options.read_values(values)), as_json)


@verb(commands, "tag", panel=_PANEL)
def tag(
    ws: "Workspace",
    ref: options.LeadRef,
    tags: Annotated[
        list[str] | None, typer.Argument(metavar="[TAG]...", help="Tags to put on the lead.")
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", "-r", metavar="TAG", help="A tag to take away.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Put tags on a lead, and take others away with --remove."""
    if not tags and not remove:
        raise UsageError("Name a tag to put on the lead, or one to take away with --remove.")
    _report(ws.leads.tag(ref, add=tags or [], remove=remove or []), as_json)


@verb(commands, "delete", panel=_PANEL)
def delete(ws: "Workspace", ref: options.LeadRef, as_json: options.Json = False) -> None:
    """Delete a lead; `leadloom restore` brings it back."""
    lead = ws.leads.delete(ref)
    _told(lead, as_json, f"Deleted {_named(lead)}: `leadloom restore {lead.id}` brings it back.")


@verb(commands, "restore", panel=_PANEL)
def restore(ws: "Workspace", ref: options.LeadRef, as_json: options.Json = False) -> None:
    """Bring back a lead that was deleted."""
    lead = ws.leads.restore(ref)
    _told(lead, as_json, f"Restored {_named(lead)}.")


def _told(lead: "Lead", as_json: bool, sentence: str) -> None:
    if as_json:
        show_json(lead)
    else:
        say(sentence)


def _report(edited: "Edited", as_json: bool) -> None:
    if as_json:
        show_json(edited)
        return
    reason = f" ({edited.reason})" if edited.reason else ""
    say(f"{edited.status.capitalize()} {_named(edited.lead)}{reason}.")
    say(f"Lead {edited.lead.id}; `leadloom run undo last:edit` takes it back.", style="dim")


def _named(lead: "Lead") -> str:
    return lead.full_name or lead.email or lead.phone or lead.company or "a lead without a name"
