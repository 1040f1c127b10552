"""Pages are taken apart in a process of their own, which may be killed.

Some pages keep a parser busy for hours (a hundred thousand elements in one another, as many
attributes of one), and none can be interrupted; meanwhile nothing else would run. What is longest
of a real page takes a tenth of a second. What comes back is JSON: who reads hostile pages is not
trusted with more.
"""

import atexit
import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

from leadloom.connect.failure import TargetError
from leadloom.connect.page import Page
from leadloom.enrich.providers.website.sheet import Link, Sheet, read_sheet

LIMIT_S: Final = 5.0
"""A page is not taken apart for longer."""

_START_S: Final = 60.0
_IDLE_S: Final = 60  # who has nothing to do for so long ends, or does not come to an end
_MODULE: Final = "leadloom.enrich.providers.website.apart_process"

_turn = threading.Lock()
_processes: "list[subprocess.Popen[bytes]]" = []


def take_apart(page: Page) -> Sheet:
    """Return a page taken apart. Raises TargetError when that takes too long or cannot be done."""
    line = json.dumps([page.url, page.text]).encode() + b"\n"
    with _turn:
        said = _ask(line) or _ask(line)  # one that had nothing to do for a while has ended
    if not said:
        raise TargetError("it cannot be taken apart")
    *parts, links, language = json.loads(said)
    url, kind, title, meta, things, main_text, size = parts
    return Sheet(
        url,
        kind,
        title,
        meta,
        [Link(*one) for one in links],
        things,
        main_text,
        (language[0], language[1]) if language else None,
        size,
    )


def _ask(line: bytes) -> bytes:
    """Return what the process says; nothing when it has ended. Raises TargetError."""
    process = _running()
    assert process.stdin
    assert process.stdout
    with _killed_after(process, LIMIT_S) as is_late, contextlib.suppress(OSError):
        process.stdin.write(line)
        process.stdin.flush()
        if (said := process.stdout.readline()).endswith(b"\n"):
            return said
    _close()
    if is_late.is_set():
        raise TargetError("it takes too long to take apart")
    return b""


@contextlib.contextmanager
def _killed_after(process: "subprocess.Popen[bytes]", seconds: float) -> Iterator[threading.Event]:
    """Kill a process that is still waited for then; the event says that it was."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()


def _running() -> "subprocess.Popen[bytes]":
    if not _processes:
        try:
            process = subprocess.Popen(  # noqa: S603 - a module of our own
                (sys.executable, "-m", _MODULE),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise TargetError("no process can be started to take it apart") from error
        _processes.append(process)
        with _killed_after(process, _START_S):
            assert process.stdout
            process.stdout.readline()  # it is ready, or has ended
    return _processes[0]


def _close() -> None:
    """End the process, if there is one."""
    for process in _processes:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                assert pipe
                pipe.close()
        process.wait()
    _processes.clear()


atexit.register(_close)


def serve() -> None:
    """Be the process: a page a line comes in, a sheet a line goes out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the pipe
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    while True:
        _end_in(_IDLE_S)
        line = sys.stdin.buffer.readline()
        if not line:
            return
        _end_in(_IDLE_S)  # whoever waits for it waits for less, or is dead
        url, text = json.loads(line)
        sheet = read_sheet(Page(url, text, 0.0))
        sys.stdout.buffer.write(_written(sheet) + b"\n")
        sys.stdout.buffer.flush()


def _end_in(seconds: int) -> None:
    """Let the system end this process then, unless it is told anew."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _written(sheet: Sheet) -> bytes:
    def parts(things: Any) -> list[Any]:
        plain = [sheet.url, sheet.kind, sheet.title, sheet.meta, things, sheet.main_text]
        links = [[one.url, one.text] for one in sheet.links]
        return [*plain, sheet.size, links, sheet.language]

    try:
        return json.dumps(parts(sheet.things)).encode()
    except (RecursionError, ValueError):  # nested without end
        return json.dumps(parts([])).encode()
