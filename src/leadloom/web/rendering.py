"""Templates: where they are, and what every one of them knows."""

import re
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from lucide.jinja import lucide
from markupsafe import Markup

from leadloom.web import looks
from leadloom.web.assets import Assets
from leadloom.web.pieces import badge, email_dot, face

_BETWEEN: Final = re.compile(r">\s+<")


class Rendering:
    """Makes pages of templates; what they are given is escaped."""

    def __init__(self, assets: Assets) -> None:
        self._environment = Environment(
            loader=PackageLoader("leadloom.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(asset=assets.url, icon=icon)
        self._environment.globals.update(face=face, badge=badge, email_dot=email_dot)
        self._environment.filters.update(looks.FILTERS)

    def add(self, **known: Any) -> None:
        """Let every template know something more."""
        self._environment.globals.update(known)

    def warm(self) -> None:
        """Read every template, so that the first visitor does not wait for it."""
        for name in self._environment.list_templates(extensions=["html"]):
            self._environment.get_template(name)

    def render(self, template: str, **context: Any) -> str:
        """Return what a template makes of a context."""
        return self._environment.get_template(template).render(context)


@lru_cache(1_000)
def icon(name: str, size: int = 16) -> Markup:
    """Return an icon (https://lucide.dev/icons) to stand beside words: it says nothing itself."""
    drawn = lucide(name, size=size, aria_hidden="true", stroke_width="1.75")
    return Markup(_BETWEEN.sub("><", drawn))  # noqa: S704  (drawn from the package's own files)
