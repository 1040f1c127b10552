"""A server in a process of its own: Leadloom's, or one that has a single page, ready to send."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


class Server:
    """A process that says its address in its first line, as JSON."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError(f"{' '.join(command)} ended before it served.")
        self.url: str = json.loads(said)["url"]

    @property
    def resident_mb(self) -> float:
        """Return the memory it holds. Raises OSError where there is no /proc."""
        text = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(text.partition("VmRSS:")[2].split()[0]) / 1_000

    def close(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[Server]:
    """A server while the block runs."""
    server = Server([sys.executable, *arguments])
    try:
        yield server
    finally:
        server.close()


def bare(page: Path) -> None:
    """Serve one page that is ready, by the same kind of server and middleware."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, Response
    from starlette.routing import Route

    body = page.read_bytes()

    async def answer(_: Request) -> Response:
        return await run_in_threadpool(lambda: HTMLResponse(body))

    app = Starlette(routes=[Route("/", answer)], middleware=[Middleware(GZipMiddleware, 500, 5)])
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:  # by name: for TCP_NODELAY
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    bare(Path(sys.argv[1]))
