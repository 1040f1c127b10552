"""The site: what all visits share, put together once at the start."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from leadloom.web.assets import Assets
from leadloom.web.live import Live
from leadloom.web.memory import Memory
from leadloom.web.rendering import Rendering
from leadloom.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Options:
    """Where the site is, and who may come.

    `hosts`: the names it answers to besides IP addresses. `needs_login`: false only where nobody
    else can come. `explain` keeps the details of what nobody foresaw, and returns one sentence.
    """

    hosts: frozenset[str]
    needs_login: bool
    explain: Callable[[Exception], str]


@dataclass(frozen=True, slots=True)
class Site:
    """The open workspace, files, templates, and news."""

    ws: Workspace
    options: Options
    assets: Assets
    live: Live
    rendering: Rendering
    memory: Memory = field(default_factory=Memory)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def render(self, template: str, **context: Any) -> str:
        """Return what a template makes of a context."""
        return self.rendering.render(template, **context)
