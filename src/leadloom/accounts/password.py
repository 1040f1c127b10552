"""Passwords: kept as argon2id hashes, set by their owner or by an owner of the workspace."""

from typing import Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from leadloom.accounts.user import User, find
from leadloom.errors import UsageError
from leadloom.events.event import record
from leadloom.storage.database import Tx
from leadloom.storage.tables import users

SHORTEST: Final = 10
_LONGEST: Final = 1_000
_HASHER: Final = PasswordHasher()
# Of no password anybody has: whoever does not exist is refused as slowly as who does.
_NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA"
    "$O8pzHSJ/7lLXhZ1e8uU0rmvwuYYl6mmxS1lzWQTsO5E"
)


def set_password(tx: Tx, user: User, password: str | None) -> None:
    """Let a user log in with this password; None lets them not. Raises UsageError for a short one.

    The sessions that began with the old one are not ended: see `session.end_all`.
    """
    if password is not None and not SHORTEST <= len(password) <= _LONGEST:
        raise UsageError(f"A password has {SHORTEST} characters or more: a few words are good.")
    made = None if password is None else _HASHER.hash(password)
    change = users.update().where(users.c.id == user.key)
    tx.conn.execute(change.values(password_hash=made, **tx.touch()))
    record(tx, "user.password_changed", user.key)


def who_has(tx: Tx, email: str, password: str) -> User | None:
    """Return the user with this address and password, if there is one; it takes as long if not."""
    user = find(tx.conn, tx.workspace_id, email) if "@" in email else None
    kept = _hash_of(tx, user) if user else None
    try:
        _HASHER.verify(kept or _NOBODY, password[:_LONGEST])
    except (Argon2Error, InvalidHashError):
        return None
    return user if kept else None


def can_anybody_log_in(tx: Tx) -> bool:
    """Whether any user of the workspace has a password."""
    mine = sa.and_(users.c.workspace_id == tx.workspace_id, users.c.role != "removed")
    found = sa.select(users.c.id).where(mine, users.c.password_hash.is_not(None)).limit(1)
    return tx.conn.scalar(found) is not None


def _hash_of(tx: Tx, user: User) -> str | None:
    return tx.conn.scalar(sa.select(users.c.password_hash).where(users.c.id == user.key))
