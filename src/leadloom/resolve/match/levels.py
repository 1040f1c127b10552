"""How alike two values are: a level, and the band of how common what they share is, as one code."""

UNKNOWN = 0
"""One of the two is missing: says nothing."""

_BITS = 5


def code(level: int, band: int = 31) -> int:
    """Return the code of a level (from 1; 0 is unknown) and a band (31: bands do not matter)."""
    return (level << _BITS | band) if level else UNKNOWN


def level_of(code: int) -> int:
    """Return the level of a code: 0 when unknown."""
    return code >> _BITS


def band_in(code: int) -> int | None:
    """Return the band in a code, or None when it has none."""
    band = code & 31
    return None if band == 31 or not code else band
