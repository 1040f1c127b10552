"""Sessions: who is logged in, on which browser, until when. Only a browser has its own key."""

import datetime as dt
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.accounts.user import REMOVED, User
from leadloom.errors import NotFoundError
from leadloom.events.event import record
from leadloom.ids import new_uuid
from leadloom.storage.database import Tx
from leadloom.storage.tables import sessions, users

LASTS: Final = dt.timedelta(days=30)
# A session is written to this often at most, while it is used.
_SEEN_EVERY: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Login:
    """A session as people see it."""

    id: uuid.UUID
    user: str
    agent: str | None
    began_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Whose session it is, and whether it should be marked as seen."""

    key: int
    user_id: int
    user: str
    role: str
    is_stale: bool


def begin(tx: Tx, user: User, agent: str | None) -> str:
    """Log a user in; return the token for their browser, which nothing here keeps."""
    token = secrets.token_urlsafe(32)
    row = {
        "uuid": new_uuid(),
        "workspace_id": tx.workspace_id,
        "user_id": user.key,
        "token_hash": _hash(token),
        "agent": (agent or "")[:255] or None,
        "seen_at": tx.now,
        "expires_at": tx.now + LASTS,
    }
    tx.conn.execute(sessions.insert().values(**row, **tx.stamp()))
    tx.conn.execute(sessions.delete().where(_mine(tx), sessions.c.expires_at <= tx.now))
    record(tx, "user.logged_in", user.key)
    return token


def find(tx: Tx, token: str) -> Found | None:
    """Return whose session a token opens, if it opens one still."""
    query = (
        sa.select(sessions.c.id, sessions.c.seen_at, users.c.id, users.c.email, users.c.name)
        .add_columns(users.c.role)
        .join(users, users.c.id == sessions.c.user_id)
        .where(_mine(tx), sessions.c.token_hash == _hash(token))
        .where(sessions.c.expires_at > tx.now, users.c.role != REMOVED)
    )
    row = tx.conn.execute(query).first()
    if row is None:
        return None
    key, seen_at, user_id, email, name, role = row
    return Found(key, user_id, email or name, role, tx.now - seen_at > _SEEN_EVERY)


def touch(tx: Tx, found: Found) -> None:
    """Mark a session as seen; while it is used it lasts."""
    change = sessions.update().where(_mine(tx), sessions.c.id == found.key)
    tx.conn.execute(change.values(seen_at=tx.now, expires_at=tx.now + LASTS, **tx.touch()))


def end(tx: Tx, token: str) -> None:
    """Log a browser out."""
    tx.conn.execute(sessions.delete().where(_mine(tx), sessions.c.token_hash == _hash(token)))


def end_one(tx: Tx, id: uuid.UUID, user: User | None) -> None:
    """End a session by its id, of this user only if given. Raises NotFoundError."""
    which = sa.and_(_mine(tx), sessions.c.uuid == id)
    if user is not None:
        which = sa.and_(which, sessions.c.user_id == user.key)
    if tx.conn.execute(sessions.delete().where(which)).rowcount == 0:
        raise NotFoundError("There is no such session any more.")


def end_all(tx: Tx, user: User) -> int:
    """Log a user out everywhere; return from how many browsers."""
    gone = sessions.delete().where(_mine(tx), sessions.c.user_id == user.key)
    return tx.conn.execute(gone).rowcount


def list_sessions(tx: Tx, user: User | None = None) -> list[Login]:
    """Return who is logged in, the latest first; one user's if given."""
    query = (
        sa.select(sessions, users.c.email, users.c.name)
        .join(users, users.c.id == sessions.c.user_id)
        .where(_mine(tx), sessions.c.expires_at > tx.now)
        .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
    )
    if user is not None:
        query = query.where(sessions.c.user_id == user.key)
    return [_login(row) for row in tx.conn.execute(query)]


def _login(row: Any) -> Login:
    who = row.email or row.name
    return Login(row.uuid, who, row.agent, row.created_at, row.seen_at, row.expires_at)


def _mine(tx: Tx) -> sa.ColumnElement[bool]:
    return sessions.c.workspace_id == tx.workspace_id


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
