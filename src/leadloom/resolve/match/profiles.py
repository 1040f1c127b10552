"""LinkedIn profiles compared."""

from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import UNKNOWN, code

FIELDS = ("profile",)
PROFILE = ("different", "same")


def slug_of(url: str) -> str:
    """Return what tells one profile from others in its address."""
    return url.rstrip("/").rpartition("/")[2] or url


def compare(a: tuple[str, ...], b: tuple[str, ...], census: Census) -> tuple[int, ...]:
    """Return the code of FIELDS for two sets of profiles."""
    if not a or not b:
        return (UNKNOWN,)
    return (code(2 if any(one in b for one in a) else 1),)
