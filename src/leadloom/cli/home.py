"""What is shown to somebody who asks for nothing in particular."""

import contextlib
from typing import TYPE_CHECKING

import typer

from leadloom.cli import options
from leadloom.cli.door import FINDINGS
from leadloom.cli.render import counted, say, show_json, show_pairs, show_table, text_of
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()
_PANEL = "Leadloom itself"


def show_home(url: str | None, workspace: str | None = None) -> None:
    """Print what this is, which database it works on, and what to do next; creates nothing."""
    from leadloom import __version__
    from leadloom.storage.database import Database

    with contextlib.closing(Database(url)) as database:
        is_new = database.file is not None and not database.file.exists()
        label = database.label
    leads, companies = (0, 0) if is_new else _count(url, workspace)
    say(f"Leadloom {__version__}: a lead database that fills itself and turns into outreach.")
    say(f"Database: {label}")
    if leads or companies:
        say(f"It holds {counted(leads, 'lead')} of {counted(companies, 'company', 'companies')}.\n")
        say(
            "  leadloom leads            see who is there\n"
            "  leadloom import FILE      bring more in\n"
            "  leadloom draft            write to them\n"
            "  leadloom export FILE      take them elsewhere"
        )
    else:
        say("There are no leads in it yet. Begin with one of these:\n")
        say(
            "  leadloom import FILE      bring in any CSV, Excel, JSON or vCard file\n"
            "  leadloom process FILE     the same, and draft a message to each of them"
        )
    say("\nAll commands: `leadloom --help`.", style="dim")


@verb(commands, "stats", panel=_PANEL)
def stats(ws: "Workspace", as_json: options.Json = False) -> None:
    """Count what is there: leads by status and source, companies, runs, drafts."""
    found = ws.stats()
    if as_json:
        show_json(found)
        return
    show_pairs(
        (_words(name), value) for name, value in found.items() if not isinstance(value, dict)
    )
    for name, value in found.items():
        if isinstance(value, dict) and value:
            say(f"\n{_words(name)}", style="bold")
            show_pairs((str(part), text_of(number)) for part, number in value.items())


@verb(commands, "doctor", panel=_PANEL)
def doctor(ws: "Workspace", as_json: options.Json = False) -> None:
    """Check that everything Leadloom needs is there and sound."""
    checks = ws.doctor()
    if as_json:
        show_json({"items": checks, "next": None})
    else:
        rows = [["ok" if one.ok else "PROBLEM", one.name, one.message] for one in checks]
        show_table(["", "what", "finding"], rows, wraps=True)
    if not all(one.ok for one in checks):
        raise typer.Exit(FINDINGS)


@verb(commands, "version", panel=_PANEL)
def version(as_json: options.Json = False) -> None:
    """Print the version."""
    from leadloom import __version__

    if as_json:
        show_json({"version": __version__})
    else:
        say(f"leadloom {__version__}")


def show_version(is_asked: bool) -> None:
    """Print the version and end, for `leadloom --version`."""
    if is_asked:
        from leadloom import __version__

        say(f"leadloom {__version__}")
        raise typer.Exit


def _count(url: str | None, workspace: str | None) -> tuple[int, int]:
    import leadloom

    with leadloom.open(url, workspace=workspace) as ws:
        found = ws.stats()
        return found["leads"], found["companies"]


def _words(name: str) -> str:
    return name.replace("_", " ")
