"""How a command is made of a function: it gets the workspace, `--db` works after its name too."""

import contextlib
import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

F = TypeVar("F", bound=Callable[..., None])

DATABASE = "--db"
DATABASE_HELP = (
    "Database: sqlite:///file.db, a path, or postgresql://user@host/name "
    "(default: LEADLOOM_DB, else a file in your data folder)."
)

_CONTEXT = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
_DB = inspect.Parameter(
    "db",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        str | None, typer.Option(DATABASE, metavar="URL", help=DATABASE_HELP, show_default=False)
    ],
)

WORKSPACE = "--workspace"
WORKSPACE_HELP = "Workspace, by name (default: LEADLOOM_WORKSPACE, else the one in use)."
_WORKSPACE = inspect.Parameter(
    "workspace",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        str | None,
        typer.Option(WORKSPACE, metavar="NAME", help=WORKSPACE_HELP, show_default=False),
    ],
)


def verb(
    commands: typer.Typer, name: str, *, panel: str | None = None, is_group: bool = False
) -> Callable[[F], F]:
    """Make a function the command `name`; with `is_group` what the group does without a command.

    A function whose first parameter is `ws` gets the open workspace; one whose first is `database`
    the database, neither made nor upgraded.
    """

    def register(function: F) -> F:
        first, *others = _parameters(function)

        def command(
            ctx: typer.Context,
            db: str | None = None,
            workspace: str | None = None,
            **options: Any,
        ) -> None:
            if is_group and ctx.invoked_subcommand is not None:
                return
            asked = ctx.find_root().params
            url, name = db or asked.get("db"), workspace or asked.get("workspace")
            if first.name not in _OPENED:
                function(**options)
                return
            with _OPENED[first.name](url, name) as opened:
                function(opened, **options)

        asked = others if first.name in _OPENED else [first, *others]
        where = [_DB, _WORKSPACE] if first.name == "ws" else [_DB]
        _pretend(command, [_CONTEXT, *asked, *where])
        told = inspect.getdoc(function)
        if is_group:
            commands.callback(invoke_without_command=True, help=told)(command)
        else:
            commands.command(name, help=told, rich_help_panel=panel)(command)
        return function

    return register


def _open_workspace(
    url: str | None, workspace: str | None
) -> contextlib.AbstractContextManager[Any]:
    import leadloom

    return leadloom.open(url, workspace=workspace)


def _open_database(url: str | None, _: str | None) -> contextlib.AbstractContextManager[Any]:
    from leadloom.storage.database import Database

    return contextlib.closing(Database(url))


class Listing(TyperGroup):
    """A group of commands that lists what there is when it is called without one of them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read `shows --json` as `shows list --json`."""
        is_bare = not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)
        return super().parse_args(ctx, ["list", *args] if is_bare else args)


_OPENED = {"ws": _open_workspace, "database": _open_database}


def _parameters(function: Callable[..., None]) -> list[inspect.Parameter]:
    parameters = inspect.signature(function).parameters.values()
    return [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]


def _pretend(command: Any, parameters: list[inspect.Parameter]) -> None:
    """Give a function the signature that Typer reads its arguments and options from."""
    command.__signature__ = inspect.Signature(parameters)
    command.__annotations__ = {one.name: one.annotation for one in parameters}
