"""How fast the web app answers over many leads, beside a bare page and bare SQL.

    python benchmarks/bench_web.py [LEADS] [--repeat 40] [--folder run/bench-web] [--json]

`leadloom serve` is a process of its own; who asks is plain HTTP over connections that stay open,
packed answers as browsers take them. Each time is from the request's first byte to the answer's
last. LEADS: 1,000,000 unless told; they are made in a temporary folder, or kept in --folder for
the next time. See README.md for the floors.
"""

import argparse
import contextlib
import gzip
import http.client
import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from urllib.parse import quote, urlsplit

import generate
import server_process
from bench_search import fill, questions
from server_process import Server, serving

import leadloom
import leadloom.web

PAGE = 40
CLIENTS = 8
CLIENTS_S = 5.0
STREAMS = 20
IMPORTED = 2_000
LOOKS_S = 4.0  # before somebody who sorted a list goes far into it
SEED = 7
_OWN_FILE = re.compile(r"/static/\w+/[\w.-]+")
_IMPORT = re.compile(r"""import[^"';]*["']\./([\w.-]+)["']""")
_SHOWN = "root_id IS NULL AND deleted_at IS NULL"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in its unit, beside the aim and the floor; None where there is none."""

    what: str
    unit: str
    measured: float
    aim: float | None
    floor: float | None
    is_more_better: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it is as good as it should be."""
        if self.aim is None:
            return True
        return self.measured >= self.aim if self.is_more_better else self.measured <= self.aim


class Client:
    """A connection that stays open, and asks as our own scripts do."""

    def __init__(self, url: str, *, is_script: bool = True) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._headers = {"Accept-Encoding": "gzip"}
        if is_script:
            self._headers["X-Leadloom"] = "1"

    def get(self, path: str) -> bytes:
        """Return the body as it came. Raises RuntimeError for anything but 200."""
        try:
            answer = self._ask(path)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()  # it was quiet for too long: browsers begin anew then
            answer = self._ask(path)
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {path} answered {answer.status}: {plain(body)[:300]!r}")
        return body

    def _ask(self, path: str) -> http.client.HTTPResponse:
        self._connection.request("GET", path, headers=self._headers)
        return self._connection.getresponse()

    def take_ms(self, path: str) -> float:
        """Return how many milliseconds an answer takes."""
        return timed_ms(lambda: self.get(path))

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def plain(body: bytes) -> bytes:
    """Return an answer unpacked."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def timed_ms(work: Callable[[], object]) -> float:
    """Return how many milliseconds some work takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000


def middle(values: Sequence[float], share: float = 0.5) -> float:
    """Return the value that a share of them is not above."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Floor:
    """The bare page, and bare SQL in this process over the same file."""

    def __init__(self, server: Server, path: Path, repeat: int) -> None:
        self._server, self._repeat = server, repeat
        self._database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def page_ms(self, share: float = 0.5) -> float:
        """Return what a page costs that is ready."""
        client = Client(self._server.url)
        client.get("/")
        return middle([client.take_ms("/") for _ in range(self._repeat)], share)

    def pages_a_second(self) -> float:
        """Return how many such pages several clients get."""
        return throughput(self._server.url, lambda _: "/")

    def sql_ms(self, query: str, times: int = 3) -> float:
        """Return what a query costs, all its rows read."""
        return middle(
            [timed_ms(lambda: self._database.execute(query).fetchall()) for _ in range(times)]
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def main() -> None:
    """Measure what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description="Measure the web app.")
    parser.add_argument("leads", type=int, nargs="?", default=1_000_000, metavar="LEADS")
    parser.add_argument("--repeat", type=int, default=40, help="times of what is quick")
    parser.add_argument("--folder", type=Path, help="where to keep the database for the next time")
    parser.add_argument("--json", action="store_true", help="print only JSON")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="bench-web-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        figures = measure(made(folder, given.leads), given.leads, given.repeat)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)
    if given.json:
        print(json.dumps([asdict(one) | {"is_met": one.is_met} for one in figures]))
    else:
        show(given.leads, figures)


def made(folder: Path, count: int) -> Path:
    """Return a database of so many leads, with its search index; a kept one as it is."""
    path = folder / f"{count}.db"
    if path.exists():
        return path
    unfinished = folder / f"{count}-unfinished.db"
    for one in folder.glob(f"{unfinished.name}*"):
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    with leadloom.open(f"sqlite:///{unfinished}") as ws:
        fill(ws, count)
        ws.leads.find("anna", limit=1)
    for one in folder.glob(f"{unfinished.name}-*"):
        one.rename(folder / one.name.replace(unfinished.name, path.name))
    return unfinished.rename(path)


