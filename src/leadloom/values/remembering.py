"""Columns repeat themselves: titles, cities, countries, sizes. What was cleaned once is known."""

from collections.abc import Callable
from functools import lru_cache

from leadloom.values import Cleaned

_SHORT = 80  # characters; longer texts are seldom seen twice and would fill the memory
_KEPT = 8_192


def remembering(clean: Callable[[str], Cleaned]) -> Callable[[str], Cleaned]:
    """Return `clean`, which depends on its text alone, with a memory for short texts."""
    known = lru_cache(maxsize=_KEPT)(clean)
    return lambda text: known(text) if len(text) <= _SHORT else clean(text)
