"""Events: what happened, in a list or as it happens."""

import select
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.render import json_text, note, say, show_json, show_table, text_of
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace
    from leadloom.workspace.events import FeedEvent

commands = typer.Typer()

_SHOWN = 50


@verb(commands, "events", panel="Runs")
def events(
    ws: "Workspace",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on, telling what happens as it happens.")
    ] = False,
    after: Annotated[
        int | None,
        typer.Option("--after", metavar="ID", min=0, help="Begin after this event (0: with all)."),
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", "-t", metavar="TYPE", help="lead.created, or lead.* for all."),
    ] = None,
    lead: Annotated[
        str | None,
        typer.Option("--lead", metavar="ID", help="Of one lead, messages to it included."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=1, help="How many at most (50; following: all)."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List what happened, the latest last; --follow goes on until Ctrl-C."""
    if follow:
        batches = ws.events.batches(after, types=types or (), lead=lead)
        _follow(batches, limit, as_json)
        return
    page = ws.events.list(after, types=types or (), lead=lead, limit=limit or _SHOWN)
    if as_json:
        show_json({"items": page.items, "next": page.next})
        return
    if not page.items:
        say("Nothing happened yet." if after is None else "Nothing happened since.")
        return
    rows = [[e.id, e.at, e.type, _told(e), e.actor, e.entity_id] for e in page.items]
    show_table(["event", "when", "what", "details", "by", "id"], rows, wraps=True)
    if page.next:
        say(f"\nThe next page: --after {page.next}.", style="dim")


def _follow(batches: "Iterator[Sequence[FeedEvent]]", limit: int | None, as_json: bool) -> None:
    """Print events as they come, until there were `limit`, Ctrl-C, or nobody reads any more."""
    try:
        for event in islice(_while_read(batches), limit):
            print(json_text(event) if as_json else _line(event), flush=True)
    except KeyboardInterrupt:
        note("Stopped listening.")


def _while_read(batches: "Iterable[Sequence[FeedEvent]]") -> "Iterator[FeedEvent]":
    for batch in batches:
        if not batch and _is_deserted():
            return
        yield from batch


def _is_deserted() -> bool:
    """Whether who read our output has gone away (`| head`)."""
    if not hasattr(select, "poll"):
        return False
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):
        return False
    return any(state & (select.POLLERR | select.POLLNVAL) for _, state in poll.poll(0))


def _line(event: "FeedEvent") -> str:
    parts = (event.id, event.at, event.type, event.entity_id, _told(event))
    return "  ".join(text for part in parts if (text := text_of(part)))


def _told(event: "FeedEvent") -> str:
    """Return what an event says: "changed status, title; status: raw → enriched"."""
    parts = [f"{name}: {text_of(value)}" for name, value in event.data.items()]
    if event.changed:
        parts.insert(0, f"changed {text_of(event.changed)}")
    parts += [
        f"{name}: {text_of(event.old.get(name)) or 'nothing'} → {text_of(new) or 'nothing'}"
        for name, new in event.new.items()
    ]
    return "; ".join(parts)
