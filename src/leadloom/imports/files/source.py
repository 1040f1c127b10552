"""Where bytes come from: something named that can be opened again and again, within limits."""

import gzip
import io
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from leadloom.errors import InputError
from leadloom.imports.files.table import Limits

BLOCK = 256 * 1024
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a member of an archive, or what came through a pipe."""

    name: str
    open: Callable[[], io.BufferedReader]

    def head(self, size: int) -> bytes:
        """The first bytes; fewer when the source ends, or proves damaged after the first."""
        data = bytearray()
        with self.open() as stream:
            try:
                while len(data) < size and (block := stream.read1(size - len(data))):
                    data += block
            except InputError:
                if not data:
                    raise
        return bytes(data)


class Inflatable(Protocol):
    """What gzip and zip members have in common."""

    def read1(self, n: int = ..., /) -> bytes: ...

    def close(self) -> None: ...


class Inflated(io.RawIOBase):
    """A decompressed stream that counts what comes out and refuses a bomb while it unfolds."""

    def __init__(
        self,
        name: str,
        inner: Inflatable,
        compressed: Callable[[], int],
        limits: Limits,
        beneath: IO[bytes] | None = None,
    ) -> None:
        self._name = name
        self._inner = inner
        self._beneath = beneath
        self._compressed = compressed
        self._limits = limits
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read1(len(buffer))
        except DAMAGED as error:
            raise InputError(
                f"{self._name} is damaged or cut off after {self._total:,} bytes; "
                "get a fresh copy and import it again"
            ) from error
        except OSError as error:
            raise InputError(f"{self._name} cannot be read: {error.strerror or error}") from error
        buffer[: len(data)] = data
        self._total += len(data)
        refuse_bomb(self._name, self._total, self._compressed(), self._limits)
        return len(data)

    def close(self) -> None:
        self._inner.close()
        if self._beneath:
            self._beneath.close()
        super().close()


def refuse_bomb(name: str, size: int, compressed: int, limits: Limits) -> None:
    """Raise InputError when inflated bytes are too many, or too many for what they came from."""
    if size > limits.total_uncompressed:
        raise InputError(
            f"{name} unpacks to more than {limits.total_uncompressed:,} bytes; "
            "split it into smaller files"
        )
    if size > limits.ratio_from and size > limits.ratio * max(compressed, 1):
        raise InputError(
            f"{name} unpacks to more than {limits.ratio} times its size, as a zip bomb does; "
            "if you trust it, unpack it yourself and import what is inside"
        )


def file_source(path: Path) -> Source:
    """A file on disk. Raises InputError when it is missing, empty, or no regular file."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; check the name and the folder") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {_reason(error)}") from error
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path} is a folder; name the files in it")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path} is not a regular file; pipe it in with '-' instead")
    if not found.st_size:
        raise InputError(f"{path} is empty")
    _open(path).close()
    return Source(str(path), lambda: _open(path))


@contextmanager
def stdin_source(limits: Limits) -> Iterator[Source]:
    """What comes through standard input, kept in a temporary file until the reading is over."""
    with tempfile.TemporaryDirectory(prefix="leadloom-") as folder:
        path = Path(folder, "stdin")
        with path.open("wb") as kept:
            copy_within(sys.stdin.buffer, kept, "standard input", limits)
        if not path.stat().st_size:
            raise InputError("standard input is empty; name a file, or pipe one in")
        yield Source("stdin", lambda: _open(path))


def gunzipped(source: Source, limits: Limits) -> Source:
    """What a gzip file holds, all its members in turn."""

    def inflate() -> io.BufferedReader:
        raw = source.open()
        inner = gzip.GzipFile(fileobj=raw)
        return io.BufferedReader(Inflated(source.name, inner, raw.tell, limits, raw), BLOCK)

    return Source(source.name, inflate)


def seekable(source: Source, limits: Limits) -> IO[bytes]:
    """The source as a stream that can be searched, as zip needs; spooled to disk if inflated."""
    stream = source.open()
    if stream.seekable():
        return stream
    kept = tempfile.TemporaryFile(prefix="leadloom-")  # noqa: SIM115 - the caller closes it
    try:
        with stream:
            copy_within(stream, kept, source.name, limits)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return kept


def copy_within(stream: IO[bytes], kept: IO[bytes], name: str, limits: Limits) -> None:
    """Copy a stream block by block. Raises InputError beyond `total_uncompressed` bytes."""
    total = 0
    while block := stream.read(BLOCK):
        total += len(block)
        refuse_bomb(name, total, total, limits)
        kept.write(block)


def _open(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "permission denied; change its permissions or copy it elsewhere"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
