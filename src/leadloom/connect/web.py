"""Pages of the public web, read safely and politely: their addresses come from anybody.

A name is resolved once, every address it has is checked, and one of these very addresses is
connected to; each redirect is a new address. Nothing is followed, unpacked or waited for without
end. What a host's robots.txt does not allow is not read, and no host is asked in haste.
"""

import asyncio
import socket
import ssl
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, Self

import httpx2

from leadloom.connect.address import is_public
from leadloom.connect.failure import TargetError
from leadloom.connect.http import context, retry_after_s
from leadloom.connect.page import Mark, Page, Unpacking, decoded, rules_in

if TYPE_CHECKING:
    from protego import Protego

Endpoint = tuple[str, int]
Resolve = Callable[[str, int], Awaitable[list[Endpoint]]]

NAME: Final = "Leadloom"
_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LATER: Final = frozenset({408, 425, 500, 502, 504, 520, 521, 522, 523, 524})
_MOST_REDIRECTS: Final = 5
_MOST_ADDRESSES: Final = 3
_LONGEST_URL: Final = 2_000
_MOST_KEPT: Final = 32_000_000
_LEAST_OF_A_PAGE: Final = 1_000  # an empty one takes room as well
_MOST_HOSTS: Final = 2_000
# What stands in a robots.txt beyond that is left out (RFC 9309: at least 500 KiB are read).
_ENOUGH_RULES: Final = 512_000
# Slower than that, a host is not waited for.
_LONGEST_PAUSE_S: Final = 10.0


@dataclass(slots=True)
class _Host:
    """How a host is spoken to: one at a time, not in haste, as its robots.txt says."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    robots: "Protego | None" = None
    is_known: bool = False
    stopped: str | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nobody speaks to it, and it need not be waited for."""
        return not self.turn.locked() and self.free_at <= time.monotonic()


