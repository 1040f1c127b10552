"""A secret: a name and a value that only who holds the key can read.

The name is encrypted with the value, so one secret cannot be put in another's place.
"""

import datetime as dt
import re
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from leadloom.errors import NotFoundError, SecretError, UsageError
from leadloom.events.event import record
from leadloom.secrets import keys
from leadloom.secrets.keys import Keyring
from leadloom.storage import walls
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import secrets, workspaces

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")
_LONGEST = 32_000


@dataclass(frozen=True, slots=True)
class Secret:
    """That there is a secret, and since when; never what it is."""

    name: str
    created_at: dt.datetime
    updated_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return asdict(self)


def list_secrets(tx: Tx) -> list[Secret]:
    """Return which secrets there are, by name."""
    return [Secret(*row) for row in tx.conn.execute(_select(tx).order_by(secrets.c.name))]


def set_secret(tx: Tx, db: Database, name: str, value: str) -> Secret:
    """Keep a value under a name, in place of the one before; the first one makes the key.

    Raises UsageError for a name or value that will not do, and SecretError when the key that the
    others were encrypted with is missing, or another one.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name[:60]!r} is no name for a secret: use up to 100 letters, digits and . _ : -."
        )
    if not value or len(value.encode()) > _LONGEST:
        raise UsageError(f"A secret is 1 to {_LONGEST} bytes: nothing was kept.")
    ring = _ring(tx, db, may_create=True)
    row: dict[str, Any] = {"ciphertext": ring.lock.encrypt(f"{name}\0{value}".encode())}
    mine = _at(tx, name)
    if tx.conn.scalar(sa.select(secrets.c.id).where(*mine)) is None:
        row |= {"workspace_id": tx.workspace_id, "name": name, **tx.stamp()}
        tx.conn.execute(secrets.insert().values(**row))
    else:
        tx.conn.execute(secrets.update().where(*mine).values(**row, **tx.touch()))
    record(tx, "secret.set", None, data={"name": name})
    return Secret(*tx.conn.execute(_select(tx).where(secrets.c.name == name)).one())


def get_secret(tx: Tx, db: Database, name: str) -> str:
    """Return the value of a secret. Raises NotFoundError, and SecretError as `set_secret` does."""
    sealed = tx.conn.scalar(sa.select(secrets.c.ciphertext).where(*_at(tx, name)))
    if sealed is None:
        raise _not_found(name)
    return _open(_ring(tx, db), name, sealed)


def remove_secret(tx: Tx, name: str) -> None:
    """Forget a secret. Raises NotFoundError."""
    if not tx.conn.execute(secrets.delete().where(*_at(tx, name))).rowcount:
        raise _not_found(name)
    record(tx, "secret.removed", None, data={"name": name})


def add_key(db: Database) -> Keyring:
    """Put a new key before the others, where a file keeps them; return all.

    Raises SecretError when there is no key yet, or the environment gives no more than one.
    """
    ring = keys.load(db)
    if ring is None:
        raise SecretError(f"{db.label} has no key yet: `leadloom secrets set` makes the first.")
    if not keys.is_given():
        return keys.replace(db, (keys.new_key(), *ring.keys))
    if len(ring.keys) < 2:
        raise SecretError(
            f"{keys.VARIABLE} holds one key only: put a new one before it (`leadloom secrets "
            "new-key` prints one), a comma between them, and rotate again."
        )
    return ring


def encrypt_again(tx: Tx, ring: Keyring) -> int:
    """Encrypt the secrets of every workspace with the newest key; return how many there are."""
    lock, count = ring.lock, 0
    for workspace in tx.conn.scalars(sa.select(workspaces.c.id)).all():
        walls.enter(tx.conn, workspace)
        query = sa.select(secrets).where(secrets.c.workspace_id == workspace)
        for row in tx.conn.execute(query).all():
            value = f"{row.name}\0{_open(ring, row.name, row.ciphertext)}"
            change = secrets.update().where(secrets.c.id == row.id)
            tx.conn.execute(change.values(ciphertext=lock.encrypt(value.encode()), **tx.touch()))
            count += 1
    walls.enter(tx.conn, tx.workspace_id)
    record(tx, "secret.rotated", None, data={"secrets": count})
    return count


def drop_old_keys(db: Database, newest: str) -> None:
    """Forget the keys that nothing is encrypted with since all was with `newest`, in a key file.

    Others may have put more before it meanwhile, and use those: they stay.
    """
    ring = None if keys.is_given() else keys.load(db)
    if ring is not None and newest in ring.keys:
        since = ring.keys.index(newest)
        keys.replace(db, ring.keys[:since] + keys.retired(ring.keys[since:]))


def _ring(tx: Tx, db: Database, *, may_create: bool = False) -> Keyring:
    """Return the keys, having made sure that they are those of the secrets there are."""
    ring = keys.load(db)
    known = tx.conn.execute(sa.select(secrets).limit(1)).first()
    if ring is None:
        if known is not None or not may_create:
            raise SecretError(
                f"The key of the secrets in {db.label} is missing: put {keys.file_of(db)} back, or "
                f"set {keys.VARIABLE}; without it they cannot be read, only removed."
            )
        return keys.create(db)
    if known is not None:
        _open(ring, known.name, known.ciphertext, told="What is kept")
    return ring


def _open(ring: Keyring, name: str, sealed: bytes, told: str | None = None) -> str:
    try:
        whose, _, value = ring.lock.decrypt(sealed).decode().partition("\0")
    except InvalidToken:
        whose, value = "", ""
    if whose != name:
        raise SecretError(
            f"{told or f'The secret {name}'} was encrypted with another key than {ring.place} "
            "holds: put the right one there, or remove what cannot be read and set it again."
        )
    return value


def _select(tx: Tx) -> sa.Select[Any]:
    columns = [secrets.c[name] for name in Secret.__dataclass_fields__]
    return sa.select(*columns).where(secrets.c.workspace_id == tx.workspace_id)


def _at(tx: Tx, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    return secrets.c.workspace_id == tx.workspace_id, secrets.c.name == name


def _not_found(name: str) -> NotFoundError:
    return NotFoundError(f"There is no secret {name[:60]!r}: see `leadloom secrets list`.")
