"""The unexpected: its details go to a file, one sentence to the user."""

import datetime as dt
import logging
import logging.handlers
import platform
import traceback
from pathlib import Path

LOG_BYTES = 1_000_000


def sentence(error: Exception) -> str:
    """Write the details of an unforeseen error to the log and return what to tell the user.

    What was typed is not written: it may hold a password.
    """
    what = f"Something went wrong that Leadloom did not foresee ({type(error).__name__})"
    try:
        path = _write(error)
    except OSError:
        return f"{what}: run the command again with LEADLOOM_DEBUG=1 to see the details."
    return f"{what}: the details are in {path}, please report them."


def _write(error: Exception) -> Path:
    from leadloom import __version__
    from leadloom.storage.database import data_folder

    path = data_folder() / "errors.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace"
    )
    time = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    system = f"leadloom {__version__}, Python {platform.python_version()}, {platform.platform()}"
    details = "".join(traceback.format_exception(error))
    handler.emit(logging.makeLogRecord({"msg": f"{time} {system}\n{details}"}))
    handler.close()
    return path
