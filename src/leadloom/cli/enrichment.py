"""Finding what is missing: the run, the providers, what it cost, and the workers that do it."""

import contextlib
import signal
import threading
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadloom.cli import options
from leadloom.cli.door import FINDINGS
from leadloom.cli.enrichment_providers import provider_commands
from leadloom.cli.enrichment_usage import usage_commands
from leadloom.cli.enrichment_view import has_findings, show_enrichment, show_standing
from leadloom.cli.imports import PANEL
from leadloom.cli.progress import metered
from leadloom.cli.render import counted, note, say, show_json, show_table
from leadloom.cli.verb import verb
from leadloom.connect.money import shown
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.storage.database import Database
    from leadloom.workspace import Workspace

commands = typer.Typer()
cache_commands = typer.Typer(help="What providers have answered, and is not asked for again.")
commands.add_typer(cache_commands, name="cache", rich_help_panel="Leadloom itself")
commands.add_typer(usage_commands)
commands.add_typer(provider_commands, name="providers", rich_help_panel="Leadloom itself")

GO_ON = "`leadloom run resume last:enrich` goes on with it."

Budget = Annotated[
    str | None,
    typer.Option("--budget", metavar="USD", help="Stop before it costs more (5.00)."),
]


@verb(commands, "enrich", panel=PANEL)
def enrich(
    ws: "Workspace",
    where: options.Where = None,
    fields: Annotated[
        str | None,
        typer.Option("--fields", metavar="FIELD,FIELD,…", help="Look for these only."),
    ] = None,
    providers: Annotated[
        str | None,
        typer.Option("--providers", metavar="NAME,NAME,…", help="Ask these only."),
    ] = None,
    budget: Budget = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            metavar="N",
            min=1,
            help="Calls under way at once (setting max_concurrent_enrichments).",
        ),
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask anew what was answered before.")
    ] = False,
    background: Annotated[
        bool, typer.Option("--background", help="Leave it to `leadloom worker`.")
    ] = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Find what is missing: from what is known already, and from the providers that are set up."""
    with metered("leads", go_on=GO_ON) as meter:
        report = ws.enrich(
            where or (),
            fields=_names(fields),
            providers=_names(providers),
            budget_usd=read_usd(budget),
            concurrency=concurrency,
            refresh=refresh,
            background=background,
            dry_run=dry_run,
            on_standing=lambda now: show_standing(meter, now),
        )
    if as_json:
        show_json(report)
    elif background:
        say(f"Run {report.run.uuid} waits for workers: start one with `leadloom worker`.")
    else:
        show_enrichment(report, dry_run=dry_run)
    if has_findings(report):
        raise typer.Exit(FINDINGS)


@verb(commands, "cost", panel="Leadloom itself")
def cost(
    ws: "Workspace",
    by: Annotated[
        str, typer.Option("--by", metavar="provider|run|day|lead", help="What to add up by.")
    ] = "provider",
    days: Annotated[
        int, typer.Option("--days", min=1, max=3_650, help="How far to look back.")
    ] = 30,
    limit: options.Limit = 100,
    as_json: options.Json = False,
) -> None:
    """Say what calls outside have cost in the last 30 days, by provider, run, day or lead."""
    found = ws.enrichment.costs(by, days=days, limit=limit)
    if as_json:
        show_json({"items": [_cost(one) for one in found], "next": None})
        return
    if not found:
        say("Nobody outside was asked yet, so nothing was paid.")
        return
    rows = [
        [
            one.name,
            one.calls,
            one.found,
            one.failed,
            one.tokens,
            f"{one.cost_usd:f}",
            f"{one.perhaps_usd:f}" if one.perhaps_usd else "",
        ]
        for one in found
    ]
    heads = [by, "calls", "found", "failed", "tokens", "cost (USD)", "perhaps billed"]
    show_table(heads, rows)
    total = sum((one.cost_usd for one in found), Decimal(0))
    say(f"\n{shown(total)} USD in {counted(days, 'day')}.", style="dim")


@verb(commands, "worker", panel="Leadloom itself")
def worker(
    database: "Database",
    slots: Annotated[
        int, typer.Option("--slots", metavar="N", min=1, max=64, help="Jobs at once.")
    ] = 4,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when nothing is left to do.")
    ] = False,
    pg_boss: Annotated[
        str | None,
        typer.Option(
            "--pg-boss", metavar="QUEUE", help="Do the jobs of this queue of pg-boss, too."
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Do what waits to be done, here, until Ctrl-C; as many workers as you like share the work."""
    from leadloom.enrich import crew  # noqa: F401 - what it can do
    from leadloom.imports import orphans  # noqa: F401 - the same
    from leadloom.jobs.pg_boss_work import BossWorker
    from leadloom.jobs.worker import Worker
    from leadloom.storage import schema

    schema.ensure(database)
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with contextlib.ExitStack() as stack:
        worker = stack.enter_context(Worker(database, slots=slots))
        boss = stack.enter_context(BossWorker(database, pg_boss, {})) if pg_boss else None
        if not as_json:
            note(f"Working as {worker.executor}; Ctrl-C ends it.")
            for count, what, group in (
                (worker.jobs_came_along, "job", "jobs"),
                (worker.schedules_came_along, "schedule", "schedule"),
            ):
                if count:
                    note(
                        f"{counted(count, what)} came with a backup or a copy: "
                        f"`leadloom {group} resume --all` has them done here."
                    )
        try:
            while not stop.wait(0.25):
                if until_idle and worker.jobs.is_idle() and (boss is None or boss.is_idle()):
                    break
        except KeyboardInterrupt:
            note("Ending; what is not done is left to others.")
        done, failed = worker.jobs.done_by(worker.executor)
        done += boss.done if boss else 0
    if as_json:
        show_json({"worker": worker.executor, "done": done, "failed": failed})
    else:
        why = f"; {counted(failed, 'job')} failed: `leadloom jobs` says why" if failed else ""
        say(f"Did {counted(done, 'job')}{why}.")


