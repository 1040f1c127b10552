"""Resolution: everybody grouped again, the model that judges, and why two are one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.either import First, Second, verbs_of
from leadloom.cli.progress import metered
from leadloom.cli.render import counted, say, show_json, show_table
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadloom.resolve.examples import Woven
    from leadloom.workspace import Workspace
    from leadloom.workspace.resolution import ResolveReport

commands = typer.Typer()
resolve_commands = typer.Typer()
commands.add_typer(resolve_commands, name="resolve", rich_help_panel="Duplicates")

Everything = Annotated[
    bool, typer.Option("--all", "-a", help="Everybody, not only who came since the last time.")
]


@verb(resolve_commands, "resolve", is_group=True)
def resolve(
    ws: "Workspace",
    dry_run: options.DryRun = False,
    everything: Everything = False,
    as_json: options.Json = False,
) -> None:
    """Compare everybody with everybody: weave together who is one, part who is not."""
    with metered("rows", go_on="`leadloom run resume last:resolve` goes on with it.") as meter:
        report = ws.resolution.run(
            everything=everything,
            dry_run=dry_run,
            on_reading=lambda rows: meter.tell("Reading", rows),
            on_progress=lambda done, counts: meter.tell("Resolving", done),
        )
    tell_resolved(report, as_json=as_json)


@verb(resolve_commands, "train")
def train(ws: "Workspace", as_json: options.Json = False) -> None:
    """Learn from all there is, and from what you judged, merged and parted."""
    with metered("rows") as meter:
        report = ws.resolution.train(on_reading=lambda rows: meter.tell("Reading", rows))
    if as_json:
        show_json(report)
        return
    say(
        f"Version {report.version} was learned from {counted(report.records, 'record')} and "
        f"{counted(report.words, 'word')} of yours."
    )
    say(
        "It judges what comes from now on; `leadloom resolve --all` lets it judge who is there, "
        f"and `leadloom run undo {report.run}` puts the one before in force again.",
        style="dim",
    )


@verb(resolve_commands, "model")
def model(ws: "Workspace", as_json: options.Json = False) -> None:
    """Show the model that judges who is one, as a table."""
    found = ws.resolution.model()
    if as_json:
        show_json(found)
        return
    say(
        f"Version {found.version}, {found.origin}, made for {counted(found.records, 'record')}: "
        f"one person from {found.same_at:.0%} on, a question for you from {found.unsure_at:.0%}."
    )
    rows = [
        [one.field, one.level, f"{one.same:.4f}", f"{one.others:.6f}", f"{one.bits:+.1f}"]
        for one in found.levels
    ]
    show_table(["field", "level", "of one person", "of others", "bits"], rows)


@verb(resolve_commands, "explain")
def explain(ws: "Workspace", a: First, b: Second, as_json: options.Json = False) -> None:
    """Say what the model makes of two leads, or of two companies, field by field."""
    is_people = verbs_of(ws, a, b) is ws.leads
    found = (ws.resolution.explain if is_people else ws.resolution.explain_companies)(a, b)
    if as_json:
        show_json(found)
        return
    say(f"{found.verdict} ({found.score:.0%}): {found.reason}")
    show_table(
        ["field", "level", "bits"],
        [[one.field, one.level, f"{one.bits:+.1f}"] for one in found.fields],
    )
    if found.story:
        say(f"The likeliest stories: {found.story}.", style="dim")


@verb(resolve_commands, "export-splink")
def export_splink(
    ws: "Workspace",
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one to be made.")],
    engine: Annotated[str, typer.Option("--engine", help="duckdb or spark.")] = "duckdb",
    as_json: options.Json = False,
) -> None:
    """Write everybody and the model as a Splink job, for more people than one machine matches."""
    with metered("leads") as meter:
        count = ws.resolution.export_splink(
            folder, engine=engine, on_progress=lambda done: meter.tell("Writing", done)
        )
    if as_json:
        show_json({"leads": count, "folder": str(folder)})
        return
    say(f"{counted(count, 'lead')} written to {folder}.")
    say(
        f"`python {folder / 'match.py'}` matches them, and `leadloom resolve import-links "
        f"{folder / 'links.csv'}` takes the pairs in.",
        style="dim",
    )


@verb(resolve_commands, "import-links")
def import_links(
    ws: "Workspace",
    file: Annotated[Path, typer.Argument(help="A CSV with the columns a, b and probability.")],
    same_at: Annotated[
        float | None,
        typer.Option("--same-at", min=0, max=1, help="Merge from here on (default: the model's)."),
    ] = None,
    unsure_at: Annotated[
        float | None,
        typer.Option("--unsure-at", min=0, max=1, help="Ask from here on (default: the model's)."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Take pairs in that Splink, or anything else, has found: merge the sure, ask of the likely."""
    with metered("pairs") as meter:
        report = ws.resolution.import_links(
            file,
            same_at=same_at,
            unsure_at=unsure_at,
            on_progress=lambda done: meter.tell("Linking", done),
        )
    if as_json:
        show_json(report)
    else:
        say(
            f"{counted(report.links, 'pair')}: {report.merged:,} merged, {report.doubtful:,} for "
            f"you to judge, {report.known:,} known to be one, {report.apart:,} kept apart, "
            f"{report.unlikely:,} too unlikely, {report.failed:,} not understood."
        )
        for problem in report.problems[:10]:
            say(f"  {problem}")
        say(f"`leadloom run undo {report.run}` takes it back.", style="dim")
    if report.failed:
        raise typer.Exit(1)


def tell_resolved(report: "ResolveReport", *, as_json: bool) -> None:
    """Show what grouping everybody again came to."""
    if as_json:
        show_json(report)
        return
    would = "would be " if report.is_dry_run else ""
    learned = ", learned from them just now" if report.is_learned else ""
    say(
        f"{counted(report.records, 'record')} compared by version {report.version}{learned}: "
        f"{counted(report.merged, 'lead')} {would}woven into others, {report.parted:,} parted, "
        f"{counted(report.doubtful, 'pair')} for you to judge."
    )
    if report.merged_companies:
        say(f"{counted(report.merged_companies, 'company', 'companies')} {would}woven into others.")
        _tell_examples(report.company_examples)
    if report.doubtful_companies:
        pairs = counted(report.doubtful_companies, "pair")
        say(f"{pairs} of companies may be one: see `leadloom duplicates --companies`.")
    if report.crowded:
        say(f"{counted(report.crowded, 'key')} shared by too many were set aside.", style="dim")
    _tell_examples(report.examples)
    for one in report.partings:
        say(f"  parted, {one.score:.0%} {one.left} / {one.parted}: {', '.join(one.reasons[:3])}")
    if report.status == "cancelled":
        say(f"Stopped: `leadloom run resume {report.run}` goes on with it.")
    elif report.run and (report.merged or report.parted or report.merged_companies):
        say(f"`leadloom run undo {report.run}` takes it back.", style="dim")


def _tell_examples(examples: "Sequence[Woven]") -> None:
    for one in examples:
        score = f"{one.score:.0%} " if one.score is not None else ""
        say(f"  {score}{one.kept} / {one.absorbed}: {'; '.join(one.reasons[:1])}")
