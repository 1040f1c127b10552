"""The web app."""

import contextlib
import sys
import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import crash, options
from leadloom.cli.render import say, show_json
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()

PORT = 8520


@verb(commands, "serve", panel="Start")
def serve(
    ws: "Workspace",
    host: Annotated[
        str, typer.Option("--host", help="Where to listen; others can only come with a password.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Which port (0: any that is free).")
    ] = PORT,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="A name others reach it by; again for more."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
    as_json: options.Json = False,
) -> None:
    """Open the web app; Ctrl-C stops it."""
    from leadloom.web import serve as serve_site

    def ready(url: str) -> None:
        if as_json:
            show_json({"url": url, "database": ws.label})
        else:
            say(f"Leadloom is open at {url} ({ws.label}). Ctrl-C stops it.")
        sys.stdout.flush()
        if open_:
            with contextlib.suppress(webbrowser.Error):
                webbrowser.open(url)

    serve_site(ws, host, port, names=names or (), explain=crash.sentence, on_ready=ready)
