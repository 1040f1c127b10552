"""Looking after the database: purge, maintain, figures, and a role of the product's own."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.question import confirm
from leadloom.cli.render import counted, note, say, show_json, show_table
from leadloom.cli.secrets import read_hidden
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.storage.database import Database
    from leadloom.workspace import Workspace

commands = typer.Typer()
_MIB = 1024 * 1024


@verb(commands, "purge")
def purge(
    ws: "Workspace",
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="AGE", help="90d for days, or 12w, 6m, 1y.")
    ] = "90d",
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Erase what was deleted longer ago than that, for good."""
    found = ws.privacy.purge(older_than, dry_run=True)
    if not dry_run and (found.leads or found.campaigns):
        if not yes:
            leads, campaigns = counted(found.leads, "lead"), counted(found.campaigns, "campaign")
            confirm(f"Erase {leads} and {campaigns} deleted over {older_than} ago for good?")
        found = ws.privacy.purge(older_than)
    if as_json:
        show_json(found)
        return
    did = "Would erase" if dry_run else "Erased"
    say(f"{did} {counted(found.leads, 'lead')} and {counted(found.campaigns, 'campaign')}.")


@verb(commands, "maintain")
def maintain(
    database: "Database",
    full: Annotated[
        bool, typer.Option("--full", help="Write it all anew; others have to wait.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Keep the database fast and small: statistics, indexes, room, partitions, expired entries."""
    from leadloom.storage import schema
    from leadloom.workspace.upkeep import maintain as care

    schema.ensure(database)
    steps = care(database, is_full=full)
    if as_json:
        show_json({"items": steps, "next": None})
        return
    show_table(["what", "outcome", "s"], [[one.name, one.message, one.seconds] for one in steps])


@verb(commands, "stats")
def stats(database: "Database", as_json: options.Json = False) -> None:
    """Show the size of every table and index, which indexes are used, and slow queries."""
    from leadloom.storage import schema
    from leadloom.storage.health.figures import measure
    from leadloom.workspace.upkeep import search_index_bytes

    schema.ensure(database)
    found = measure(database)
    beside = search_index_bytes(database)
    if as_json:
        show_json({**found.as_json(), "search_index_bytes": beside})
        return
    free = "" if found.free_bytes is None else f", {found.free_bytes / _MIB:.1f} MB of it free"
    say(f"{found.database}: {found.bytes / _MIB:.1f} MB{free}")
    say(f"The search index beside it: {beside / _MIB:.1f} MB\n")
    rows: list[list[object]] = []
    for table in found.tables:
        rows.append([table.name, f"{table.rows:,}", _size(table.bytes), ""])
        for one in table.indexes:
            rows.append(
                [f"  {one.name}", "", _size(one.bytes), "" if one.uses is None else one.uses]
            )
    show_table(["table", "rows", "MB", "uses"], rows)
    for query in found.slow_queries:
        say(f"\n{query.mean_ms:.1f} ms × {query.calls:,}: {query.query[:200]}")
    for text in found.notes:
        note(text.capitalize() + ".")


def _size(size: int | None) -> str:
    return "" if size is None else f"{size / _MIB:.1f}"


@verb(commands, "create-role")
def create_role(
    database: "Database",
    name: Annotated[str, typer.Argument(metavar="NAME", help="The role to log in with.")],
    password: Annotated[
        bool, typer.Option("--password", help="Read a password for it from standard input.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Make a PostgreSQL role for Leadloom that cannot see past the walls between workspaces."""
    from leadloom.jobs.jobs import Jobs
    from leadloom.storage import schema, walls

    schema.ensure(database)
    secret = read_hidden(f"The password of {name}") if password else None
    with database.write() as conn:
        is_new = walls.add_role(conn, name, secret)
    with Jobs(database) as jobs:
        jobs.let_in(name)
    if as_json:
        show_json({"role": name, "is_new": is_new})
    else:
        say(
            f"{'Made' if is_new else 'Gave'} the role {name} {'with ' if is_new else ''}its rights."
        )
