"""A writer in a process of its own: whoever asks, and whoever writes, each have a core.

Python runs one thread at a time, and a thread that speaks to a database gives way at every row:
side by side in one process the two hold each other up. The process is this interpreter running a
module that calls `serve`; it ends with the pipe it is fed by, so also when its parent dies. What
travels is pickled, between a parent and its own child.
"""

import asyncio
import contextlib
import io
import itertools
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from leadloom.errors import DatabaseError
from leadloom.jobs.writer import Handler, Told, Writer

In = TypeVar("In")
Out = TypeVar("Out")
Reduce = Mapping[type, Callable[[Any], Any]]

_SIZE = struct.Struct("!Q")
_READY = b"ready"


class Spare:
    """A process that is to write, before it is known what for: loading takes it a while."""

    def __init__(self, module: str) -> None:
        """Start `python -m module`. Raises OSError."""
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(  # noqa: S603 - a module of our own
            (sys.executable, "-m", module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def take(self) -> "subprocess.Popen[bytes]":
        """Return the process, which is the caller's to end from now on."""
        process, self._process = self._process, None
        assert process
        return process

    def close(self) -> None:
        """End a process that nobody took."""
        if self._process:
            _end(self.take())


class FarWriter:
    """Writes as `Writer` does, elsewhere; belongs to the loop it was started in.

    Handlers are known there by their names. `reduce` says how objects travel that cannot by
    themselves.
    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        stdout: asyncio.StreamReader,
        stdin: asyncio.WriteTransport,
        reduce: Reduce,
    ) -> None:
        self._process = process
        self._stdout, self._stdin = stdout, stdin
        self._reduce = reduce
        self._loop = asyncio.get_running_loop()
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._outgoing: list[tuple[int, str, Any, float]] = []
        self._reading = self._loop.create_task(self._read())

    @classmethod
    async def start(cls, spare: Spare, hello: Any, reduce: Reduce) -> "FarWriter":
        """Tell a process what to write for by `hello`. Raises DatabaseError when it cannot."""
        process = spare.take()
        try:
            stdout, stdin = await _connect(process)
            stdin.write(_frame(hello, reduce))
            said = pickle.loads(await _frame_from(stdout))  # noqa: S301 - our own process
            if said != _READY:
                raise DatabaseError(str(said))
        except BaseException as error:
            process.kill()
            await asyncio.to_thread(process.wait)
            if isinstance(error, asyncio.IncompleteReadError):
                raise _gone() from error
            raise
        return cls(process, stdout, stdin, reduce)

    async def write(self, handler: Handler[In, Out], item: In, *, patience_s: float = 0.0) -> Out:
        """Have `item` written with others and return its result, committed."""
        if self._reading.done():
            raise _gone()
        number = next(self._numbers)
        future: asyncio.Future[Out] = self._loop.create_future()
        self._waiting[number] = future
        if not self._outgoing:
            self._loop.call_soon(self._send)
        self._outgoing.append((number, handler.__name__, item, patience_s))
        try:
            return await future
        finally:
            self._waiting.pop(number, None)

    async def close(self) -> None:
        """Let it commit what waits, and end."""
        self._send()
        self._stdin.close()
        with contextlib.suppress(Exception):
            await self._reading
        await asyncio.to_thread(self._process.wait)

    def _send(self) -> None:
        """Send what has come up since: one message for many takes less than one for each."""
        if self._outgoing and not self._reading.done():
            self._stdin.write(_frame(self._outgoing, self._reduce))
        self._outgoing = []

    async def _read(self) -> None:
        try:
            while True:
                told = pickle.loads(await _frame_from(self._stdout))  # noqa: S301
                for number, result, error in told:
                    future = self._waiting.get(number)
                    if future is None or future.done():
                        continue
                    if error is None:
                        future.set_result(result)
                    else:
                        future.set_exception(error)
        except asyncio.IncompleteReadError:
            pass
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(_gone())


async def _connect(
    process: "subprocess.Popen[bytes]",
) -> tuple[asyncio.StreamReader, asyncio.WriteTransport]:
    """Take a process's output and input into this loop."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), process.stdout)
    stdin, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin)
    return reader, stdin


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        assert pipe
        pipe.close()
    process.wait()


def _gone() -> DatabaseError:
    return DatabaseError(
        "The process that writes for this run has ended; the run can be resumed, and goes on where "
        "it stopped."
    )


@dataclass(frozen=True, slots=True)
class _Number:
    """Who waits in the other process."""

    number: int

    def cancelled(self) -> bool:
        """Whoever has gone there is passed over there."""
        return False


class _Replies:
    """Sends results back; hashed by identity, so that all of one transaction go together."""

    def __init__(self, out: BinaryIO, reduce: Reduce) -> None:
        self._out, self._reduce = out, reduce
        self._lock = threading.Lock()

    def __call__(self, told: Sequence[Told]) -> None:
        rows = [(waiter.number, result, _sendable(error)) for waiter, result, error in told]
        with self._lock, contextlib.suppress(BrokenPipeError):
            self._out.write(_frame(rows, self._reduce))
            self._out.flush()


def serve(start: Callable[[Any], tuple[Writer, Mapping[str, Handler[Any, Any]], Reduce]]) -> None:
    """Be the process: `start` makes a writer and its handlers, by name, of the first message."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the pipe
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    writer, handlers, reduce = start(_frame_in(stdin))
    replies = _Replies(stdout, reduce)
    with contextlib.suppress(EOFError), writer:
        stdout.write(_frame(_READY, {}))
        stdout.flush()
        while True:
            for number, name, item, patience_s in _frame_in(stdin):
                writer.put(handlers[name], item, _Number(number), replies, patience_s)


def _sendable(error: Exception | None) -> Exception | None:
    if error is None:
        return None
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - what was dumped just now
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _frame(what: Any, reduce: Reduce) -> bytes:
    out = io.BytesIO()
    out.write(_SIZE.pack(0))
    pickler = pickle.Pickler(out, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = dict(reduce)
    pickler.dump(what)
    out.seek(0)
    size = len(out.getbuffer()) - _SIZE.size
    out.write(_SIZE.pack(size))
    return out.getvalue()


async def _frame_from(stream: asyncio.StreamReader) -> bytes:
    (size,) = _SIZE.unpack(await stream.readexactly(_SIZE.size))
    return await stream.readexactly(size)


def _frame_in(stream: BinaryIO) -> Any:
    """Read a message. Raises EOFError at the end."""
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError
    (size,) = _SIZE.unpack(head)
    body = stream.read(size)
    if len(body) < size:
        raise EOFError
    return pickle.loads(body)  # noqa: S301 - our own parent
