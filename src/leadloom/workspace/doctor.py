"""Is everything there and sound?"""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from leadloom.accounts.workspace import list_workspaces
from leadloom.errors import LeadloomError
from leadloom.runs.run import list_runs
from leadloom.secrets import keys
from leadloom.storage import schema, vectors, walls
from leadloom.storage.tables import records
from leadloom.workspace.session import Session
from leadloom.workspace.views import View

_LEAST_FREE = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check(View):
    """One thing looked at: whether it is well, and what was found."""

    name: str
    ok: bool
    message: str


def examine(session: Session) -> list[Check]:
    """Look at the program, the database, the disk, and at runs that died on their way."""
    return list(_examine(session))


def _examine(session: Session) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", sys.version_info >= (3, 11), f"Python {version}")
    try:
        at = schema.current(session.db)
        with session.read() as tx:
            mine = records.c.workspace_id == tx.workspace_id
            count = tx.conn.scalar(sa.select(sa.func.count()).where(mine))
            dead = _dead_runs(session)
    except LeadloomError as error:
        yield Check("database", False, str(error))
        return
    yield Check("database", True, f"{session.db.label}: {count:,} records")
    yield Check("schema", at == schema.HEAD, f"revision {at}, this version needs {schema.HEAD}")
    yield _disk(session)
    yield from _walls(session)
    yield _keys(session)
    with session.read() as tx:
        yield Check("vectors", True, vectors.way(tx.conn))
    message = f"go on with them: leadloom run resume {dead[0]}" if dead else "none died on its way"
    yield Check("runs", not dead, message)


def _dead_runs(session: Session) -> list[str]:
    with session.read() as tx:
        under_way = list_runs(tx, limit=1_000)
    return [str(run.uuid) for run in under_way if run.is_interrupted(session.now())]


def _walls(session: Session) -> Iterator[Check]:
    """Where the server can hide workspaces from each other: whether it does from this role."""
    with session.read() as tx:
        standing = walls.standing(tx.conn)
        homes = len(list_workspaces(tx))
    if standing is None:
        return
    if not standing.is_above:
        yield Check("walls", True, f"{standing.role} sees one workspace at a time")
        return
    message = f"{standing.role} sees past the walls between workspaces"
    if homes > 1:
        message += ": make a role of its own with `leadloom db create-role NAME` and connect as it"
    yield Check("walls", homes == 1, message)


def _keys(session: Session) -> Check:
    if not keys.is_open_to_others(session.db):
        return Check("keys", True, "no key file that others can read")
    path = keys.file_of(session.db)
    return Check("keys", False, f"others can read {path}: leadloom secrets rotate makes a new one")


def _disk(session: Session) -> Check:
    free = shutil.disk_usage(session.db.folder if session.db.file else ".").free
    return Check("disk", free > _LEAST_FREE, f"{free / 1e9:.1f} GB free")
