"""A route: an address, who may come to it, and what answers. None comes without a role."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from starlette.responses import Response

from leadloom.web.visit import Visit

Role = Literal["anyone", "viewer", "member", "owner"]
ROLES: Final = ("anyone", "viewer", "member", "owner")
Answer = Callable[[Visit], Response]

_PATH: Final = re.compile(r"/[\w./{}:-]*")
FORM_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Route:
    """`answer` runs in a thread, with a visit by somebody who has at least `role`.

    `most_bytes`: what a form may hold, files included.
    """

    path: str
    method: Literal["GET", "POST"]
    role: Role
    answer: Answer
    most_bytes: int = FORM_BYTES

    @property
    def name(self) -> str:
        """What the route is called in tables: "GET /leads"."""
        return f"{self.method} {self.path}"


def get(path: str, answer: Answer, role: Role) -> Route:
    """Look at something; changes nothing."""
    return Route(path, "GET", role, answer)


def post(path: str, answer: Answer, role: Role, most_bytes: int = FORM_BYTES) -> Route:
    """Do something; comes with a token against forged requests, which is checked."""
    return Route(path, "POST", role, answer, most_bytes)


def checked(routes: Sequence[Route]) -> list[Route]:
    """Return the routes, the plain paths before those with parts.

    Raises ValueError for a role or path that makes no sense, and for one that is there twice.
    """
    seen: set[str] = set()
    for route in routes:
        if route.role not in ROLES:
            raise ValueError(f"{route.name} demands {route.role!r}: choose from {ROLES}.")
        if not _PATH.fullmatch(route.path) or route.name in seen:
            raise ValueError(f"{route.name} is no path, or there twice.")
        seen.add(route.name)
    return sorted(routes, key=lambda route: "{" in route.path)
