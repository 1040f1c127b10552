"""Keys are taken out of whatever others say, before anybody reads it."""

import re
from typing import Final

HIDDEN: Final = "[key]"

# What looks like a key where a name says that one follows.
_NAMED = re.compile(
    r"(?i)\b((?:api|access|secret|auth)[_ -]?(?:key|token)?|key|token|bearer|password)"
    r"(\s*(?:[=:]|\bis\b)\s*|\s+)[\"']?([A-Za-z0-9_\-.~+/]{12,}=*)"
)
# Keys of vendors that begin in ways of their own, however they are come by.
_KNOWN = re.compile(r"\b(?:sk|pk|rk|gsk|xai|key|pat|AIza|ya29|ghp|gho)[-_A-Za-z0-9.]{16,}")


def redacted(text: str, secret: str | None = None) -> str:
    """Return a text without the secret, and without what looks like one."""
    if secret:
        text = text.replace(secret, HIDDEN)
        if len(secret) > 12:
            # Some quote the ends of a key and think that nobody minds.
            text = text.replace(secret[:8], HIDDEN).replace(secret[-8:], HIDDEN)
    return _KNOWN.sub(HIDDEN, _NAMED.sub(rf"\1\2{HIDDEN}", text))
