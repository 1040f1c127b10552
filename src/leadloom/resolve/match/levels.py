"""How alike two values are: a level, and the band of how common what they share is, as one code."""

UNKNOWN = 0
"""One of the two is missing: says nothing."""

BITS, UNBANDED = 5, 31


def code(level: int, band: int = UNBANDED) -> int:
    """Return the code of a level (from 1; 0 is unknown) and a band, if bands matter to it."""
    return (level << BITS | band) if level else UNKNOWN


def level_of(code: int) -> int:
    """Return the level of a code: 0 when unknown."""
    return code >> BITS


def band_in(code: int) -> int | None:
    """Return the band in a code, or None when it has none."""
    band = code & UNBANDED
    return None if band == UNBANDED or not code else band
