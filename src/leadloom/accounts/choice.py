"""The workspace chosen with `workspaces use`: remembered for this person, on this machine."""

import json
import os
from pathlib import Path

from leadloom.errors import DatabaseError
from leadloom.storage.database import Database, data_folder


def read(db: Database) -> str | None:
    """Return the id of the workspace chosen for a database; None when none was."""
    chosen = _all().get(db.label)
    return chosen if isinstance(chosen, str) else None


def write(db: Database, workspace_id: str) -> None:
    """Remember a choice. Raises DatabaseError when the data folder cannot be written."""
    kept = {**_all(), db.label: workspace_id}
    path = _path()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(kept, indent=2), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise DatabaseError(
            f"The choice cannot be kept in {path} ({error.strerror}): set LEADLOOM_WORKSPACE."
        ) from error


def _path() -> Path:
    return data_folder() / "workspaces.json"


def _all() -> dict[str, object]:
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
