"""Jobs: what workers are to do, are at, and have done."""

import datetime as dt
import re
import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadloom.cli import options
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.schedule import check
from leadloom.cli.verb import Listing, verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace
    from leadloom.workspace.jobs import JobView

commands = typer.Typer(cls=Listing, help="What workers are to do, are at, and have done.")

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_LONGEST_OUTPUT = 60

Ref = Annotated[
    str,
    typer.Argument(
        metavar="JOB", help="A job's id, its last characters (four or more), or `last`."
    ),
]


@verb(commands, "list")
def list_(
    ws: "Workspace",
    limit: options.Limit = 50,
    after: options.After = None,
    as_json: options.Json = False,
) -> None:
    """List jobs, the newest first."""
    page = ws.jobs.list(limit, after)
    if as_json:
        show_json({"items": page.items, "next": page.next})
        return
    if not page.items:
        say("No job yet: `leadloom jobs add -- enrich --budget 5` has a worker do a command.")
        return
    rows = [
        [
            one.id[-8:],
            one.state,
            _what(one),
            f"{one.created_at:%Y-%m-%d %H:%M}" if one.created_at else "",
            _told(one)[:_LONGEST_OUTPUT],
        ]
        for one in page.items
    ]
    show_table(["job", "state", "what", "added (UTC)", "it said"], rows)
    if page.next:
        say(f"\nMore: --after {page.next}", style="dim")


@verb(commands, "show")
def show(ws: "Workspace", job: Ref, as_json: options.Json = False) -> None:
    """Show one job: what it is, how it is to be done, how far it is."""
    found = ws.jobs.get(job)
    if as_json:
        show_json(found)
        return
    told = found.as_json()
    data = told.pop("data")
    pairs = {**told, **data, "what": _what(found), "output": _told(found)}
    pairs.pop("command", None)
    show_table(
        ["", ""],
        [[name.replace("_", " "), one] for name, one in pairs.items() if one not in (None, "")],
    )


@verb(commands, "add")
def add(
    ws: "Workspace",
    command: Annotated[
        list[str],
        typer.Argument(
            metavar="-- COMMAND...",
            help="enrich, resolve, import, db backup or db maintain, with their options.",
        ),
    ],
    priority: Annotated[
        int, typer.Option("--priority", metavar="N", help="Higher ones are done first.")
    ] = 0,
    start_after: Annotated[
        str | None,
        typer.Option("--in", metavar="SPAN", help="Not before: 30s, 10m, 2h or 1d from now."),
    ] = None,
    retries: Annotated[
        int, typer.Option("--retries", metavar="N", min=0, help="How often it is tried again.")
    ] = 2,
    retry_delay: Annotated[
        str, typer.Option("--retry-delay", metavar="SPAN", help="Wait so long in between.")
    ] = "1s",
    backoff: Annotated[
        bool, typer.Option("--backoff/--no-backoff", help="Wait twice as long each time.")
    ] = True,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help="Only one of a key waits or runs at a time."),
    ] = None,
    expire_in: Annotated[
        str | None,
        typer.Option("--expire-in", metavar="SPAN", help="The longest an attempt may take."),
    ] = None,
    keep_for: Annotated[
        str | None,
        typer.Option("--keep-for", metavar="SPAN", help="Remember it so long when it is over."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Have whichever worker comes first do a command once, in this workspace and as you."""
    check(ws, command)
    made = ws.jobs.add(
        command,
        priority=priority,
        start_after_s=_seconds(start_after) or 0.0,
        retry_limit=retries,
        retry_delay_s=_seconds(retry_delay) or 0.0,
        retry_backoff=backoff,
        singleton_key=key,
        expire_in_s=_seconds(expire_in),
        keep_for_s=_seconds(keep_for),
    )
    if as_json:
        show_json(made)
        return
    say(f"Job {made.id[-8:]} is {made.state}: leadloom {_what(made)}.")
    say("A `leadloom worker` does it; `leadloom jobs` says how far it is.", style="dim")


@verb(commands, "cancel")
def cancel(ws: "Workspace", job: Ref, as_json: options.Json = False) -> None:
    """Stop a job for good, at once if it is under way."""
    _tell(ws.jobs.cancel(job), as_json)


@verb(commands, "pause")
def pause(ws: "Workspace", job: Ref, as_json: options.Json = False) -> None:
    """Stop a job until it is resumed."""
    _tell(ws.jobs.pause(job), as_json)


@verb(commands, "resume")
def resume(
    ws: "Workspace",
    job: Annotated[
        str | None,
        typer.Argument(metavar="[JOB]", help="A job's id, its last characters, or `last`."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that are paused.")] = False,
    as_json: options.Json = False,
) -> None:
    """Have a job done after all that was paused or cancelled, or came with a backup."""
    if every == (job is not None):
        raise UsageError("Name a job, or give --all: `leadloom jobs` lists what there is.")
    if job is not None:
        _tell(ws.jobs.resume(job), as_json)
        return
    resumed = ws.jobs.resume_all()
    if as_json:
        show_json({"items": resumed, "next": None})
    else:
        say(f"Resumed {counted(len(resumed), 'job')}.")


def _tell(job: "JobView", as_json: bool) -> None:
    if as_json:
        show_json(job)
    else:
        say(f"Job {job.id[-8:]} is {job.state}.")


def _what(job: "JobView") -> str:
    words = job.data.get("command")
    return shlex.join(words) if words else str(job.name)


def _told(job: "JobView") -> str:
    found: Any = job.output
    if isinstance(found, dict):
        found = found.get("message")
    return str(found or "")


def _seconds(span: str | None) -> float | None:
    if span is None:
        return None
    found = _SPAN.fullmatch(span.strip().lower())
    if found is None:
        raise UsageError(f"{span!r} is no span of time: write 30s, 10m, 2h or 1d.")
    return dt.timedelta(seconds=float(found[1]) * _SECONDS[found[2]]).total_seconds()
