"""Tags: several short labels in one cell."""

import re

from leadloom.values import NOTHING, Cleaned
from leadloom.values.text import is_blank, tidy

# ":::" is how Google Contacts joins several values in one cell.
_BETWEEN = re.compile(r"\s*(?::::|[,;|\n\r])\s*")


def clean(text: str) -> Cleaned:
    """A list of tags without repeats, case ignored, the first spelling kept."""
    tags: dict[str, str] = {}
    if text.startswith('["') and text.endswith('"]'):  # a list as programs write it
        text = text[1:-1]
    for part in _BETWEEN.split(text):
        tag = tidy(part).lstrip("#* ").strip("\"'")
        if not is_blank(tag):
            tags.setdefault(tag.casefold(), tag)
    return Cleaned(list(tags.values())) if tags else NOTHING
