"""Where the indexes of a database are, one for each workspace's leads and one for its companies."""

import hashlib
import os
import shutil
import threading
from pathlib import Path

import platformdirs

from leadloom.search.documents import COMPANIES, LEADS, Subject
from leadloom.search.index import Progress, Reading, SearchIndex
from leadloom.storage.database import Database


class Indexes:
    """The indexes of one database. `on_progress` hears how far one is that takes long to make."""

    def __init__(self, db: Database) -> None:
        self.on_progress: Progress = lambda step, done: None
        self._folder = _folder_of(db)
        self._indexes: dict[tuple[int, str], SearchIndex] = {}
        self._lock = threading.Lock()

    def index(self, workspace_id: int, subject: Subject) -> SearchIndex:
        """Return the index of a workspace's leads or companies; it may have to be made yet."""
        key = workspace_id, subject.name
        with self._lock:
            if key not in self._indexes:
                folder = self._folder / str(workspace_id) / subject.name
                self._indexes[key] = SearchIndex(subject, folder, self._told)
            return self._indexes[key]

    def _told(self, step: str, done: int) -> None:
        self.on_progress(step, done)

    def rebuild(self, workspace_id: int, reading: Reading) -> None:
        """Make a workspace's indexes anew; `reading` opens a transaction in it."""
        for subject in (LEADS, COMPANIES):
            self.index(workspace_id, subject).rebuild(reading)

    def catch_up(self, workspace_id: int, reading: Reading) -> None:
        """Take in what was changed, so that the next search need not."""
        for subject in (LEADS, COMPANIES):
            self.index(workspace_id, subject).catch_up(reading)

    def tend(self, workspace_id: int, reading: Reading) -> dict[str, str]:
        """Mend the indexes that are there and take in all changes; say what that came to, by name.

        `reading` opens a transaction in the workspace.
        """
        found = {
            subject.name: self.index(workspace_id, subject).tend(reading)
            for subject in (LEADS, COMPANIES)
        }
        return {name: told for name, told in found.items() if told is not None}

    def forget_leads(self, workspace_id: int) -> None:
        """Throw a workspace's index of leads away, and with it the words of who is gone.

        Taking them out would not do: the engine leaves deleted words in its files until it merges
        them some day.
        """
        self.index(workspace_id, LEADS).throw_away()

    def forget(self) -> None:
        """Throw all indexes away; the next search makes what it needs."""
        with self._lock:
            for one in self._indexes.values():
                one.throw_away()
            self._indexes.clear()
            shutil.rmtree(self._folder, ignore_errors=True)

    def size_bytes(self) -> int:
        """Return what the indexes take on disk."""
        files = [one for one in self._folder.rglob("*") if one.is_file()]
        return sum(one.stat().st_size for one in files)


def _folder_of(db: Database) -> Path:
    """Return the folder of a database's indexes: beside its file, else in the user's cache."""
    if db.file is not None:
        folder = db.file.with_name(db.file.name + "-search")
        if os.access(folder if folder.exists() else db.file.parent, os.W_OK):
            return folder
    name = str(db.file or db.url.set(password=None, query={}))
    cache = Path(platformdirs.user_cache_dir("leadloom", appauthor=False))
    return cache / "search" / hashlib.sha256(name.encode()).hexdigest()[:16]
