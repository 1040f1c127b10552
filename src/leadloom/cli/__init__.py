"""The command line: each command parses what was typed, calls one verb of the workspace, renders.

Nothing heavy is imported before a command needs it.
"""

__all__ = ["main"]


def main() -> None:
    """Run the command line on `sys.argv`; ends the process with its exit code."""
    from leadloom.cli.app import app

    app()
