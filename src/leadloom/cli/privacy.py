"""What is held about a person: handed out, or erased for good."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.question import confirm
from leadloom.cli.render import counted, json_text, note, say, show_json
from leadloom.cli.verb import verb
from leadloom.errors import ConflictError, InputError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace
    from leadloom.workspace.privacy import ForgetReport

commands = typer.Typer()
_PANEL = "Find and change leads"
_MOST_OTHERS = 20


@verb(commands, "forget", panel=_PANEL)
def forget(
    ws: "Workspace",
    refs: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids or e-mail addresses.")],
    suppress: Annotated[
        bool, typer.Option("--suppress", help="Pass them over when a file brings them again.")
    ] = False,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Erase people for good, with everything ever held about them; it cannot be taken back."""
    if not yes and not dry_run:
        confirm(f"Erase {', '.join(refs)} for good?")
    report = ws.privacy.forget(refs, suppress=suppress, dry_run=dry_run)
    if as_json:
        show_json(report)
    else:
        _show(report)


def _show(report: "ForgetReport") -> None:
    did = "Would erase" if report.is_dry_run else "Erased"
    for one in report.people:
        parts = ", ".join(f"{number:,} {name}" for name, number in one.counts.items())
        say(f"{did} {one.lead}: {parts}.")
        if one.is_kept_out:
            say("A file that brings them again is passed over.")
        if one.backups:
            has = "would still hold" if report.is_dry_run else "still hold"
            say(f"{counted(len(one.backups), 'backup')} {has} them: delete, or forget them again")
            say("after restoring one.")
            for path in one.backups:
                say(f"  {path}")
        if one.others:
            say(f"{counted(len(one.others), 'other lead')} may be them, too:")
            for lead in one.others[:_MOST_OTHERS]:
                say(f"  {lead}")
            say("If that is them, too: `leadloom forget ID`.")
    if not report.is_dry_run and not report.is_scrubbed:
        note("What the files still hold of it goes with `leadloom db maintain --full`.")


@verb(commands, "export-person", panel=_PANEL)
def export_person(
    ws: "Workspace",
    ref: options.LeadRef,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to; else printed.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Hand out everything held about a person, as JSON that they can read."""
    told = ws.privacy.export_person(ref)
    if out is None:
        say(json_text(told, is_indented=True)) if not as_json else show_json(told)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(json_text(told, is_indented=True) + "\n")
    except FileExistsError as error:
        raise ConflictError(f"{out} exists already: name another file.") from error
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}).") from error
    if as_json:
        show_json({"file": out})
    else:
        say(f"Everything held about {told['id']} is in {out}.")
