"""How common values are: shares of the table itself, in bands.

To share a rare name says much, to share a common one little. The census counts values; a value it
does not know is as rare as one seen once, blended with what is usual while the table is small.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Band k holds values that between one in 2^k and one in 2^(k-1) records have.
BITS_A_BAND = 1
RAREST = 24

USUAL: Mapping[str, float] = {
    "given": 2**-7,
    "surname": 2**-10,
    "company": 2**-10,
    "site": 2**-10,
    "title": 2**-5,
    "city": 2**-7,
    "postcode": 2**-10,
    "region": 2**-3,
    "street": 2**-14,
    "home": 2**-20,
    "phone": 2**-18,
    "mail": 2**-20,
    "word": 2**-9,
    "firm": 2**-13,
}
"""The share of a value of each kind in a table nothing is known of."""

WHOLE_NAME = "name"
"""The kind of given name and surname together: whose many rows make neither of them common."""

# Of these owners are counted, not rows: one person's many rows do not make a number common.
OWNED = frozenset(("phone", "mail", "street", "home", "postcode"))
# So many of them are the two who are compared. (A line that two use is a switchboard all the same.)
_OWN = {"street": 2, "postcode": 2}
# What only one owner is known of may have another all the same.
_ANOTHER = 0.05

_TRUSTED_LATER = 1000  # records after which the table's own shares weigh as much as the usual ones


@dataclass(slots=True)
class Census:
    """Counts of values by kind; `records` is how many records were counted in all."""

    records: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def count(self, kind: str, values: Iterable[str]) -> None:
        """Count some more values of a kind."""
        counts = self.counts.setdefault(kind, {})
        for value in values:
            counts[value] = counts.get(value, 0) + 1

    def share(self, kind: str, value: str, own: int = 0) -> float:
        """Return how large a part of the table has a value (0-1), less so many `own` rows."""
        seen: float = max(1, self.counts.get(kind, {}).get(value, 1) - own)
        if kind in OWNED:
            seen = max(seen - _OWN.get(kind, 1), 0) or _ANOTHER
        return (seen + _TRUSTED_LATER * USUAL[kind]) / (max(self.records, seen) + _TRUSTED_LATER)

    def knows(self, kind: str, *values: str) -> bool:
        """Whether all these values are common enough to have been counted."""
        counts = self.counts.get(kind, {})
        return all(value in counts for value in values)

    def band(self, kind: str, value: str) -> int:
        """Return the band of a value: 0 when everybody has it, RAREST when hardly anybody."""
        return band_of(self.share(kind, value))

    def rows(self, name: str) -> int:
        """Return how many rows have this whole name, if they are enough to be counted."""
        return self.counts.get(WHOLE_NAME, {}).get(name, 0)

    def common(self, least: int = 4) -> "Census":
        """Return the same census without values seen fewer than `least` times."""
        kept = {
            kind: {
                value: seen
                for value, seen in counts.items()
                if seen >= (2 if kind in OWNED or kind == "firm" else least)
            }
            for kind, counts in self.counts.items()
        }
        return Census(self.records, kept)


def band_of(share: float) -> int:
    """Return the band of a share (0-1), the nearest one on the scale of logarithms."""
    return min(RAREST, max(0, round(-math.log2(max(share, 2.0**-40)) / BITS_A_BAND)))


def share_of(band: int) -> float:
    """Return the share that stands for a band."""
    return 2.0 ** (-BITS_A_BAND * band)