@verb(cache_commands, "stats")
def cache_stats(ws: "Workspace", as_json: options.Json = False) -> None:
    """Say how many answers are kept, and how often they were of use."""
    found = ws.enrichment.cache()
    if as_json:
        show_json(
            {
                "entries": found.entries,
                "nothing": found.nothing,
                "expired": found.expired,
                "hits": found.hits,
            }
        )
        return
    say(
        f"{counted(found.entries, 'answer')} kept ({found.nothing:,} of them that there is nothing "
        f"to be found, {found.expired:,} expired); used {counted(found.hits, 'time')}."
    )


@verb(cache_commands, "clear")
def cache_clear(
    ws: "Workspace",
    provider: Annotated[
        str | None, typer.Option("--provider", metavar="NAME", help="Only of this one.")
    ] = None,
    expired: Annotated[bool, typer.Option("--expired", help="Only what has expired.")] = False,
    as_json: options.Json = False,
) -> None:
    """Forget what providers have answered: it is asked, and paid for, anew."""
    gone = ws.enrichment.clear_cache(provider, expired_only=expired)
    if as_json:
        show_json({"cleared": gone})
    else:
        say(f"Forgot {counted(gone, 'answer')}.")


def read_usd(text: str | None) -> Decimal | None:
    """Read an amount of US dollars. Raises UsageError."""
    if text is None:
        return None
    try:
        return Decimal(text.removeprefix("$"))
    except InvalidOperation:
        raise UsageError(
            f"--budget takes a number of US dollars such as 5.00, not {text[:40]!r}."
        ) from None


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _cost(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "calls": one.calls,
        "found": one.found,
        "failed": one.failed,
        "tokens": one.tokens,
        "cost_usd": str(one.cost_usd),
        "perhaps_billed_usd": str(one.perhaps_usd),
    }
