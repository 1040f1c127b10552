"""Schedules: what `leadloom worker` does at its time."""

import datetime as dt
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from leadloom.cli import database, enrichment, imports, options, resolving
from leadloom.cli.door import FAILED, FINDINGS
from leadloom.cli.progress import metered
from leadloom.cli.render import say, show_json, show_table
from leadloom.cli.verb import Listing, verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace
    from leadloom.workspace.schedules import ScheduleView

commands = typer.Typer(cls=Listing, help="What workers do again and again, at its time.")

_HOLDERS = {
    "enrich": enrichment.commands,
    "resolve": resolving.commands,
    "import": imports.commands,
    "db": database.commands,
}

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the schedule is called.")]


@verb(commands, "add")
def add(
    ws: "Workspace",
    name: Name,
    command: Annotated[
        list[str],
        typer.Argument(
            metavar="-- COMMAND...",
            help="enrich, resolve, import, db backup or db maintain, with their options.",
        ),
    ],
    cron: Annotated[
        str,
        typer.Option(
            "--cron",
            metavar="CRON",
            help='Minute, hour, day, month, weekday: "0 6 * * 1-5" (setting timezone).',
        ),
    ],
    as_json: options.Json = False,
) -> None:
    """Have workers do a command at its times, in this workspace and as you."""
    check(ws, command)
    made = ws.schedules.add(name, cron, command)
    if as_json:
        show_json(made)
        return
    say(f"{made.name} runs next on {_time(made.next_at, made)}: leadloom {_typed(made)}.")
    say("A `leadloom worker` has to be up then; one that comes later does it late.", style="dim")


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List the schedules: their next run, their last, and what came of it."""
    found = ws.schedules.list()
    if as_json:
        show_json({"items": found, "next": None})
        return
    if not found:
        say("Nothing is scheduled yet: `leadloom schedule add --help` says how.")
        return
    rows = [
        [
            one.name,
            one.cron,
            _typed(one),
            "paused" if one.is_paused else _time(one.next_at, one),
            _time(one.last_at, one),
            _outcome(one),
            one.message or "",
        ]
        for one in found
    ]
    show_table(["name", "cron", "command", "next run", "last run", "outcome", "it said"], rows)
    say(f"\nTimes are of {found[0].timezone} (setting timezone).", style="dim")


@verb(commands, "remove")
def remove(ws: "Workspace", name: Name, as_json: options.Json = False) -> None:
    """Take a schedule out; a run of it that is under way goes on."""
    gone = ws.schedules.remove(name)
    if as_json:
        show_json(gone)
    else:
        say(f"{gone.name} is scheduled no more.")


@verb(commands, "resume")
def resume(
    ws: "Workspace",
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="What the schedule is called.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="All schedules of this workspace that are paused.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Have a schedule done here that came with a backup or a copy."""
    if all_ == (name is not None):
        raise UsageError("Name a schedule, or say --all.")
    resumed = [ws.schedules.resume(name)] if name is not None else ws.schedules.resume_all()
    if as_json:
        show_json({"items": resumed, "next": None} if all_ else resumed[0])
        return
    for one in resumed:
        say(f"{one.name} runs next on {_time(one.next_at, one)}: leadloom {_typed(one)}.")
    if not resumed:
        say("No schedule is paused.")


@verb(commands, "run")
def run(ws: "Workspace", name: Name, as_json: options.Json = False) -> None:
    """Do what a schedule does here and now, whatever its time."""
    with metered("") as meter:
        meter.tell(f"Running {name}", 0)
        done = ws.schedules.run(name)
    if as_json:
        show_json(done)
    else:
        say(f"{done.name}: {_outcome(done)}. {done.message or ''}".strip())
    if done.outcome != "done":
        raise typer.Exit(FINDINGS if done.outcome == "with failures" else FAILED)


def check(ws: "Workspace", command: Sequence[str]) -> None:
    """Raise when the command could not be typed like that; nothing of it is done."""
    from leadloom.jobs.schedules import check_command, verb_of

    check_command(command)
    path = verb_of(command)
    given = _parsed(path, command[len(path) :])
    if path == ("enrich",):
        enrichment.read_usd(given["budget"])
        lists = [
            [one.strip() for one in (given[name] or "").split(",") if one.strip()]
            for name in ("fields", "providers")
        ]
        ws.schedules.check_enrichment(given["where"] or (), *lists)
    if path == ("import",):
        options.read_mapping(given["mapping"])
    if given.get("dry_run"):
        raise UsageError("What only rehearses does nothing: leave --dry-run out.")


def _parsed(path: Sequence[str], words: Sequence[str]) -> dict[str, Any]:
    """Return what a command's arguments and options hold. Raises what typing it would."""
    group: Any = typer.main.get_command(_HOLDERS[path[0]])
    with group.commands[path[-1]].make_context(f"leadloom {' '.join(path)}", list(words)) as parsed:
        params: dict[str, Any] = parsed.params
        return params


def _typed(one: "ScheduleView") -> str:
    return shlex.join(one.command)


def _time(moment: dt.datetime | None, one: "ScheduleView") -> str:
    return "" if moment is None else f"{moment.astimezone(ZoneInfo(one.timezone)):%Y-%m-%d %H:%M}"


def _outcome(one: "ScheduleView") -> str:
    late = "" if one.late_s is None else f", {_span(one.late_s)} late"
    return f"{one.outcome or 'never ran'}{late}"


def _span(seconds: int) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds // 60} min"
