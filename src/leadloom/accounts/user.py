"""Users of a workspace: their role, time zone, settings, feature flags, and whether they know it.

Who was removed stays a row, so that history can still name them; they cannot act any more.
"""

import contextlib
import datetime as dt
import uuid
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.events.event import record
from leadloom.ids import new_uuid
from leadloom.storage.database import Tx
from leadloom.storage.tables import users
from leadloom.values import email as emails
from leadloom.values import flag

# Each may do all that those before it may.
ROLES: Final = ("viewer", "member", "owner")
REMOVED: Final = "removed"
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who works in a workspace."""

    key: int
    id: uuid.UUID
    name: str
    email: str | None
    role: str
    timezone: str
    settings: dict[str, str]
    features: dict[str, bool]
    onboarded_at: dt.datetime | None
    created_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Return the user as JSON-able values, without the inner key."""
        shape = asdict(self)
        del shape["key"]
        return shape


def list_users(tx: Tx) -> list[User]:
    """Return the users of the workspace, the oldest first."""
    query = _select(tx.workspace_id).order_by(users.c.id)
    return [_user(row) for row in tx.conn.execute(query)]


def get_user(tx: Tx, ref: str) -> User:
    """Return a user by e-mail address, name or id. Raises NotFoundError."""
    found = find(tx.conn, tx.workspace_id, ref)
    if found is None:
        raise NotFoundError(f"There is no user {ref!r} here: see `leadloom users list`.")
    return found


def find(conn: sa.Connection, workspace_id: int, ref: str) -> User | None:
    """Return the workspace's user of this e-mail address, name or id, if there is just one."""
    text = ref.strip().lower()
    meanings: list[Any] = [
        sa.func.lower(users.c.email) == text,
        sa.func.lower(users.c.name) == text,
    ]
    with contextlib.suppress(ValueError):
        meanings = [users.c.uuid == uuid.UUID(ref)]
    for meaning in meanings:
        rows = conn.execute(_select(workspace_id).where(meaning).limit(2)).all()
        if rows:
            return _user(rows[0]) if len(rows) == 1 else None
    return None


def first_owner(conn: sa.Connection, workspace_id: int) -> User | None:
    """Return the workspace's oldest owner, who acts when nobody is named."""
    query = _select(workspace_id).where(users.c.role == "owner").order_by(users.c.id).limit(1)
    row = conn.execute(query).first()
    return _user(row) if row else None


def add_user(tx: Tx, email: str, name: str | None = None, role: str = "member") -> User:
    """Let somebody into the workspace. Raises UsageError when they are in, or a value is wrong."""
    address = _email(email)
    assert address is not None
    values = {"name": _name(name or address), "email": address, "role": _role(role)}
    own = users.c.workspace_id == tx.workspace_id
    before = tx.conn.execute(sa.select(users).where(own, users.c.email == address)).first()
    if before is not None and before.role != REMOVED:
        raise UsageError(f"{address} is a user here already: `leadloom users set` changes them.")
    if before is not None:
        change = users.update().where(users.c.id == before.id)
        tx.conn.execute(change.values(**values, **tx.touch()))
    else:
        row = {"uuid": new_uuid(), "workspace_id": tx.workspace_id, **values}
        tx.conn.execute(users.insert().values(**row, **tx.stamp()))
    added = get_user(tx, address)
    record(tx, "user.added", added.key, data={"role": role})
    return added


def change_user(tx: Tx, user: User, values: Mapping[str, str]) -> User:
    """Set what is known of a user.

    `values`: name, email, role, timezone (Europe/Berlin), onboarded (yes or no), feature.NAME (on
    or off), setting.NAME; an empty feature, setting or time zone goes. Raises UsageError for
    any other, and ConflictError when nobody would be left to own the workspace.
    """
    if not values:
        raise UsageError("Nothing to set: name at least one FIELD=VALUE.")
    row: dict[str, Any] = {}
    features, settings = dict(user.features), dict(user.settings)
    for name, text in values.items():
        kind, _, part = name.partition(".")
        if kind == "feature" and part:
            _put(features, part, _flag(name, text) if text else None)
        elif kind == "setting" and part:
            _put(settings, part, text[: 10 * _LONGEST] or None)
        elif name == "onboarded":
            row["onboarded_at"] = (user.onboarded_at or tx.now) if _flag(name, text) else None
        elif name in _READERS:
            row[name] = _READERS[name](text)
        else:
            known = ", ".join([*_READERS, "onboarded", "feature.NAME", "setting.NAME"])
            raise UsageError(f"A user has no {name!r}: choose from {known}.")
    _check(tx, user, row)
    row |= {"features": features or None, "settings": settings or None}
    tx.conn.execute(users.update().where(users.c.id == user.key).values(**row, **tx.touch()))
    record(tx, "user.changed", user.key, data={"fields": sorted(values)})
    return get_user(tx, str(user.id))


def remove_user(tx: Tx, user: User) -> None:
    """Let a user do nothing here any more. Raises ConflictError for the last owner."""
    _check(tx, user, {"role": REMOVED})
    change = users.update().where(users.c.id == user.key)
    tx.conn.execute(change.values(role=REMOVED, **tx.touch()))
    record(tx, "user.removed", user.key)


def _check(tx: Tx, user: User, row: Mapping[str, Any]) -> None:
    if user.role == "owner" and row.get("role", "owner") != "owner":
        others = [one for one in list_users(tx) if one.role == "owner" and one.key != user.key]
        if not others:
            raise ConflictError(
                f"{user.email or user.name} is the only owner: make somebody else one first."
            )
    address = row.get("email")
    own = sa.and_(users.c.workspace_id == tx.workspace_id, users.c.id != user.key)
    taken = sa.select(users.c.id).where(own, users.c.email == address)
    if address and tx.conn.scalar(taken) is not None:
        raise UsageError(f"{address} is another user's address here.")


def _put(kept: dict[str, Any], name: str, value: Any) -> None:
    if len(name) > _LONGEST or not name.isprintable():
        raise UsageError(f"{name[:60]!r} is no name for a setting: use letters, digits, dots.")
    kept.pop(name, None)
    if value is not None:
        kept[name] = value


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise UsageError(f"A user's name is 1 to {_LONGEST} printable characters.")
    return name


def _email(text: str) -> str | None:
    read = emails.clean(text)
    if read.problem or not read.value:
        raise UsageError(f"{text[:80]!r} is not an e-mail address: write name@example.com.")
    return str(read.value)


def _role(text: str) -> str:
    if text not in ROLES:
        raise UsageError(f"There is no role {text!r}: choose from {', '.join(ROLES)}.")
    return text


def _timezone(text: str) -> str | None:
    if text and text not in zoneinfo.available_timezones():
        raise UsageError(f"There is no time zone {text!r}: write one like Europe/Berlin or UTC.")
    return text or None


def _flag(name: str, text: str) -> bool:
    said = flag.clean(text)
    if said.problem or said.value is None:
        raise UsageError(f"{name}={text!r}: write yes or no.")
    return bool(said.value)


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "name": _name,
    "email": _email,
    "role": _role,
    "timezone": _timezone,
}


def _select(workspace_id: int) -> sa.Select[Any]:
    return sa.select(users).where(users.c.workspace_id == workspace_id, users.c.role != REMOVED)


def _user(row: Any) -> User:
    return User(
        row.id,
        row.uuid,
        row.name,
        row.email,
        row.role,
        row.timezone or "UTC",
        row.settings or {},
        row.features or {},
        row.onboarded_at,
        row.created_at,
    )
