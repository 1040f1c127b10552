"""Drafts, campaigns and files written, in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from leadloom.cli.render import counted, note, say, show_counts, show_pairs

if TYPE_CHECKING:
    from leadloom.exports.writing import Written
    from leadloom.outreach.campaigns import CampaignView
    from leadloom.outreach.drafting import DraftReport
    from leadloom.outreach.messages import Message


def show_drafting(report: "DraftReport", *, dry_run: bool = False) -> None:
    """Print how many drafts were written, who was left out and why, and what was missing."""
    campaign = report.campaign
    say(f"{'Would draft' if dry_run else 'Drafted'} {counted(report.drafted, 'message')}.")
    if report.updated:
        say(f"{counted(report.updated, 'draft')} written anew, since what they say changed.")
    if report.unchanged:
        say(f"{counted(report.unchanged, 'draft')} would say the same as before: left alone.")
    if report.kept:
        say(f"{counted(report.kept, 'message')} left already: not written anew.")
    show_skipped(report.skipped)
    show_missing(report.missing)
    if dry_run:
        say("\nNothing was changed: leave out --dry-run to draft.")
    elif report.drafted or report.updated:
        say(f"\nRead them: `leadloom messages --campaign {campaign}`.")
        say(f"Into a file: `leadloom campaigns export {campaign} drafts.csv`.")


def show_skipped(skipped: Iterable[tuple[str, int]]) -> None:
    """Print whom nothing was written to, by reason."""
    reasons = list(skipped)
    if reasons:
        say(f"Left out {counted(sum(number for _, number in reasons), 'lead')}:")
        show_counts((number, reason) for reason, number in reasons)


def note_missing(missing: Mapping[str, int]) -> None:
    """Say on stderr, before anything is written, which variables some leads have no value for."""
    for name, number in missing.items():
        note(f"{counted(number, 'lead')} without {name}: their drafts leave it out.")


def show_missing(missing: Mapping[str, int]) -> None:
    """Print which variables of the template had no value, and for how many leads."""
    if missing:
        say("Variables without a value:")
        show_counts((number, name) for name, number in missing.items())


def show_messages(messages: Sequence["Message"]) -> None:
    """Print messages to be read: to whom, the text, the facts used, the quality and why."""
    from leadloom.exports.drafts import explained

    for one in messages:
        say(f"To {one.lead_name or one.email} <{one.email}>", style="bold")
        say(f"Subject: {one.subject}\n\n{one.body}\n")
        reasons = "; ".join(
            f"-{reason['points']} {reason['text']}" for reason in one.quality_reasons
        )
        show_pairs(
            [
                ("campaign", f"{one.campaign}, variant {one.variant}, {one.message_type}"),
                ("status", one.status),
                ("quality", f"{one.quality_score:.0f}" + (f" ({reasons})" if reasons else "")),
                ("uses", explained(one.personalization)),
                ("id", one.id),
            ]
        )
        say("─" * 60, style="dim")


def show_campaign(view: "CampaignView") -> None:
    """Print a campaign and how far its messages are."""
    campaign = view.campaign
    say(campaign.name, style="bold")
    show_pairs(
        [
            ("status", campaign.status),
            ("template", campaign.template),
            ("group", campaign.group),
            ("variants", campaign.variants),
            *campaign.context.items(),
            ("generated", campaign.generated_at),
            ("exported", campaign.exported_at),
            ("times exported", campaign.export_count),
            *((f"messages {state}", number) for state, number in view.messages.items() if number),
        ]
    )
    say(f"\nRead them: `leadloom messages --campaign {campaign.name}`.", style="dim")


def show_written(written: "Written", noun: str) -> None:
    """Print which file was written."""
    how = "" if written.changed else " (it held just this already)"
    say(f"{counted(written.rows, noun)} in {written.path}{how}.")
    for text in written.notes:
        say(text)
