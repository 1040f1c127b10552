"""Job titles compared."""

from functools import lru_cache

from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import UNKNOWN, code

FIELDS = ("title",)
TITLE = ("different", "alike", "exact")

_SHORT = {
    "ceo": "chief executive officer",
    "cfo": "chief financial officer",
    "cto": "chief technology officer",
    "coo": "chief operating officer",
    "cmo": "chief marketing officer",
    "vp": "vice president",
    "svp": "senior vice president",
    "evp": "executive vice president",
    "md": "managing director",
    "gf": "geschaftsfuhrer",
    "sr": "senior",
    "jr": "junior",
    "mgr": "manager",
    "dir": "director",
    "eng": "engineer",
    "dev": "developer",
    "hr": "human resources",
    "it": "information technology",
}
_SMALL = frozenset("of and the for in at und de la der du di e y et".split())  # noqa: SIM905


def title_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a title written out, without the small ones."""
    written = " ".join(_SHORT.get(word, word) for word in words).split()
    return tuple(word for word in written if word not in _SMALL)


def compare(
    a: tuple[tuple[str, ...], ...], b: tuple[tuple[str, ...], ...], census: Census
) -> tuple[int, ...]:
    """Return the code of FIELDS for the two titles, of all given, that are most alike."""
    best = UNKNOWN
    for one in a:
        for other in b:
            level = 3 if one == other else _level(one, other)
            if level == 1:
                best = max(best, code(1))
            else:
                bands = census.band("title", " ".join(one)), census.band("title", " ".join(other))
                best = max(best, code(level, min(bands)))
    return (best,)


@lru_cache(maxsize=16384)
def _level(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    mine, theirs = {*a}, {*b}
    if mine == theirs:
        return 3
    return 2 if 2 * len(mine & theirs) >= min(len(mine), len(theirs)) + 1 else 1
