"""Backups: taken, kept in rotation, taken every day, and put back."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadloom.cli import options
from leadloom.cli.progress import metered
from leadloom.cli.render import counted, note, say, show_json
from leadloom.cli.verb import verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.cli.progress import Meter
    from leadloom.storage.database import Database

commands = typer.Typer()


@verb(commands, "backup")
def backup(
    database: "Database",
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; beside the database else.")
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep", metavar="N", min=1, help="Delete all but the newest N without a name."
        ),
    ] = None,
    daily: Annotated[
        bool,
        typer.Option(
            "--daily", help="Only if today has none yet; keeps 7 days, 4 weeks and 12 months."
        ),
    ] = False,
    portable: Annotated[
        bool, typer.Option("--portable", help="A form that goes into any kind of database.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Write a checked, packed copy of the whole database, while others go on working."""
    from leadloom.storage.backups import backup as backups
    from leadloom.storage.backups import rotation

    if file is not None and (daily or keep is not None):
        raise UsageError("--daily and --keep name the files themselves: leave FILE out.")
    there = rotation.todays(database, dt.datetime.now(dt.UTC)) if daily else None
    if there:
        _tell_backup(there, [], as_json, is_new=False)
        return
    with metered("KB") as meter:
        path = backups.take(
            database, target=file, is_portable=portable, on_step=_in_kilobytes(meter)
        )
    gone = rotation.thin_out(database, keep) if daily or keep is not None else []
    _tell_backup(path, gone, as_json, is_new=True)


@verb(commands, "schedule-backup")
def schedule_backup(
    database: "Database",
    remove: Annotated[bool, typer.Option("--remove", help="Take it back.")] = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Back up every day from now on, by a line in your crontab; --dry-run only prints it."""
    from leadloom.storage.backups import schedule

    if remove:
        was_there = schedule.is_installed(database) if dry_run else schedule.remove(database)
        line = None
    else:
        was_there = False
        line = schedule.line(database) if dry_run else schedule.install(database)
    if as_json:
        show_json({"line": line, "removed": remove and was_there, "is_dry_run": dry_run})
    elif line:
        say(line)
        note("Nothing was changed." if dry_run else "This line is in your crontab now.")
    else:
        say("The line was taken out of your crontab." if was_there else "There was no such line.")


@verb(commands, "restore")
def restore(
    database: "Database",
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the database that is there (it is kept).")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Put a backup in the place of the database, having checked it; the old one is kept."""
    from leadloom.storage import restore as restoring
    from leadloom.storage import schema

    with metered(go_on="Restore again: the backup is as it was.") as meter:
        done = restoring.restore(database, file, force=force, on_step=meter.tell)
    if as_json:
        show_json(
            {
                "database": database.label,
                "restored": file,
                "revision": done.revision,
                "kept": done.kept,
            }
        )
        return
    say(f"Restored {database.label} from {file}.")
    if done.kept:
        say(f"What was there before is kept in {done.kept}.")
    if done.revision != schema.HEAD:
        note(f"It is of revision {done.revision}; the first use brings it up to {schema.HEAD}.")
    note("A backup does not hold the secret key: it has to be where it was, to open secrets.")


def _in_kilobytes(meter: "Meter") -> Any:
    return lambda step, done: meter.tell(step, done // 1024)


def _tell_backup(path: Path, gone: list[Path], as_json: bool, *, is_new: bool) -> None:
    from leadloom.storage.backups.backup import KEY_NOTICE

    if as_json:
        show_json({"backup": path, "is_new": is_new, "deleted": gone, "notice": KEY_NOTICE})
        return
    if not is_new:
        say(f"Today's backup is there already: {path}.")
        return
    say(f"Backed up to {path}.")
    if gone:
        say(f"Deleted {counted(len(gone), 'older backup')}.")
    note(KEY_NOTICE)
