"""Values that must be one of a few."""

from collections.abc import Sequence

from leadloom.values import NOTHING, Cleaned
from leadloom.values.text import is_blank, tidy


def clean(text: str, choices: Sequence[str]) -> Cleaned:
    """The one of `choices` that is meant, in its own spelling; case and separators are ignored."""
    tidied = tidy(text)
    if is_blank(tidied):
        return NOTHING
    wanted = _plain(tidied) if len(tidied) <= 100 else ""
    for choice in choices:
        if _plain(choice) == wanted:
            return Cleaned(choice)
    return Cleaned(text, f"not one of {', '.join(choices)}")


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
