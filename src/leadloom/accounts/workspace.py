"""Workspaces: who owns rows. One exists from the first start, and nobody has to know."""

import contextlib
import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError
from leadloom.events.event import record
from leadloom.ids import new_uuid
from leadloom.storage import walls
from leadloom.storage.database import Tx
from leadloom.storage.tables import users, workspaces

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Home:
    """A workspace; `key` is what its rows carry."""

    key: int
    id: uuid.UUID
    name: str
    created_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Return the workspace as JSON-able values, without the inner key."""
        shape = asdict(self)
        del shape["key"]
        return shape


def list_workspaces(tx: Tx) -> list[Home]:
    """Return every workspace of the database, the oldest first."""
    return [Home(*row) for row in tx.conn.execute(_select().order_by(workspaces.c.id))]


def get_workspace(tx: Tx, ref: str) -> Home:
    """Return the workspace of this name or id. Raises NotFoundError."""
    home = find(tx.conn, ref)
    if home is None:
        known = ", ".join(one.name for one in list_workspaces(tx))
        raise NotFoundError(f"There is no workspace {ref!r}: choose from {known}.")
    return home


def find(conn: sa.Connection, ref: str) -> Home | None:
    """Return the workspace of this name or id, if there is one."""
    meaning = sa.func.lower(workspaces.c.name) == ref.strip().lower()
    with contextlib.suppress(ValueError):
        meaning = workspaces.c.uuid == uuid.UUID(ref)
    row = conn.execute(_select().where(meaning)).first()
    return Home(*row) if row else None


def first(conn: sa.Connection) -> Home | None:
    """Return the workspace there is from the first start."""
    row = conn.execute(_select().order_by(workspaces.c.id).limit(1)).first()
    return Home(*row) if row else None


def create_workspace(tx: Tx, name: str) -> Home:
    """Make a workspace, with whoever makes it as its owner.

    Raises UsageError when the name is taken, empty or too long.
    """
    name = _checked(tx, name)
    made = tx.conn.execute(workspaces.insert().values(uuid=new_uuid(), name=name, **tx.stamp()))
    assert made.inserted_primary_key is not None
    key: int = made.inserted_primary_key[0]
    record(tx, "workspace.created", key, data={"name": name})
    maker = tx.conn.execute(sa.select(users).where(users.c.id == tx.user_id)).first()
    add_owner(tx, key, maker.name if maker else "owner", maker.email if maker else None)
    return get_workspace(tx, name)


def add_owner(tx: Tx, workspace_id: int, name: str, email: str | None) -> None:
    """Give a workspace a user who owns it."""
    row = {"workspace_id": workspace_id, "name": name, "email": email, "role": "owner"}
    walls.enter(tx.conn, workspace_id)
    tx.conn.execute(users.insert().values(uuid=new_uuid(), **row, **tx.stamp()))
    walls.enter(tx.conn, tx.workspace_id)


def rename_workspace(tx: Tx, ref: str, name: str) -> Home:
    """Give a workspace another name. Raises NotFoundError, or UsageError when it is taken."""
    home = get_workspace(tx, ref)
    if name.strip() == home.name:
        return home
    name = _checked(tx, name, besides=home.key)
    change = workspaces.update().where(workspaces.c.id == home.key)
    tx.conn.execute(change.values(name=name, **tx.touch()))
    record(tx, "workspace.renamed", home.key, data={"name": [home.name, name]})
    return get_workspace(tx, name)


def _checked(tx: Tx, name: str, besides: int | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise UsageError(f"A workspace's name is 1 to {_LONGEST} printable characters.")
    other = find(tx.conn, name)
    if other is not None and other.key != besides:
        raise UsageError(f"There is a workspace {other.name!r} already: choose another name.")
    return name


def _select() -> sa.Select[Any]:
    return sa.select(workspaces.c.id, workspaces.c.uuid, workspaces.c.name, workspaces.c.created_at)