async def resolve(host: str, port: int) -> list[Endpoint]:
    """Return the addresses of a host, as the system resolves it. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(one[4][0]), int(one[4][1])) for one in found))


@dataclass(slots=True)
class Web:
    """The public web. `counts` says how many pages were read, and how many not, and why.

    `resolver`, `allowed` (addresses that are connected to although not public) and `tls` are for
    tests. One `Web` belongs to one event loop.
    """

    pause_s: float = 1.0
    deadline_s: float = 15.0
    fresh_s: float = 600.0
    resolver: Resolve = resolve
    allowed: frozenset[str] = frozenset()
    tls: ssl.SSLContext | None = None
    counts: Counter[str] = field(default_factory=Counter)
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _pages: OrderedDict[str, Page] = field(default_factory=OrderedDict)
    _client: httpx2.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close what is open."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def is_as_it_was(self, url: str, mark: Mark) -> bool:
        """Whether a page that bore this mark is unchanged, as far as can be seen.

        Its server is asked for it only if it is not. One that cannot be read is not as it was.
        """
        try:
            page = await self.get(url, mark)
        except TargetError:
            return False
        return any(mark) and (page.url, page.mark) == (url, mark)

    async def get(self, url: str, mark: Mark | None = None) -> Page:
        """Return a page. Raises TargetError when it cannot be read, or should not be.

        With a `mark`, one that still bears it may come without its text.
        """
        try:
            async with asyncio.timeout(self.deadline_s):
                page = await self._get(url, mark)
        except TimeoutError:
            self.counts["retry"] += 1
            raise TargetError(
                f"{_short(url)} took longer than {self.deadline_s:g} s", kind="retry"
            ) from None
        except TargetError as error:
            self.counts[error.kind] += 1
            error.args = (f"{_short(url)}: {error}",)
            raise
        self.counts["read"] += 1
        return page

    async def _get(self, url: str, mark: Mark | None) -> Page:
        seen: set[str] = set()
        while True:
            target = _target(url)
            if str(target) in seen:
                raise TargetError("its redirects go round in circles")
            if len(seen) > _MOST_REDIRECTS:
                raise TargetError("it redirects too often")
            seen.add(str(target))
            host = self._host(_origin(target))
            async with host.turn:
                if (page := self._kept(str(target))) is not None:
                    return page
                await self._ask_robots(host, target)
                found = await self._read(host, target, mark=mark)
            if isinstance(found, Page):
                return found
            url, mark = found, None

    def _host(self, origin: str) -> _Host:
        """Return how a host is spoken to; of those that are not, the oldest are forgotten."""
        host = self._hosts.pop(origin, None) or _Host()
        self._hosts[origin] = host
        if len(self._hosts) > _MOST_HOSTS:
            idle = [name for name, one in self._hosts.items() if one is not host and one.is_idle]
            for name in idle[: _MOST_HOSTS // 10]:
                del self._hosts[name]
        return host

    async def _ask_robots(self, host: _Host, target: httpx2.URL) -> None:
        if not host.is_known:
            host.robots = await self._robots_of(host, target)
            host.is_known = True
        if host.stopped:
            raise TargetError(host.stopped, kind="stop")
        if host.robots is not None and not host.robots.can_fetch(str(target), NAME):
            raise TargetError("robots.txt asks not to read it")

    async def _robots_of(self, host: _Host, target: httpx2.URL) -> "Protego | None":
        """Return a host's rules; none where it has none. A host that fails allows nothing."""
        from protego import Protego

        url = target.copy_with(raw_path=b"/robots.txt", fragment=None)
        for _ in range(_MOST_REDIRECTS):
            try:
                found = await self._read(host, url, is_robots=True)
            except TargetError as error:
                if error.kind == "skip" and error.http_status:
                    return None
                raise
            if isinstance(found, Page):
                return Protego.parse(found.text)
            url = _target(found)
        return None

    async def _read(
        self,
        host: _Host,
        target: httpx2.URL,
        *,
        is_robots: bool = False,
        mark: Mark | None = None,
    ) -> Page | str:
        """Return a page, or the address it redirects to."""
        await self._wait_for(host)
        kept = before = None if is_robots else self._pages.get(str(target))
        if kept is None and mark is not None:
            before = Page(str(target), "", 0.0, *mark)
        try:
            async with self._sent(target, before) as response:
                packed = response.headers.get("content-encoding", "")
                unpacking = Unpacking(packed, cut_at=_ENOUGH_RULES if is_robots else None)
                if (moved := self._checked(host, response)) is not None:
                    return str(target.join(moved))
                async for part in response.aiter_raw():
                    unpacking.add(part)
                    if unpacking.is_enough:
                        break
        except httpx2.TimeoutException:
            raise TargetError("it took too long to answer", kind="retry") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _broken(error) from None
        if response.status_code == 304 and before is not None:
            self.counts["unchanged"] += 1
            page = replace(before, fetched_at=time.monotonic())
            if kept is None:
                return page  # its text is not here
        else:
            page = self._page(target, response, unpacking.body(), is_robots=is_robots)
        if not is_robots:
            self._keep(str(target), page)
        return page

    def _page(
        self, target: httpx2.URL, response: httpx2.Response, body: bytes, *, is_robots: bool
    ) -> Page:
        headers = response.headers
        if is_robots:
            return Page(str(target), rules_in(body), time.monotonic())
        text, is_guess = decoded(body, headers.get("content-type", ""))
        if is_guess:
            self.counts["charset guessed"] += 1
        return Page(
            str(target), text, time.monotonic(), headers.get("etag"), headers.get("last-modified")
        )

    def _checked(self, host: _Host, response: httpx2.Response) -> str | None:
        """Return where it redirects to, if it does. Raises TargetError unless it is well."""
        status = response.status_code
        if status in _REDIRECTS:
            if moved := response.headers.get("location"):
                return str(moved)
            raise TargetError("it redirects to nowhere", http_status=status)
        if status in (429, 503):
            # The host wants to be left alone: no other page of it is asked for.
            wait = retry_after_s(response.headers.get("retry-after"))
            host.stopped = f"HTTP {status}" + (f", for {wait:.0f} s" if wait else "")
            raise TargetError(host.stopped, kind="stop", http_status=status)
        if status in _LATER:
            raise TargetError(f"HTTP {status}", kind="retry", http_status=status)
        if status >= 300 and status != 304:
            raise TargetError(f"HTTP {status}", http_status=status)
        return None

    async def _wait_for(self, host: _Host) -> None:
        delay = host.robots.crawl_delay(NAME) if host.robots is not None else None
        pause = min(max(self.pause_s, delay or 0.0), max(_LONGEST_PAUSE_S, self.pause_s))
        wait = host.free_at - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        host.free_at = time.monotonic() + pause

    def _sent(self, target: httpx2.URL, before: Page | None) -> "_Sending":
        if self._client is None:
            # A connection is of one name: another one at the same address must not get it.
            self._client = httpx2.AsyncClient(
                timeout=httpx2.Timeout(self.deadline_s, connect=5.0),
                verify=self.tls or context(),
                follow_redirects=False,
                trust_env=False,
                limits=httpx2.Limits(max_keepalive_connections=0),
                # What one site sets is none of the next one's business, at the same address or not.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            )
        headers = {
            "Host": target.netloc.decode("ascii"),
            "User-Agent": f"{NAME}/{version('leadloom')}",
            "Accept": "text/html, application/xhtml+xml, text/plain;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en, *;q=0.5",
        }
        if before is not None:
            known = {"If-None-Match": before.etag, "If-Modified-Since": before.modified}
            headers |= {name: value for name, value in known.items() if value}
        return _Sending(self, self._client, target, headers)

    async def endpoints(self, host: str, port: int) -> list[Endpoint]:
        """Return where a host is. Raises TargetError unless every address it has is public."""
        try:
            found = await self.resolver(host, port)
        except (OSError, UnicodeError):
            raise TargetError("its name cannot be resolved", kind="retry") from None
        closed = [one for one, _ in found if not (is_public(one) or one in self.allowed)]
        if closed or not found:
            raise TargetError("it is not on the public internet")
        return found[:_MOST_ADDRESSES]

    def _kept(self, url: str) -> Page | None:
        page = self._pages.get(url)
        if page is None or time.monotonic() - page.fetched_at > self.fresh_s:
            return None
        self._pages.move_to_end(url)
        self.counts["kept"] += 1
        return page

    def _keep(self, url: str, page: Page) -> None:
        self._pages[url] = page
        self._pages.move_to_end(url)
        while sum(len(one.text) + _LEAST_OF_A_PAGE for one in self._pages.values()) > _MOST_KEPT:
            self._pages.popitem(last=False)


@dataclass(slots=True)
class _Sending:
    """A request on its way to one of the addresses that were checked."""

    web: Web
    client: httpx2.AsyncClient
    target: httpx2.URL
    headers: dict[str, str]
    response: httpx2.Response | None = None

    async def __aenter__(self) -> httpx2.Response:
        host = _host_of(self.target)
        port = _PORTS[self.target.scheme]
        failed: Exception | None = None
        for address, at in await self.web.endpoints(host, port):
            url = self.target.copy_with(scheme=_scheme_of(self.target), host=address, port=at)
            request = self.client.build_request(
                "GET", url, headers=self.headers, extensions={"sni_hostname": host}
            )
            try:
                self.response = await self.client.send(request, stream=True)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failed = error
                continue
            return self.response
        raise failed or TargetError("it cannot be reached", kind="retry")

    async def __aexit__(self, *_: object) -> None:
        if self.response is not None:
            await self.response.aclose()


def _target(url: str) -> httpx2.URL:
    """Read an address once, for whoever checks it and whoever connects. Raises TargetError."""
    if len(url) > _LONGEST_URL or any(ord(one) <= 32 or one in "\\\x7f" for one in url):
        raise TargetError("it is no address of a page")
    try:
        target = httpx2.URL(url).copy_with(fragment=None)
        port = target.port or _PORTS.get(target.scheme)
    except (httpx2.InvalidURL, ValueError, UnicodeError):
        raise TargetError("it is no address of a page") from None
    if target.scheme not in _PORTS:
        raise TargetError("only http and https are read")
    if port != _PORTS[target.scheme]:
        raise TargetError("only ports 80 and 443 are read")
    if not target.host or target.userinfo:
        raise TargetError("it is no address of a page")
    return target


def _scheme_of(target: httpx2.URL) -> str:
    return target.scheme


def _host_of(target: httpx2.URL) -> str:
    """Return a name as it is asked for: in letters of its own, the system would read it by older
    rules, and find another host.
    """
    return target.raw_host.decode("ascii")


def _origin(target: httpx2.URL) -> str:
    return f"{target.scheme}://{_host_of(target)}"


def _broken(error: Exception) -> TargetError:
    if isinstance(error, httpx2.ConnectError):
        if "CERTIFICATE" in str(error).upper():
            return TargetError("its certificate is not valid")
        return TargetError("it cannot be reached", kind="retry")
    return TargetError(f"it broke off ({type(error).__name__})", kind="retry")


def _short(url: str) -> str:
    return url.split("?")[0][:120]
