"""Where every command comes in and goes out: errors become one sentence and an exit code.

Exit codes: 0 done, 1 done with failed rows, unreadable files or findings, 2 wrong use, 3 could not
do it.
"""

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from leadloom.cli import crash
from leadloom.cli.render import complain
from leadloom.errors import LeadloomError, UsageError

PROGRAM = "leadloom"
FINDINGS = 1
FAILED = 3
STOPPED = "Stopped at the keyboard; what was not finished was not kept."


class StoppedError(LeadloomError):
    """The user pressed Ctrl-C."""


class Door(TyperGroup):
    """The group of all commands; no exception passes it."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run what was typed and end the process; a caller's `standalone_mode` changes nothing."""
        speak_utf8()
        options["prog_name"] = PROGRAM
        options["standalone_mode"] = False
        sys.exit(self._outcome(*args, **options))

    def _outcome(self, *args: Any, **options: Any) -> int:
        """Return the exit code, having said on stderr what went wrong if anything did."""
        try:
            _check_text(options.get("args") or (args[0] if args else sys.argv[1:]))
            code = super().main(*args, **options)
            _flush()
        except LeadloomError as error:
            return _refuse(error, str(error), error.exit_code)
        except typer.TyperException as error:
            return _refuse(error, _usage_sentence(error), error.exit_code)
        except (KeyboardInterrupt, typer.Abort) as error:
            return _refuse(error, STOPPED)
        except Exception as error:
            return _refuse(error, crash.sentence(error))
        return code if isinstance(code, int) else 0

    def invoke(self, ctx: Any) -> Any:
        """Run one command. A reader that went away (`| head`) wants no more, and no complaint."""
        try:
            result = super().invoke(ctx)
            _flush()
            return result
        except BrokenPipeError as error:
            _drop_output()
            raise typer.Exit(0) from error
        except KeyboardInterrupt as error:
            raise StoppedError(STOPPED) from error


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says, and never fail for a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _check_text(typed: Sequence[str] | None) -> None:
    """Raise UsageError for an argument with bytes that are no UTF-8: no database could hold it."""
    for text in typed or ():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            shown = text.encode("utf-8", "replace").decode()
            raise UsageError(
                f"{shown!r} holds bytes that are not UTF-8: write it in UTF-8, and rename a file "
                "of such a name."
            ) from error


def _refuse(error: BaseException, sentence: str, code: int = FAILED) -> int:
    if os.environ.get("LEADLOOM_DEBUG"):
        traceback.print_exception(error)
    complain(sentence)
    return code


def _usage_sentence(error: typer.TyperException) -> str:
    """Return what was typed wrongly, and where to read what is right."""
    ctx: Any = getattr(error, "ctx", None)
    message = " ".join(error.format_message().split()).rstrip(".?")
    if ctx is None:
        return f"{message}."
    if message == "Missing command":
        known = ", ".join(ctx.command.list_commands(ctx))
        return f"`{ctx.command_path}` needs one of its commands: {known}."
    mark = "?" if "Did you mean" in message else "."
    return f"{message}{mark} See `{ctx.command_path} --help`."


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()


def _drop_output() -> None:
    """Give the rest of stdout to nobody, so that closing it at the end cannot fail either."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