def measure(path: Path, count: int, repeat: int) -> list[Figure]:
    """Return every figure, over the database at `path`."""
    with (
        serving(
            "-m", "leadloom", "--db", f"sqlite:///{path}", "serve", "--port", "0", "--json"
        ) as server,
        tempfile.TemporaryDirectory(prefix="bench-web-") as folder,
    ):
        ready = Path(folder) / "page.html"
        visitor = Client(server.url, is_script=False)
        first = timed_ms(lambda: ready.write_bytes(plain(visitor.get("/leads"))))
        with serving(server_process.__file__, str(ready)) as other:
            floor = Floor(other, path, repeat)
            figures = [
                *pages(visitor, floor, first, repeat),
                *typing(Client(server.url), floor, count, repeat),
                *jumps(Client(server.url), floor),
                *crowd(server, floor, count),
            ]
            floor.close()
        figures += sizes(Client(server.url, is_script=False))
        figures += listening(server, path, Path(folder))
    return figures


def pages(client: Client, floor: Floor, first: float, repeat: int) -> list[Figure]:
    """The first page of the grid, asked for while the server starts and later; and the count."""
    bare_page = floor.page_ms()
    rows = floor.sql_ms(f"SELECT * FROM leads WHERE {_SHOWN} ORDER BY id DESC LIMIT 50", repeat)
    counting = floor.sql_ms(f"SELECT count(*) FROM leads WHERE {_SHOWN}")
    narrow = floor.sql_ms(f"SELECT count(*) FROM leads WHERE {_SHOWN} AND country = 'DE'")
    later = [client.take_ms("/leads") for _ in range(repeat)]
    return [
        Figure("first page, from the start on", "ms", first, None, bare_page + rows),
        Figure("first page, median", "ms", middle(later), 50, bare_page + rows),
        Figure("first page, p95", "ms", middle(later, 0.95), None, bare_page + rows),
        Figure("count, first time", "ms", client.take_ms("/leads/count"), None, counting),
        Figure(
            "count again, median",
            "ms",
            middle([client.take_ms("/leads/count") for _ in range(5)]),
            None,
            counting,
        ),
        Figure(
            "count of a country",
            "ms",
            client.take_ms(f"/leads/count?f={quote('country=DE')}"),
            None,
            narrow,
        ),
    ]


def typing(client: Client, floor: Floor, count: int, repeat: int) -> list[Figure]:
    """A search, letter by letter: what each keystroke from the second on costs."""
    words = [word for word in questions(count, repeat)["a word"] if len(word) >= 3]
    typed = [word[:length] for word in words for length in range(2, min(len(word), 6) + 1)]
    client.get("/leads?q=anna")
    rows = [client.take_ms(f"/leads?q={quote(text)}") for text in typed]
    counts = [client.take_ms(f"/leads/count?q={quote(text)}") for text in typed[: repeat * 2]]
    bare_page = floor.page_ms(0.95)
    return [
        Figure("search keystroke, median", "ms", middle(rows), None, floor.page_ms()),
        Figure("search keystroke, p95", "ms", middle(rows, 0.95), 100, bare_page),
        Figure("its count, p95", "ms", middle(counts, 0.95), None, bare_page),
    ]


def jumps(client: Client, floor: Floor) -> list[Figure]:
    """Rows far down a list: at its end, and in its middle."""
    total = json.loads(plain(client.get("/leads/count")))["count"]
    last, half = (total - 1) // PAGE * PAGE, total // 2 // PAGE * PAGE
    found = [Figure("sort by name", "ms", client.take_ms("/leads?sort=full_name"), None, None)]
    client.get("/leads/count?sort=full_name")  # as the page does
    time.sleep(LOOKS_S)
    for what, sort, offset, aim in (
        ("jump to the last row", "", last, 300),
        ("jump to the middle", "", half, None),
        ("jump to the last row by name", "full_name", last, 300),
        ("jump to the middle by name", "full_name", half, 300),
        ("jump by title, at once", "title", half, None),
    ):
        order = f"{sort} IS NULL, {sort}, id" if sort else "id DESC"
        query = f"SELECT id FROM leads WHERE {_SHOWN} ORDER BY {order} LIMIT 50 OFFSET {offset}"
        address = f"/leads/rows?sort={sort}&limit={PAGE}&of={total}&offset="
        bare_ms = floor.sql_ms(query, 1) + floor.page_ms()
        found.append(Figure(what, "ms", client.take_ms(f"{address}{offset}"), aim, bare_ms))
        near = [client.take_ms(f"{address}{offset - PAGE * n}") for n in range(1, 6)]
        found.append(Figure(f"{what}, then on", "ms", middle(near), None, bare_ms))
    return found


def throughput(url: str, path: Callable[[Random], str]) -> float:
    """Return how many pages a second several clients get who do nothing but ask."""
    served, until = [0] * CLIENTS, time.perf_counter() + CLIENTS_S
    errors: list[Exception] = []

    def ask(number: int) -> None:
        client, chance = Client(url), Random(number)
        try:
            while time.perf_counter() < until:
                client.get(path(chance))
                served[number] += 1
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(served) / CLIENTS_S


