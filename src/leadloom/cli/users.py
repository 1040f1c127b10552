"""Users: who works in the workspace, and what they may do."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.question import confirm
from leadloom.cli.render import say, show_json, show_table
from leadloom.cli.secrets import read_hidden
from leadloom.cli.verb import Listing, verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer(
    cls=Listing, help="Who works in the workspace: viewers look, members write, owners rule."
)

Ref = Annotated[str, typer.Argument(metavar="USER", help="An e-mail address, a name or an id.")]


@verb(commands, "list")
def list_(ws: "Workspace", as_json: options.Json = False) -> None:
    """List who works here."""
    found = ws.users.list()
    if as_json:
        show_json({"items": found, "next": None})
        return
    rows = [[one.name, one.email, one.role, one.timezone, one.onboarded_at] for one in found]
    show_table(["name", "email", "role", "time zone", "onboarded"], rows)


@verb(commands, "add")
def add(
    ws: "Workspace",
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Their address.")],
    name: Annotated[str | None, typer.Option("--name", help="What they are called.")] = None,
    role: Annotated[str, typer.Option("--role", help="viewer, member or owner.")] = "member",
    as_json: options.Json = False,
) -> None:
    """Let somebody work here."""
    user = ws.users.add(email, name, role)
    if as_json:
        show_json(user)
    else:
        say(f"{user.email} is a {user.role} here now.")


@verb(commands, "set")
def set_(
    ws: "Workspace",
    user: Ref,
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="FIELD=VALUE...",
            help="name, email, role, timezone, onboarded, feature.NAME, setting.NAME.",
        ),
    ],
    as_json: options.Json = False,
) -> None:
    """Change what is known of somebody, or what they may do."""
    changed = ws.users.set(user, options.read_values(values, "timezone=Europe/Berlin"))
    if as_json:
        show_json(changed)
    else:
        say(f"Changed {changed.email or changed.name}.")


@verb(commands, "password")
def password(ws: "Workspace", user: Ref, as_json: options.Json = False) -> None:
    """Give somebody a password for the web app, asked for unseen; that logs them out everywhere."""
    ended = ws.logins.set_password(user, read_hidden(f"A password for {user}"))
    if as_json:
        show_json({"user": user, "logged_out": ended})
    else:
        say(f"{user} can log in with it now.")


@verb(commands, "sessions")
def sessions(
    ws: "Workspace",
    user: Annotated[
        str | None, typer.Argument(metavar="USER", help="Only theirs.", show_default=False)
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List who is logged in to the web app, and from where."""
    found = ws.logins.list(user)
    if as_json:
        show_json({"items": found, "next": None})
        return
    rows = [[one.id, one.user, one.seen_at, one.expires_at, one.agent] for one in found]
    show_table(["session", "user", "seen", "ends", "browser"], rows)


@verb(commands, "logout")
def logout(
    ws: "Workspace",
    session: Annotated[str, typer.Argument(metavar="SESSION", help="Its id, from the list.")],
    as_json: options.Json = False,
) -> None:
    """End a session: that browser has to log in again."""
    ws.logins.revoke(session)
    if as_json:
        show_json({"ended": session})
    else:
        say("Ended the session.")


@verb(commands, "remove")
def remove(
    ws: "Workspace", user: Ref, yes: options.Yes = False, as_json: options.Json = False
) -> None:
    """Let somebody do nothing here any more; what they did stays theirs."""
    if not yes:
        confirm(f"Remove the user {user}? They can be added again.")
    ws.users.remove(user)
    if as_json:
        show_json({"removed": user})
    else:
        say(f"Removed {user}.")
