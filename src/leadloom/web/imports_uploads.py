"""Files that somebody sent: kept apart until they are imported, in a folder nobody serves."""

import contextlib
import datetime as dt
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.datastructures import UploadFile

from leadloom.errors import InputError, LeadloomError, NotFoundError, UsageError
from leadloom.imports.files.kind import FileKind, tell_kind
from leadloom.imports.files.source import file_source
from leadloom.imports.files.table import Limits
from leadloom.imports.importer import MappedTable
from leadloom.web.visit import Visit

# What one form may hold; the kinds are told by content, see `tell_kind`.
MOST_BYTES: Final = 500_000_000
MOST_FILES: Final = 50
_MOST_KEPT: Final = 20
_MOST_KEPT_BYTES: Final = 4 * MOST_BYTES
_KEPT_FOR: Final = dt.timedelta(hours=24)
_LONGEST_NAME: Final = 120
_PREFIX: Final = "leadloom-uploads-"
_CHUNK: Final = 1024 * 1024


@dataclass(slots=True)
class Upload:
    """Files sent together, whose they are, and how they are to be read.

    `of_table`: what was said of columns, by the table's key; `tables`: how they were understood
    last; `rows`: about how many they have, where that can be told. `run`: the id of the run that
    takes them in, once there is one; `is_busy` while it works.
    """

    token: str
    owner: tuple[int, int]
    folder: Path
    paths: list[Path]
    refused: list[str]
    at: dt.datetime
    policy: str = "prefer-new"
    source: str = ""
    sheet: str = ""
    encoding: str = ""
    of_table: dict[str, dict[str, str]] = field(default_factory=dict)
    tables: list[MappedTable] = field(default_factory=list)
    rows: int | None = 0
    run: str | None = None
    is_busy: bool = False

    @property
    def names(self) -> list[str]:
        """Return what the files are called."""
        return [path.name for path in self.paths]

    @property
    def size(self) -> int:
        """Return how many bytes they have."""
        return sum(path.stat().st_size for path in self.paths if path.exists())


class Uploads:
    """All uploads of this process; the folder goes with it."""

    def __init__(self) -> None:
        self._root: tempfile.TemporaryDirectory[str] | None = None
        self._kept: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def take(self, visit: Visit, files: Sequence[UploadFile]) -> Upload:
        """Keep files. Raises UsageError without any, InputError when none is of a known kind."""
        files = [one for one in files if one.filename]
        if not 0 < len(files) <= MOST_FILES:
            raise UsageError(f"Choose 1 to {MOST_FILES} files.")
        with self._lock:
            self._tidy()
            token = secrets.token_urlsafe(16)
            folder = self._folder() / token
            folder.mkdir(mode=0o700)
        upload = Upload(token, _owner(visit), folder, [], [], dt.datetime.now(dt.UTC))
        try:
            for number, file in enumerate(files):
                _keep(upload, number, file)
            if not upload.paths:
                raise InputError(" ".join(upload.refused))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._kept[token] = upload
        return upload

    def get(self, visit: Visit, token: str) -> Upload:
        """Return an upload of whoever visits. Raises NotFoundError when it is gone."""
        found = self._kept.get(token)
        if found is None or found.owner != _owner(visit) or not found.folder.exists():
            raise NotFoundError("These files are no longer here: choose them again under Import.")
        return found

    def waiting(self, visit: Visit) -> list[Upload]:
        """Return the uploads that were not imported yet, newest first."""
        mine = [one for one in self._kept.values() if one.owner == _owner(visit)]
        return sorted((one for one in mine if not one.run), key=lambda one: one.at, reverse=True)

    def rows_of(self, run: str) -> int | None:
        """Return about how many rows a run that reads an upload has to take in."""
        return next((one.rows for one in self._kept.values() if one.run == run), None)

    def forget(self, run: str) -> None:
        """Delete the files of a run that has taken them in."""
        for one in [one for one in self._kept.values() if one.run == run]:
            self.drop(one)

    def drop(self, upload: Upload) -> None:
        """Delete an upload."""
        self._kept.pop(upload.token, None)
        shutil.rmtree(upload.folder, ignore_errors=True)

    def close(self) -> None:
        """Delete everything."""
        with self._lock:
            self._kept.clear()
            if self._root is not None:
                self._root.cleanup()
                self._root = None

    def _folder(self) -> Path:
        if self._root is None or not Path(self._root.name).exists():
            _sweep()
            self._root = tempfile.TemporaryDirectory(
                prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True
            )
        return Path(self._root.name)

    def _tidy(self) -> None:
        """Delete what was left lying for long, or is too much."""
        idle = [one for one in self._kept.values() if not one.is_busy]
        idle.sort(key=lambda one: one.at)
        since = dt.datetime.now(dt.UTC) - _KEPT_FOR
        for place, one in enumerate(idle):
            is_much = sum(later.size for later in idle[place:]) > _MOST_KEPT_BYTES
            if one.at < since or len(idle) - place >= _MOST_KEPT or is_much:
                self.drop(one)


UPLOADS: Final = Uploads()


def _sweep() -> None:
    """Delete what processes left that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        process = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdecimal() and not _is_alive(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _owner(visit: Visit) -> tuple[int, int]:
    return visit.ws.acting.workspace_id, visit.ws.acting.user_id


def _keep(upload: Upload, number: int, file: UploadFile) -> None:
    """Write one file down, in a folder of its own: two may have the same name."""
    folder = upload.folder / str(number)
    folder.mkdir()
    path = folder / safe_name(file.filename or "")
    # Opened without following what might lie there, and for nobody else's eyes.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        file.file.seek(0)
        shutil.copyfileobj(file.file, target, _CHUNK)
    try:
        if not path.stat().st_size:
            raise InputError(f"{path.name} is empty.")
        rows = _rows(path, tell_kind(file_source(path), Limits()))
    except (LeadloomError, OSError) as error:
        upload.refused.append(_sentence(str(error).replace(f"{folder}{os.sep}", "")))
        with contextlib.suppress(OSError):
            path.unlink()
        return
    upload.paths.append(path)
    upload.rows = None if rows is None or upload.rows is None else upload.rows + rows


def _rows(path: Path, kind: FileKind) -> int | None:
    """Return about how many rows a file has: its lines or cards; None where that takes reading."""
    mark = {"delimited": b"\n", "vcard": b"BEGIN:VCARD"}.get(kind)
    if mark is None:
        return None
    count, tail = 0, b""
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            count += (tail + block).count(mark)
            tail = block[1 - len(mark) :] if len(mark) > 1 else b""
    return count


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def safe_name(name: str) -> str:
    """Return the last part of a name, without what files or terminals could misunderstand."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(one for one in last if one.isprintable() and one not in ':*?"<>|')
    stem, dot, suffix = plain.strip(". ").rpartition(".")
    if not stem:
        return suffix[:_LONGEST_NAME] or "file"
    return f"{stem[: _LONGEST_NAME - 12]}{dot}{suffix[:10]}"
