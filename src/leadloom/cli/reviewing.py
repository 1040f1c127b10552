"""Deciding about drafts: accept, edit, skip, and take it back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import Listing, verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer(cls=Listing, help="Decide about drafts: accept, edit or skip them.")

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of messages.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The message's id.")]


@verb(commands, "list")
def list_(
    ws: "Workspace",
    standing: Annotated[
        str, typer.Option("--standing", metavar="STATE", help="waiting, accepted, skipped or sent.")
    ] = "waiting",
    campaign: Annotated[
        str | None, typer.Option("--campaign", metavar="NAME", help="Only those of a campaign.")
    ] = None,
    limit: options.Limit = 50,
    after: options.After = None,
    as_json: options.Json = False,
) -> None:
    """List the drafts that wait for a decision, or those decided."""
    from leadloom.outreach.messages import STANDINGS

    known = next((one for one in STANDINGS if one == standing), None)
    if known is None:
        raise UsageError(f"There is no state {standing!r}: choose from {', '.join(STANDINGS)}.")
    page = ws.drafts.list(known, campaign=campaign, limit=limit, after=after)
    if as_json:
        show_json({"items": page.items, "next": page.next, "counts": ws.drafts.counts(campaign)})
        return
    if not page.items:
        say(f"No draft is {standing}.")
        return
    rows = [[one.email, one.subject, round(one.quality_score), one.id] for one in page.items]
    show_table(["email", "subject", "quality", "id"], rows)
    if page.next:
        say(f"\nThe next page: --after {page.next}.", style="dim")


@verb(commands, "accept")
def accept(ws: "Workspace", ids: Ids, as_json: options.Json = False) -> None:
    """Let drafts go out as they are."""
    with ws.transaction() as together:
        decided = [together.drafts.accept(id) for id in ids]
    if as_json:
        show_json({"accepted": [one.id for one in decided]})
    else:
        say(f"Accepted {counted(len(decided), 'draft')}.")


@verb(commands, "skip")
def skip(ws: "Workspace", ids: Ids, as_json: options.Json = False) -> None:
    """Keep drafts out of files; `drafts undo` lets them in again."""
    with ws.transaction() as together:
        decided = [together.drafts.skip(id) for id in ids]
    if as_json:
        show_json({"skipped": [one.id for one in decided]})
    else:
        say(f"Skipped {counted(len(decided), 'draft')}.")


@verb(commands, "edit")
def edit(
    ws: "Workspace",
    id: Id,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="TEXT", help="The new subject.")
    ] = None,
    body: Annotated[
        str | None, typer.Option("--body", metavar="FILE", help="The new text; - reads stdin.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Give a draft another subject or text; drafting anew leaves it alone then."""
    if subject is None and body is None:
        raise UsageError("Say what is new: --subject TEXT, --body FILE, or both.")
    before = ws.drafts.get(id)
    text = before.body if body is None else _read(body)
    after = ws.drafts.edit(id, before.subject if subject is None else subject, text)
    if as_json:
        show_json(after)
    else:
        say(f"Saved the draft to {after.email}: quality {after.quality_score:.0f}.")


@verb(commands, "undo")
def undo(ws: "Workspace", id: Id, as_json: options.Json = False) -> None:
    """Take the last decision or edit of a draft back; again and again, it walks back."""
    message = ws.drafts.take_back(id)
    if as_json:
        show_json(message)
    else:
        say(f"Took it back: the draft to {message.email} is {message.review or 'waiting'}.")


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The text {file} cannot be read: give a file in UTF-8.") from error
