"""A command that ends with whoever started it: `python -m leadloom.jobs.child enrich --budget 5`.

A worker that is killed stops nobody. Its command would go on alone, while the next worker begins
the same anew beside it. So the command has a pipe from its worker, on which nothing is ever said:
when that ends, it stops as by Ctrl-C.
"""

import os
import runpy
import signal
import sys
import threading
import time
from typing import Final

STOPS_IN_S: Final = 5.0
"""Longer than that it does not take to stop."""


def main() -> None:
    """Do the command that this process was started with."""
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_end_with, args=(pipe,), name="leadloom-parent", daemon=True).start()
    sys.argv[0] = "leadloom"
    runpy.run_module("leadloom", run_name="__main__")


def _end_with(pipe: int) -> None:
    """Wait until the other end of a pipe is closed; then stop this process."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(STOPS_IN_S)
    os._exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
