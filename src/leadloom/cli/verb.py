"""How a command is made of a function: it gets the workspace, `--db` works after its name too."""

import contextlib
import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

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


def verb(commands: typer.Typer, name: str, *, panel: str | None = None) -> Callable[[F], F]:
    """Make a function the command `name`.

    A function whose first parameter is `ws` gets the open workspace; one whose first is `database`
    the database, neither made nor upgraded.
    """

    def register(function: F) -> F:
        first, *others = _parameters(function)

        def command(ctx: typer.Context, db: str | None = None, **options: Any) -> None:
            url = db or ctx.find_root().params.get("db")
            if first.name not in _OPENED:
                function(**options)
                return
            with _OPENED[first.name](url) as opened:
                function(opened, **options)

        asked = others if first.name in _OPENED else [first, *others]
        _pretend(command, [_CONTEXT, *asked, _DB])
        commands.command(name, help=inspect.getdoc(function), rich_help_panel=panel)(command)
        return function

    return register


def _open_workspace(url: str | None) -> contextlib.AbstractContextManager[Any]:
    import leadloom

    return leadloom.open(url)


def _open_database(url: str | None) -> contextlib.AbstractContextManager[Any]:
    from leadloom.storage.database import Database

    return contextlib.closing(Database(url))


_OPENED = {"ws": _open_workspace, "database": _open_database}


def _parameters(function: Callable[..., None]) -> list[inspect.Parameter]:
    parameters = inspect.signature(function).parameters.values()
    return [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]


def _pretend(command: Any, parameters: list[inspect.Parameter]) -> None:
    """Give a function the signature that Typer reads its arguments and options from."""
    command.__signature__ = inspect.Signature(parameters)
    command.__annotations__ = {one.name: one.annotation for one in parameters}
