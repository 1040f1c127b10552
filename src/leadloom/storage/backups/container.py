"""The file a backup is: a tar packed with zstd, its manifest last; `tar --zstd -xf` opens it."""

import contextlib
import hashlib
import io
import os
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import orjson
import zstandard

from leadloom.errors import DatabaseError, InputError

MANIFEST = "manifest.json"
MAGIC = b"\x28\xb5\x2f\xfd"

_README = "README.txt"
_LEVEL = 3
_PIECE = 1 << 20
_ABOUT = """\
A backup of a Leadloom database. Put it back with

    leadloom db restore THIS-FILE

It does not hold the secret key: passwords and tokens that Leadloom keeps are in here locked, and
the key to them (LEADLOOM_SECRET_KEY, or the key file beside the database) has to be kept elsewhere.
"""

OnBytes = Callable[[int], None]


class Writer:
    """Writes a backup, member after member; the manifest names each with its size and hash."""

    def __init__(self, path: Path, on_bytes: OnBytes = lambda done: None) -> None:
        self.path = path
        self._on_bytes = on_bytes
        self._members: dict[str, dict[str, Any]] = {}
        # Whose data it is, that one alone may read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "wb")
        packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._packed = packer.stream_writer(self._file, closefd=False)
        self._tar = tarfile.open(fileobj=self._packed, mode="w|")  # noqa: SIM115 - see close
        self._add(_README, io.BytesIO(_ABOUT.encode()), len(_ABOUT.encode()))

    def add_file(self, name: str, path: Path) -> None:
        """Add what a file holds."""
        with path.open("rb") as file:
            self._add(name, file, path.stat().st_size)

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add some bytes."""
        self._add(name, io.BytesIO(content), len(content))

    def close(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, and all of it to the disk."""
        told = {**manifest, "members": self._members}
        content = orjson.dumps(told, option=orjson.OPT_INDENT_2)
        self._add(MANIFEST, io.BytesIO(content), len(content))
        self._tar.close()
        self._packed.close()  # type: ignore[no-untyped-call]
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Close what is open without finishing it, and take the file away."""
        with contextlib.suppress(OSError, zstandard.ZstdError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, int(time.time()), 0o600
        hashed = _Hashed(content, self._on_bytes)
        self._tar.addfile(member, hashed)
        self._members[name] = {"size": size, "sha256": hashed.digest}


class _Unpacked:
    """What a file packed with zstd holds; its end is only reached when all of it was sound."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._unpacker = zstandard.ZstdDecompressor().decompressobj()
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Read on. Raises EOFError when the file ends too early, or goes on after its end."""
        while len(self._ready) < size and not self._unpacker.eof:
            try:
                piece = self._file.read(_PIECE)
            except OSError as error:  # whoever takes what is in it has errors of their own
                raise EOFError(f"it cannot be read: {error.strerror}") from error
            if not piece:
                raise EOFError("its end is missing")
            self._ready += self._unpacker.decompress(piece)
        if self._unpacker.eof and (self._unpacker.unused_data or self._file.read(1)):
            raise EOFError("something follows its end")
        plain, self._ready = self._ready[:size], self._ready[size:]
        return plain


class _Hashed:
    """A stream that is hashed as it is read."""

    def __init__(self, content: IO[bytes], on_bytes: OnBytes = lambda done: None) -> None:
        self._content = content
        self._hash = hashlib.sha256()
        self._on_bytes = on_bytes
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        piece = self._content.read(size)
        self._hash.update(piece)
        self.size += len(piece)
        self._on_bytes(len(piece))
        return piece

    @property
    def digest(self) -> str:
        """The hash of what was read so far."""
        return self._hash.hexdigest()


@contextlib.contextmanager
def written(path: Path, on_bytes: OnBytes = lambda done: None) -> Iterator[Writer]:
    """Give a writer; whatever is not closed in the end is taken away.

    Raises DatabaseError when the file cannot be written, for want of room as a rule.
    """
    try:
        writer = Writer(path, on_bytes)
        try:
            yield writer
        except BaseException:
            writer.abandon()
            raise
    except (OSError, zstandard.ZstdError) as error:
        raise no_room(path, error) from error


def no_room(path: Path, error: Exception) -> DatabaseError:
    """Return what to say when a backup cannot be written."""
    reason = getattr(error, "strerror", None) or str(error)
    return DatabaseError(
        f"{path.parent} has no room for the backup, or cannot be written ({reason}): free some or "
        "name a file elsewhere; the database and earlier backups are as they were."
    )


@contextlib.contextmanager
def members(path: Path, *, to_end: bool = False) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Give each member's name and content in turn. Raises InputError where it is damaged.

    `to_end` reads what follows the last member too: there is the checksum of the whole.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): name another file.") from error
    try:
        with file:
            plain: Any = _Unpacked(file)
            with tarfile.open(fileobj=plain, mode="r|") as tar:
                yield _each(tar)
            while to_end and plain.read(_PIECE):
                pass
    except (tarfile.TarError, zstandard.ZstdError, EOFError, ValueError, KeyError) as error:
        raise damaged(path, str(error)) from error


def _each(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member)
        if content is not None:
            yield member.name, content


def read(path: Path, take: Callable[[str, IO[bytes]], None] | None = None) -> dict[str, Any]:
    """Read a whole backup, let `take` have each member, and return its manifest.

    Raises InputError unless every member is there and has the hash that the manifest says.
    """
    seen: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    with members(path, to_end=True) as found:
        for name, content in found:
            if name == MANIFEST:
                manifest = orjson.loads(content.read())
                continue
            hashed = _Hashed(content)
            if take:
                take(name, hashed)  # type: ignore[arg-type]
            while hashed.read(_PIECE):
                pass
            seen[name] = {"size": hashed.size, "sha256": hashed.digest}
    if manifest is None:
        raise damaged(path, "its end is missing")
    if seen != manifest.get("members"):
        raise damaged(path, "a checksum does not fit")
    return manifest


def damaged(path: Path, detail: str) -> InputError:
    """Return what to say of a backup that is not sound."""
    return InputError(
        f"{path} is damaged ({detail}): nothing was restored from it; take another backup."
    )
