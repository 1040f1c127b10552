"""Moving all rows of one workspace into another: every table, in one transaction."""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.accounts.workspace import Home, add_owner
from leadloom.errors import AccessError, ConflictError, UsageError
from leadloom.events.event import record
from leadloom.storage import walls
from leadloom.storage.database import Tx
from leadloom.storage.tables import (
    events,
    metadata,
    settings,
    template_versions,
    templates,
    users,
)

# What a workspace in which nobody has worked may hold: it gives way to what comes.
_GIVES_WAY = ("events", "settings", "templates", "template_versions", "users")
_ACTORS = ("created_by", "updated_by", "deleted_by", "actor_id")


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: how many rows of each table that had any."""

    source: str
    target: str
    rows: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return asdict(self)


def move_rows(tx: Tx, source: Home, target: Home) -> Moved:
    """Give everything that `source` owns to `target`, users and history included.

    `source` is left empty, with an owner of its own. Raises UsageError when the two are one,
    ConflictError when `target` holds rows of its own, and AccessError where the server's walls
    keep this role from seeing both.
    """
    if source.key == target.key:
        raise UsageError("These two are one workspace: name another one to move to.")
    standing = walls.standing(tx.conn)
    if standing and not (standing.is_above or standing.is_owner):
        raise AccessError(
            f"The role {standing.role} sees one workspace at a time: "
            "connect as the owner of the tables to move rows between two."
        )
    walls.leave(tx.conn)
    _check_unused(tx, target)
    owner = tx.conn.execute(sa.select(users).where(users.c.id == tx.user_id)).first()
    _make_way(tx, source, target)
    moved = {name: _give(tx, metadata.tables[name], source, target) for name in owned_tables()}
    if not _count(tx, users, source):
        add_owner(tx, source.key, owner.name if owner else "owner", owner.email if owner else None)
    rows = {name: count for name, count in moved.items() if count}
    walls.enter(tx.conn, target.key)
    there = Tx(tx.conn, tx.now, target.key, tx.user_id)
    record(there, "workspace.received", target.key, data={"from": source.name, "rows": rows})
    walls.enter(tx.conn, tx.workspace_id)
    return Moved(source.name, target.name, rows)


def owned_tables() -> list[str]:
    """Return the names of all tables whose rows belong to a workspace, parents first."""
    return [one.name for one in metadata.sorted_tables if "workspace_id" in one.c]


def _check_unused(tx: Tx, target: Home) -> None:
    for name in owned_tables():
        if name not in _GIVES_WAY and _count(tx, metadata.tables[name], target):
            raise ConflictError(
                f"The workspace {target.name} holds {name} of its own already: "
                "move to a new one (`leadloom workspaces create`)."
            )
    edited = sa.select(templates.c.id).where(_of(templates, target), templates.c.version > 1)
    if tx.conn.scalar(edited.limit(1)) is not None:
        raise ConflictError(
            f"The workspace {target.name} has templates of its own already: move to a new one."
        )


def _make_way(tx: Tx, source: Home, target: Home) -> None:
    """Take from `target` what would be there twice; a user in both is the one who comes.

    Its own few events go too: who follows them could not tell that older ones come in.
    """
    for table in (template_versions, templates, events):
        tx.conn.execute(table.delete().where(_of(table, target)))
    known = sa.select(settings.c.key).where(_of(settings, source)).scalar_subquery()
    tx.conn.execute(settings.delete().where(_of(settings, target), settings.c.key.in_(known)))
    coming = {_identity(row): row.id for row in _users(tx, source)}
    for row in _users(tx, target):
        if (same := coming.get(_identity(row))) is not None:
            _take_over(tx, target, row.id, same)
            tx.conn.execute(users.delete().where(users.c.id == row.id))


def _take_over(tx: Tx, target: Home, old: int, new: int) -> None:
    """Let what one user did in `target` be what another did."""
    for name in owned_tables():
        table = metadata.tables[name]
        for column in _ACTORS:
            if column in table.c:
                theirs = sa.and_(_of(table, target), table.c[column] == old)
                tx.conn.execute(table.update().where(theirs).values({column: new}))


def _users(tx: Tx, home: Home) -> list[Any]:
    return list(tx.conn.execute(sa.select(users).where(_of(users, home))))


def _identity(row: Any) -> tuple[str, str]:
    return ("email", row.email.lower()) if row.email else ("name", row.name)


def _give(tx: Tx, table: sa.Table, source: Home, target: Home) -> int:
    change = table.update().where(_of(table, source)).values(workspace_id=target.key)
    return tx.conn.execute(change).rowcount


def _count(tx: Tx, table: sa.Table, home: Home) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(_of(table, home))
    return tx.conn.scalar(query) or 0


def _of(table: sa.Table, home: Home) -> sa.ColumnElement[bool]:
    return table.c.workspace_id == home.key
