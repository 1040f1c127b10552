"""Who may come in: the name asked for, the page it comes from, who it is, and their role."""

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from leadloom.errors import AccessError
from leadloom.web import tokens
from leadloom.web.route import Route
from leadloom.web.site import Site
from leadloom.workspace import Workspace

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
SEED: Final = "leadloom-seed"
SESSION: Final = "leadloom-session"
_YEAR_S: Final = 365 * 24 * 3600


class RefusedError(AccessError):
    """The request does not come from a page of this site, or not under its name."""


class StrangerError(AccessError):
    """Whoever asks has to log in first."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The workspace as whoever visits may use it, and their browser's secret."""

    ws: Workspace
    seed: str
    is_new: bool


def visitor(site: Site, request: Request, route: Route) -> Visitor:
    """Return who visits. Raises StrangerError for who is to log in, AccessError for a low role."""
    seed = request.cookies.get(SEED, "")
    is_new = len(seed) < tokens.SEED_BYTES
    ws = _workspace(site, request, route)
    if route.role not in ("anyone", "viewer"):
        ws.acting.must_be(route.role)
    return Visitor(ws, tokens.new_seed() if is_new else seed, is_new)


def _workspace(site: Site, request: Request, route: Route) -> Workspace:
    if not site.options.needs_login:
        return site.ws
    acting = site.ws.logins.find(request.cookies.get(SESSION, ""))
    if acting is not None:
        return site.ws.acting_as(acting)
    if route.role == "anyone":
        return site.ws
    raise StrangerError("Log in first: this page is for people who work here.")


def may_visit(site: Site, request: Request) -> bool:
    """Whether who asked may look still: sessions end while news are listened to."""
    if not site.options.needs_login:
        return True
    return site.ws.logins.find(request.cookies.get(SESSION, "")) is not None


def check_host(site: Site, request: Request) -> None:
    """Refuse names that are not ours: a foreign page may have got our address (rebinding)."""
    name = host_name(request.headers.get("host", ""))
    if name in site.options.hosts or (site.options.needs_login and is_ip(name)):
        return
    raise RefusedError(
        f"This site does not answer to the name {name[:80]!r}: start it with "
        "`leadloom serve --name NAME` if it is one of yours."
    )


def check_place(site: Site, request: Request) -> None:
    """Refuse who comes from elsewhere, by a proxy on this machine, to a site without a login."""
    client = request.client.host if request.client else LOOPBACK[0]
    if not site.options.needs_login and client not in LOOPBACK:
        raise RefusedError(
            f"This site is for this computer alone, and {client[:80]} is another one: start it "
            "with `leadloom serve --host ADDRESS` or `--name NAME`, which demands a login."
        )


def check_origin(request: Request) -> None:
    """Refuse what a page of another site sends, before any of it is read."""
    origin = request.headers.get("origin")
    if origin is not None:
        scheme, host = urlsplit(origin)[:2]
        # Without encryption anybody on the way could have made that page.
        is_open = request.url.scheme == "https" and scheme != "https"
        if is_open or host != request.headers.get("host"):
            raise RefusedError("This form comes from another site: nothing was done.")
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise RefusedError("This form comes from another site: nothing was done.")


def check_token(request: Request, form: FormData, seed: str) -> None:
    """Refuse a form that was not filled in on a page of ours."""
    given = request.headers.get(tokens.HEADER) or form.get(tokens.FIELD)
    if not isinstance(given, str) or not tokens.is_real(given, seed):
        raise RefusedError("This page is too old to act upon: load it again, and then once more.")


def remember(response: Response, request: Request, name: str, value: str, age_s: int) -> None:
    """Give a browser something to keep that no script and no other site can use."""
    response.set_cookie(
        name,
        value,
        max_age=age_s,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def remember_seed(response: Response, request: Request, who: Visitor) -> None:
    """Give a browser its secret when it has none."""
    if who.is_new:
        remember(response, request, SEED, who.seed, _YEAR_S)


def host_name(host: str) -> str:
    """Return the name in a Host header, without the port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def is_ip(name: str) -> bool:
    """Whether a name is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
