"""What was used of what others charge for: by provider, by day, and against the day's limit."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadloom.cli import options
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import verb
from leadloom.connect.money import shown

if TYPE_CHECKING:
    from leadloom.analytics.spending import Spending, Success
    from leadloom.workspace import Workspace

usage_commands = typer.Typer()


@verb(usage_commands, "usage", panel="Leadloom itself")
def usage(
    ws: "Workspace",
    days: Annotated[
        int, typer.Option("--days", min=1, max=3_650, help="How far to look back.")
    ] = 30,
    as_json: options.Json = False,
) -> None:
    """Report what providers were asked in the last 30 days: what they found, how fast, the cost."""
    spent, fared = ws.figures.spending(days), ws.figures.success(days)
    if as_json:
        show_json(_as_json(spent, fared))
        return
    if not fared:
        say("Nobody outside was asked yet.")
    else:
        _show_providers(spent, fared)
        _show_days(spent)
    say(
        f"\nToday {shown(spent.today_usd)} of {spent.limit_usd:.2f} USD (daily_spend_limit); "
        f"{shown(spent.total_usd)} USD in {counted(days, 'day')}.",
        style="dim",
    )


def _show_providers(spent: "Spending", fared: "list[Success]") -> None:
    rows = [
        [
            one.provider,
            one.calls,
            one.found,
            one.failed,
            f"{one.rate:.0%}",
            "" if one.mean_ms is None else f"{one.mean_ms:.0f}",
            shown(sum(spent.by_provider.get(one.provider, []))),
        ]
        for one in fared
    ]
    heads = ["provider", "calls", "found", "failed", "success", "mean ms", "cost (USD)"]
    show_table(heads, rows)


def _show_days(spent: "Spending") -> None:
    """Days on which nothing was paid are left out."""
    by_day = [sum(costs) for costs in zip(*spent.by_provider.values(), strict=True)]
    told = zip(spent.days, by_day, strict=False)
    rows = [[str(day), shown(cost)] for day, cost in told if cost]
    if rows:
        say()
        show_table(["day", "cost (USD)"], rows)


def _as_json(spent: "Spending", fared: "list[Success]") -> dict[str, Any]:
    return {
        "today_usd": str(spent.today_usd),
        "limit_usd": str(spent.limit_usd),
        "total_usd": str(spent.total_usd),
        "providers": [
            {
                "provider": one.provider,
                "calls": one.calls,
                "found": one.found,
                "failed": one.failed,
                "success_rate": round(one.rate, 4),
                "mean_ms": one.mean_ms,
                "cost_usd": str(sum(spent.by_provider.get(one.provider, []))),
            }
            for one in fared
        ],
        "days": [
            {
                "day": str(day),
                "cost_usd": {name: str(costs[at]) for name, costs in spent.by_provider.items()},
            }
            for at, day in enumerate(spent.days)
        ],
    }
