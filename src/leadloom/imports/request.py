"""What an import is asked to do: files and how to read them, as its run keeps it to go on with."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadloom.errors import ConflictError, InputError, UsageError
from leadloom.leads.fold import FILL_EMPTY, NORMAL, PREFER_EXISTING
from leadloom.runs import run as runs

POLICIES = {
    "prefer-new": NORMAL,
    "fill-empty": FILL_EMPTY,
    "prefer-existing": PREFER_EXISTING,
}
STDIN = "-"


@dataclass(frozen=True)
class ImportOptions:
    """How files are to be read. `mapping` is what a person said: column -> field.

    `of_table` says it of one table alone, by its key (see `MappedTable`).
    """

    source: str | None = None
    provider: str | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    policy: str = "prefer-new"
    encoding: str | None = None
    sheet: str | None = None
    country: str | None = None
    of_table: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise UsageError(
                f"There is no policy {self.policy!r}: choose from {', '.join(POLICIES)}."
            )


def describe(paths: Sequence[str], options: ImportOptions) -> dict[str, Any]:
    """Return what a run keeps of its input, so that it can be gone on with."""
    return {
        "files": _describe_files(paths),
        "source": options.source,
        "provider": options.provider,
        "mapping": options.mapping,
        "policy": options.policy,
        "encoding": options.encoding,
        "sheet": options.sheet,
        "country": options.country,
        "of_table": options.of_table,
    }


def _describe_files(paths: Sequence[str]) -> list[dict[str, Any]]:
    """Describe the files; those that are not there by their names. Raises when none is there."""
    described: list[dict[str, Any]] = []
    errors: list[InputError] = []
    for path in paths:
        try:
            described.append(_describe_file(path))
        except InputError as error:
            described.append({"path": str(Path(path).absolute())})
            errors.append(error)
    if errors and len(errors) == len(described):
        raise errors[0]
    return described


def _describe_file(path: str) -> dict[str, Any]:
    if path == STDIN:
        return {"path": STDIN, "read_at": dt.datetime.now(dt.UTC).isoformat()}
    file = Path(path).absolute()
    try:
        stat = file.stat()
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}): check the name and that the file is yours."
        ) from error
    return {"path": str(file), "size": stat.st_size, "modified": stat.st_mtime}


def options_of(run: runs.Run) -> tuple[list[str], ImportOptions]:
    """Return the files and options that a run was started with."""
    kept = dict(run.options)
    files = [one["path"] for one in kept.pop("files")]
    return files, ImportOptions(**kept)


def check_unchanged(run: runs.Run) -> None:
    """Raise ConflictError when a run cannot go on, since its files are not what they were."""
    for known in run.options["files"]:
        if known["path"] == STDIN:
            raise ConflictError(
                "The run read its rows from standard input, which is gone: import them again "
                "(what is in already will be found unchanged)."
            )
        if "size" in known and _describe_file(known["path"]) != known:
            raise ConflictError(
                f"{known['path']} has changed since the run began: import it again (rows that are "
                "in already will be found unchanged)."
            )
