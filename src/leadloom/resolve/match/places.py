"""Places compared: where (postcode, city), and which street."""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import UNKNOWN, code
from leadloom.resolve.match.words import is_near

FIELDS = ("locality", "street")
LOCALITY = ("abroad", "different", "alike", "city", "postcode", "city and postcode")
STREET = ("different", "alike", "exact")


class Place(NamedTuple):
    """A place, folded; what is unknown is ""."""

    city: str = ""
    postcode: str = ""
    country: str = ""
    street: str = ""


def compare(a: tuple[Place, ...], b: tuple[Place, ...], census: Census) -> tuple[int, ...]:
    """Return the codes of FIELDS for the two places, of all given, that are nearest."""
    found = (UNKNOWN, UNKNOWN)
    for one in a:
        for other in b:
            locality, street = _locality(one, other, census), _street(one, other, census)
            found = (max(found[0], locality), max(found[1], street))
    return found


def _locality(a: Place, b: Place, census: Census) -> int:
    if a.country and b.country and a.country != b.country:
        return code(1)
    city = _agreement(a.city, b.city)
    postcode = _agreement(a.postcode, b.postcode)
    if city is None and postcode is None:
        return UNKNOWN
    if city == 2 and postcode == 2:
        bands = census.band("city", a.city), census.band("postcode", a.postcode)
        return code(6, max(bands))
    if postcode == 2:
        return code(5, census.band("postcode", a.postcode))
    if city == 2:
        return code(4, census.band("city", a.city))
    if city == 1:
        return code(3, min(census.band("city", a.city), census.band("city", b.city)))
    if postcode == 1:
        # Neighbouring codes differ by a digit too.
        return code(3, 4)
    return code(2)


@lru_cache(maxsize=65536)
def _agreement(a: str, b: str) -> int | None:
    if not a or not b:
        return None
    if a == b:
        return 2
    if a[:1].isdecimal() or b[:1].isdecimal():
        return 1 if len(a) > 3 and OSA.distance(a, b, score_cutoff=1) <= 1 else 0
    return 1 if is_near(a, b) or a.startswith(b + " ") or b.startswith(a + " ") else 0


def _street(a: Place, b: Place, census: Census) -> int:
    if not a.street or not b.street:
        return UNKNOWN
    if a.street == b.street:
        return code(3, census.band("street", a.street))
    if _is_alike(a.street, b.street):
        return code(2, min(census.band("street", a.street), census.band("street", b.street)))
    return code(1)


@lru_cache(maxsize=65536)
def _is_alike(a: str, b: str) -> bool:
    """Whether two streets are one, mistyped: a house number may be missing or have a slip."""
    mine, theirs = _taken_apart(a), _taken_apart(b)
    if fuzz.ratio(mine[0], theirs[0]) < _ALIKE:
        return False
    if not mine[1] or not theirs[1]:
        return bool(mine[0] and theirs[0])
    return any(OSA.distance(x, y, score_cutoff=1) <= 1 for x in mine[1] for y in theirs[1])


_ALIKE = 75  # of 100: letters that two spellings of one street have in common


def _taken_apart(street: str) -> tuple[str, list[str]]:
    words = street.split()
    numbers = [word for word in words if word[:1].isdecimal()]
    return "".join(word for word in words if not word[:1].isdecimal()), numbers
