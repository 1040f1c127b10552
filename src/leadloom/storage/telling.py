"""What the databases' errors mean to a person: one sentence, and what to do next."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from leadloom.errors import DatabaseError, IntegrityError, SchemaError
from leadloom.storage.other_files import what_it_is


class StillBusyError(Exception):
    """Somebody else has been writing for longer than one waits."""


_BUSY = "is in use by another program: wait for it to finish and try again"
_GONE = (
    "went away in the middle of the work: what was confirmed is kept; when it is back, run the "
    "same again"
)
_AWAY = "cannot be reached: is it running?"
# The detail of an error that came of making a connection.
CONNECTING = "while connecting"
_LEAST_ROOM = 64 * 1024
_SCHEMA = r"no such (table|column)|(relation|column) .* does not exist|doesn't exist|Unknown column"
# The first that fits; MariaDB is known by its numbers, its words change with its language.
_SENTENCES = (
    (r"locked|lock timeout|canceling statement due to lock", _BUSY),
    (r"\((1205|1213|3572)\b|deadlock detected|could not serialize", _BUSY),
    (r"readonly|read-only|\((1290|1792|1836)\b", "is read-only: give yourself the right to write, "
     "or copy it"),
    (r"disk is full|No space left|disk full|\((1021|1114|3675)\b|could not extend file",
     "has no room left on its disk: free some and run it again"),
    (r"disk I/O error", "cannot be read or written (a broken disk, a full one, or a network "
     "folder): check the disk, then run `leadloom db check`"),
    (r"not a database|malformed", "is not a database, or is damaged: restore a backup"),
    (r"unable to open", "cannot be opened: check that the folder exists and is yours"),
    (r"\((1040|1203)\b|too many (clients|connections)", "has no connection free: try again in a "
     "moment, or allow it more"),
    (r"statement timeout|\((1969|3024)\b", "gives this user too little time for that: raise its "
     "limit for a statement"),
    (r"\((1044|1142|1143|1227)\b|permission denied", "does not let this user do that: grant it the "
     "rights on its own database"),
    (r"\((1045|1698)\b|password|authentication|role .* does not exist|not permitted to log",
     "refuses the user or password given"),
    (r'\(1049\b|database ".*" does not exist', "does not exist on that server: create it first"),
    (r"\(1153\b|max_allowed_packet", "takes no value that large: raise `max_allowed_packet`"),
    (r"\((2006|2013|1927|1053|1317)\b|terminating connection|server closed the connection|"
     r"connection (already|is) (closed|lost)|consuming input failed|SSL connection has been closed|"
     r"Broken pipe|reset by peer|InterfaceError: \(0", _GONE),
    (r"\((2002|2003|2005)\b|refused|could not connect|connection failed|timeout expired|resolve|"
     r"No such file or directory|starting up|shutting down|in recovery mode", _AWAY),
)  # fmt: skip


@contextlib.contextmanager
def telling(label: str, file: Path | None = None) -> Iterator[None]:
    """Turn the driver's errors into sentences a person can act on. `file`: SQLite's, if it is."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise IntegrityError(
            f"The database {label} refused a change that contradicts what it holds "
            f"({_first_line(error)}); nothing was changed."
        ) from error
    except sa.exc.DBAPIError as error:
        raise _translate(label, error, file) from error
    except StillBusyError as error:
        raise DatabaseError(f"The database {label} {_BUSY}.") from error


def _translate(label: str, error: sa.exc.DBAPIError, file: Path | None) -> Exception:
    detail = _first_line(error)
    if file and "unable to open" in detail and _is_read_only(file):
        detail = f"read-only: {detail}"
    if file and "disk I/O error" in detail and _is_full(file):
        detail = f"disk is full: {detail}"
    if file and "not a database" in detail and (kind := what_it_is(file)):
        return DatabaseError(f"The database {label} is not a database but {kind}.")
    if re.search(_SCHEMA, detail):
        return SchemaError(
            f"The database {label} lacks something this version needs ({detail}): "
            "run `leadloom db upgrade`."
        )
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, detail, re.IGNORECASE):
            if sentence is _GONE and CONNECTING in error.detail:
                sentence = _AWAY
            return DatabaseError(f"The database {label} {_named(sentence, detail)}.")
    if error.connection_invalidated:
        return DatabaseError(f"The database {label} {_named(_GONE, detail)}.")
    return DatabaseError(f"The database {label} reported: {detail}.")


def wrapped(error: Exception) -> sa.exc.DBAPIError:
    """Return a driver's own error as SQLAlchemy's, which `telling` knows."""
    return sa.exc.OperationalError(None, None, error)


def _is_read_only(file: Path) -> bool:
    """SQLite needs to write beside the file, too, even to read it."""
    as_now = os.access in os.supports_effective_ids
    return file.exists() and not all(
        os.access(one, os.W_OK, effective_ids=as_now) for one in (file, file.parent)
    )


def _is_full(file: Path) -> bool:
    """Where not even its index of the log fits, SQLite speaks of the disk as of a broken one."""
    with contextlib.suppress(OSError):
        return shutil.disk_usage(file.parent).free < _LEAST_ROOM
    return False


def _named(sentence: str, detail: str) -> str:
    """Put what the driver said after a sentence; a question mark ends one, too."""
    return f"{sentence} ({detail})"


def _first_line(error: sa.exc.DBAPIError) -> str:
    return str(error.orig).strip().split("\n")[0].rstrip(".")
