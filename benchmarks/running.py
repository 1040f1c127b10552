"""Run a program in a process of its own; say how long it took and how much memory it held."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_SAMPLE_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Ran:
    """`seconds` from the start of the process to its end; `cpu_seconds` of it and its children,
    which other programs on the machine hardly change. `peak_bytes`: the most they held at one time
    (resident; pages they share count twice); None without /proc."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int | None
    output: str


def run(command: list[str]) -> Ran:
    """Run `command` to its end. Raises RuntimeError, with what it said, when it fails."""
    began, used = time.perf_counter(), _cpu_seconds_of_children()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    watch = _Watch(process.pid)
    watch.start()
    try:
        output, errors = process.communicate()
    except BaseException:
        process.kill()
        raise
    finally:
        watch.stop()
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {errors.strip()}")
    return Ran(seconds, _cpu_seconds_of_children() - used, watch.peak_bytes or None, output)


def _cpu_seconds_of_children() -> float:
    """Return what all children that have ended used so far, and theirs."""
    times = os.times()
    return times.children_user + times.children_system


class _Watch(threading.Thread):
    """Looks at the memory of a process and of all that it started, again and again."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._is_over = threading.Event()
        self.peak_bytes = 0

    def run(self) -> None:
        while not self._is_over.wait(_SAMPLE_EVERY_S):
            self.peak_bytes = max(self.peak_bytes, _resident_bytes(self._root))

    def stop(self) -> None:
        self._is_over.set()
        self.join()


def _resident_bytes(process: int) -> int:
    """Return the resident memory of a process and its descendants; 0 for one that is gone."""
    folder = _PROC / str(process)
    try:
        pages = int((folder / "statm").read_text().split()[1])
        tasks = list((folder / "task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_resident_bytes(int(one)) for one in children)
