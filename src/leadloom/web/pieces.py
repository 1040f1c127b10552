"""Small pieces that stand on every screen, many times a page: made once for each value."""

from functools import lru_cache
from typing import Final

from markupsafe import Markup

from leadloom.web.looks import hue, initials, words

_KEPT: Final = 4_096
# The colour of a choice is the same everywhere: grey for the first, then by name.
_HUES: Final = {
    **dict.fromkeys(("failed", "invalid", "bounced"), 0),
    "qualified": 1,
    **dict.fromkeys(("engaged", "risky", "cancelled", "interrupted", "with failures"), 2),
    **dict.fromkeys(("converted", "verified", "completed", "replied", "done"), 3),
    **dict.fromkeys(("scraped", "sent", "delivered"), 4),
    **dict.fromkeys(("enriched", "processing", "running", "draft"), 5),
    **dict.fromkeys(("contacted", "opened"), 6),
}
_DOTS: Final = {"verified": " good", "risky": " warn", "invalid": " bad", "bounced": " bad"}


@lru_cache(_KEPT)
def face(name: str | None, kind: str = "", size: str = "") -> Markup:
    """Return the initials of somebody, or of a company (`kind`: "firm"), in their colour."""
    return Markup('<span class="face {} {} hue-{}" aria-hidden="true">{}</span>').format(
        kind, size, hue(name), initials(name)[: 1 if kind else 2]
    )


@lru_cache(_KEPT)
def badge(value: str | None) -> Markup:
    """Return a choice as a badge in its colour; nothing without one."""
    if not value:
        return Markup("")
    colour = f"hue-{_HUES[value]}" if value in _HUES else "grey"
    return Markup('<span class="badge {}">{}</span>').format(colour, words(value))


@lru_cache(_KEPT)
def email_dot(status: str | None) -> Markup:
    """Return a dot that says what is known of an address."""
    return Markup('<span class="dot{}" title="{}"></span>').format(
        _DOTS.get(status or "", ""), status or "unverified"
    )
