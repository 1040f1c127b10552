"""The keys that secrets are encrypted with: given in the environment, else kept in a file.

The file is beside a SQLite database, or in the data folder for a server's; only its owner can read
it. It holds the newest key first. Never is a key stored in the database, or said in an error.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet

from leadloom.errors import SecretError
from leadloom.storage.database import Database, data_folder
from leadloom.storage.disk import settle

VARIABLE = "LEADLOOM_SECRET_KEY"
# Those before the newest are kept so that who read a secret just before a rotation still can.
_KEPT = 2


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys there are, the newest first, and where they were found; never shown."""

    keys: tuple[str, ...]
    place: str

    def __repr__(self) -> str:
        return f"Keyring({len(self.keys)} keys from {self.place})"

    @property
    def lock(self) -> MultiFernet:
        """What encrypts with the newest key and decrypts with any."""
        return MultiFernet([_read_key(key, self.place) for key in self.keys])


def file_of(db: Database) -> Path:
    """Return where the keys of a database are kept when the environment gives none."""
    if db.file:
        return db.file.with_name(f"{db.file.name}.key")
    url = db.url
    # Servers on one machine may differ by their socket alone.
    socket = "".join(str(url.query.get(name, "")) for name in ("unix_socket", "host"))
    server = f"{url.host}:{url.port}/{url.database}{socket}"
    mark = hashlib.blake2b(server.encode(), digest_size=4).hexdigest()
    return data_folder() / f"{db.url.database or 'leadloom'}-{mark}.key"


def is_open_to_others(db: Database) -> bool:
    """Whether others on this machine may read the key file, where systems can tell."""
    path = file_of(db)
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & 0o077)


def is_given() -> bool:
    """Whether the environment gives the keys."""
    return bool(os.environ.get(VARIABLE, "").strip())


def load(db: Database) -> Keyring | None:
    """Return the keys of a database; None when there are none yet. Raises SecretError."""
    if is_given():
        return Keyring(_split(os.environ[VARIABLE].replace(",", "\n")), VARIABLE)
    path = file_of(db)
    try:
        found = _split(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(
            f"The key file {path} cannot be read: make it yours, or set {VARIABLE}."
        ) from error
    if not found:
        raise SecretError(f"The key file {path} is empty: put back the one there was.")
    return Keyring(found, str(path))


def create(db: Database) -> Keyring:
    """Make the first key of a database and keep it; who comes second gets the first one's."""
    path, key = file_of(db), new_key()
    part = _write_part(path, [key])
    try:
        os.link(part, path)  # fails when there is one: never is a key written over
    except FileExistsError:
        pass
    finally:
        part.unlink()
    made = load(db)
    assert made is not None
    return made


def replace(db: Database, keys: tuple[str, ...]) -> Keyring:
    """Let a database's key file hold these keys, the newest first; it is never half written.

    To be called in a transaction that writes: then nobody else is at it.
    """
    path = file_of(db)
    _write_part(path, keys).replace(path)
    for left in path.parent.glob(f"{path.name}.[0-9]*"):  # by who was killed while writing
        left.unlink(missing_ok=True)
    settle(path.parent)
    return Keyring(keys, str(path))


def retired(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys worth keeping when everything is encrypted with the first."""
    return keys[:_KEPT]


def new_key() -> str:
    """Return a fresh key: 32 random bytes as URL-safe Base64."""
    return Fernet.generate_key().decode()


def _read_key(text: str, place: str) -> Fernet:
    try:
        return Fernet(text)
    except ValueError as error:
        raise SecretError(
            f"{place} holds something that is no key: `leadloom secrets new-key` prints one; "
            "several are separated by commas, the newest first."
        ) from error


def _split(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.splitlines() if one.strip())


def _write_part(path: Path, keys: tuple[str, ...] | list[str]) -> Path:
    """Write keys into a new file of the owner's, safely on the disk; return it."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SecretError(
            f"No key can be kept in {path} ({error.strerror}): set {VARIABLE} instead."
        ) from error
    return part
