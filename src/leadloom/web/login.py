"""Logging in and out."""

import ipaddress
import threading
import time
from collections import OrderedDict
from typing import Final

from starlette.responses import Response

from leadloom.accounts.session import LASTS
from leadloom.errors import UsageError
from leadloom.web.access import SESSION, remember
from leadloom.web.route import get, post
from leadloom.web.visit import Visit, own_path

# Wrong passwords, of one address or from one machine, before it has to wait; and for how long.
_TRIES: Final = 5
_WAIT_S: Final = 60.0
_REMEMBERED: Final = 10_000
_LONGEST: Final = 320
# Passwords looked at together: each takes 64 MB while it is.
_TOGETHER: Final = threading.BoundedSemaphore(2)


class _Patience:
    """Counts wrong passwords; who has given too many waits."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, *who: str) -> None:
        """Count a password as wrong until it is `right`. Raises UsageError when one has to wait.

        Counted before it is looked at, so that many sent at once are not all looked at.
        """
        with self._lock:
            for one in who:
                tries, last = self._wrong.get(one, (0, 0.0))
                left = last + _WAIT_S - time.monotonic()
                if tries >= _TRIES and left > 0:
                    raise UsageError(
                        f"Too many wrong passwords: wait {int(left) + 1} seconds, then try again."
                    )
            for one in who:
                tries, last = self._wrong.pop(one, (0, 0.0))
                is_old = time.monotonic() - last > _WAIT_S
                self._wrong[one] = (1 if is_old else tries + 1, time.monotonic())
            while len(self._wrong) > _REMEMBERED:
                self._wrong.popitem(last=False)

    def right(self, *who: str) -> None:
        """Forget what was counted."""
        with self._lock:
            for one in who:
                self._wrong.pop(one, None)


_patience = _Patience()


def form(visit: Visit) -> Response:
    """Ask who it is."""
    return visit.page("login.html", next=own_path(visit.query("next", "/")), email="", wrong="")


def login(visit: Visit) -> Response:
    """Log somebody in, and go where they wanted to."""
    email, following = visit.field("email").strip(), own_path(visit.field("next", "/"))
    client = visit.request.client
    who = (f"user {email.casefold()[:_LONGEST]}", f"host {_place(client.host if client else '')}")
    agent = visit.request.headers.get("user-agent")
    wrong = "This address and password do not belong together."
    try:
        _patience.begin(*who)
        with _TOGETHER:
            token = visit.site.ws.logins.begin(email, visit.field("password"), agent)
    except UsageError as error:
        token, wrong = None, str(error)
    else:
        if token:
            _patience.right(*who)
    if token is None:
        return visit.page("login.html", 401, next=following, email=email, wrong=wrong)
    response = visit.go(following)
    remember(response, visit.request, SESSION, token, int(LASTS.total_seconds()))
    return response


def _place(host: str) -> str:
    """Return where a machine is: of IPv6 the network, as there each has addresses without end."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def logout(visit: Visit) -> Response:
    """End the session of this browser."""
    visit.site.ws.logins.end(visit.request.cookies.get(SESSION, ""))
    response = visit.go("/login")
    response.delete_cookie(SESSION)
    return response


def change(visit: Visit) -> Response:
    """Give whoever visits another password; their other browsers are logged out."""
    who = f"user {visit.ws.acting.user.casefold()[:_LONGEST]}"
    agent = visit.request.headers.get("user-agent")
    _patience.begin(who)
    with _TOGETHER:
        token = visit.ws.logins.change_password(visit.field("before"), visit.field("after"), agent)
    _patience.right(who)
    said = "Your password is changed; your other browsers are logged out."
    response = visit.done(said, go="/settings#users")
    remember(response, visit.request, SESSION, token, int(LASTS.total_seconds()))
    return response


routes = [
    get("/login", form, role="anyone"),
    post("/login", login, role="anyone"),
    post("/logout", logout, role="anyone"),
    post("/password", change, role="viewer"),
]