def crowd(server: Server, floor: Floor, count: int) -> list[Figure]:
    """Several clients who scroll about the first rows; and where no page was made before."""
    most, new = max(1, min(count, 4_000) // PAGE), iter(range(1, 1_000_000))
    asked = f"/leads/rows?limit={PAGE}&offset="
    first = throughput(server.url, lambda _: f"{asked}{next(new) % max(1, count - PAGE)}")
    pages = throughput(server.url, lambda chance: f"{asked}{PAGE * chance.randrange(most)}")
    bare = floor.pages_a_second()
    return [
        Figure(f"pages/s, {CLIENTS} clients", "/s", pages, 300, bare, True),
        Figure("pages/s, each for the first time", "/s", first, None, bare, True),
    ]


def sizes(client: Client) -> list[Figure]:
    """What a browser that was never here has to load, as it travels; and scripts of our own."""
    page = client.get("/leads")
    names = set(_OWN_FILE.findall(plain(page).decode()))
    loaded: dict[str, int] = {}
    while names:
        name = names.pop()
        body = client.get(name)
        loaded[name] = len(body)
        if name.endswith(".js"):
            near = name.rpartition("/")[0]
            wanted = {f"{near}/{one}" for one in _IMPORT.findall(plain(body).decode())}
            names |= wanted - set(loaded)
    pieces = sum(len(client.get(path)) for path in ("/leads/rail", "/counts", "/leads/count"))
    folder = Path(leadloom.web.__file__).parent / "static"
    scripts = [one.read_bytes() for one in folder.glob("*.js")]
    version = next(iter(loaded)).rpartition("/")[0]
    own = [len(client.get(f"{version}/{one.name}")) for one in folder.glob("*.js")]
    return [
        Figure("first visit", "KB", (len(page) + sum(loaded.values()) + pieces) / 1e3, 100, None),
        Figure("own scripts, all, packed", "KB", sum(own) / 1e3, 30, None),
        Figure("own scripts, all, as written", "KB", sum(map(len, scripts)) / 1e3, None, None),
    ]


class Listener(threading.Thread):
    """Listens to the news until it is closed, and notes how many came."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._connection.request("GET", "/live", headers={"Accept-Encoding": "gzip"})
        self._answer = self._connection.getresponse()
        self.news = 0

    def run(self) -> None:
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            while some := self._answer.read1(65_536):
                self.news += some.count(b"event: run")

    def close(self) -> None:
        """Hang up."""
        if self._connection.sock is not None:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._connection.close()


def listening(server: Server, path: Path, folder: Path) -> list[Figure]:
    """The memory of many open tabs while a run ticks, beyond what one takes."""
    if not Path("/proc/self/status").exists():
        return []
    one = Listener(server.url)
    one.start()
    ticking(server, path, folder, 1)
    before = ticking(server, path, folder, 2)
    more = [Listener(server.url) for _ in range(STREAMS)]
    for listener in more:
        listener.start()
    after = ticking(server, path, folder, 3)
    if not all(listener.news for listener in more):
        raise RuntimeError("Somebody who listened heard nothing of a run.")
    for listener in (one, *more):
        listener.close()
    each = max(0.0, after - before) / STREAMS
    return [
        Figure(f"memory a stream, {STREAMS} open", "MB", each, 1, None),
        Figure("memory of the server then", "MB", after, None, None),
    ]


def ticking(server: Server, path: Path, folder: Path, number: int) -> float:
    """Return the most megabytes the server holds while another process imports a file."""
    source = folder / f"{number}.csv"
    generate.write(source, IMPORTED, SEED + number)
    command = [sys.executable, "-m", "leadloom", "--db", f"sqlite:///{path}", "import", str(source)]
    importing = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0.0
    while importing.poll() is None:
        most = max(most, server.resident_mb)
        time.sleep(0.05)
    if importing.returncode not in (0, 1):
        raise RuntimeError(f"The import ended with {importing.returncode}.")
    time.sleep(1)
    return max(most, server.resident_mb)


def show(count: int, figures: Sequence[Figure]) -> None:
    """Print the figures as a table."""
    print(f"{count:,} leads")
    print(f"  {'':34}{'measured':>10}{'aim':>9}{'floor':>10}{'ratio':>8}")
    for one in figures:
        aim = "" if one.aim is None else f"{'≥' if one.is_more_better else '≤'} {one.aim:g}"
        floor = "" if one.floor is None else f"{one.floor:.1f}"
        ratio = "" if not one.floor else f"{one.measured / one.floor:.2f}"
        missed = "" if one.is_met else "  missed"
        print(
            f"  {one.what:34}{one.measured:>10.1f}{aim:>9}{floor:>10}{ratio:>8}  {one.unit}{missed}"
        )


if __name__ == "__main__":
    main()
