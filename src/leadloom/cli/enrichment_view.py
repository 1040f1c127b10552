"""What enrichment found, asked and cost; and how it stands while it goes on."""

from decimal import Decimal
from typing import TYPE_CHECKING

from leadloom.cli.progress import Meter
from leadloom.cli.render import counted, say, show_counts, show_table
from leadloom.connect.money import shown, usd

if TYPE_CHECKING:
    from leadloom.enrich.estimate import Estimate
    from leadloom.workspace.enrichment import Standing
    from leadloom.workspace.reports import EnrichReport


def show_standing(meter: Meter, now: "Standing") -> None:
    """Show how far a run has come; whom it asks, and what that cost so far."""
    parts = []
    for name, told in now.providers.items():
        found, cached = told.get("found", 0), told.get("cached", 0)
        failed = told.get("failed", 0) + told.get("lost", 0)
        parts.append(f"{name} {found:,} found/{cached:,} cached/{failed:,} failed")
    aside = "; ".join([*parts, f"{shown(now.cost_usd)} USD"]) if parts else ""
    meter.tell("Enriching", now.processed, total=now.total or None, aside=aside)


def has_findings(report: "EnrichReport") -> bool:
    """Whether something of a run was not done: leads that failed, or money that was short."""
    return bool(report.counts.get("failed")) or report.run.status in ("failed", "budget reached")


def show_enrichment(report: "EnrichReport", *, dry_run: bool = False) -> None:
    """Print what was found, and what it cost."""
    looked = sum(report.counts.values())
    found = "Would find" if dry_run else "Found"
    say(
        f"{found} {counted(report.facts, 'fact')} looking at {counted(looked, 'lead')} "
        f"in {report.seconds:.1f} s; cost {shown(report.cost)}"
    )
    if report.by_field:
        say()
        show_counts((number, name) for name, number in report.by_field.items())
    if report.by_provider:
        say()
        _show_providers(report)
    if report.expected:
        say()
        _show_expected(report.expected)
    for reason in sorted(set(report.left_out.values())):
        names = [name for name, why in report.left_out.items() if why == reason]
        say(f"\nNot asked, as {reason}: {', '.join(names)}.")
    if report.run.status not in ("completed", "processing"):
        reason = f": {report.run.error}" if report.run.error else ""
        more = " --budget USD" if report.run.status == "budget reached" else ""
        say(
            f"\nThe run is not complete ({report.run.status}{reason}); "
            f"`leadloom run resume {report.run.uuid}{more}` goes on with it.",
            style="bold",
        )


def _show_providers(report: "EnrichReport") -> None:
    rows = [
        [
            name,
            told.get("asked", 0),
            told.get("found", 0),
            told.get("nothing", 0),
            told.get("cached", 0),
            told.get("failed", 0) + told.get("lost", 0),
            shown(usd(told.get("cost_micro_usd", 0))),
        ]
        for name, told in report.by_provider.items()
    ]
    heads = ["provider", "asked", "found", "nothing", "cached", "failed", "cost (USD)"]
    show_table(heads, rows)
    for name, told in report.by_provider.items():
        if dropped := told.get("dropped"):
            claims = counted(dropped, "claim")
            say(f"{name}: {claims} left out, as the text that was read does not show them.")


def _show_expected(expected: "Estimate") -> None:
    rows = [
        [one.provider, one.cached, _range(one.least, one.most), _usd(one.least_usd, one.most_usd)]
        for one in expected.by_provider.values()
    ]
    show_table(["provider", "cached", "to ask", "cost (USD)"], rows)
    say(f"\nIt would cost {_usd(expected.least_usd, expected.most_usd)} USD.", style="bold")


def _range(least: object, most: object) -> str:
    return str(least) if least == most else f"{least} to {most}"


def _usd(least: Decimal, most: Decimal) -> str:
    return _range(shown(least), shown(most))
