"""Places compared: city, postcode, region (a state, a province) and street."""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import UNKNOWN, code
from leadloom.resolve.match.words import is_near
from leadloom.values.states import PROVINCES, STATES

FIELDS = ("city", "postcode", "region", "street")
CITY = ("abroad", "different", "alike", "exact")
POSTCODE = ("different", "alike", "exact")
REGION = ("different", "same")
STREET = ("different", "one number", "one street", "alike", "exact")


class Place(NamedTuple):
    """A place, folded; what is unknown is ""."""

    city: str = ""
    postcode: str = ""
    country: str = ""
    street: str = ""
    region: str = ""


def compare(a: tuple[Place, ...], b: tuple[Place, ...], census: Census) -> tuple[int, ...]:
    """Return the codes of FIELDS for the two places, of all given, that are nearest."""
    found = (UNKNOWN,) * len(FIELDS)
    for one in a:
        for other in b:
            codes = (
                _city(one, other, census),
                _postcode(one.postcode, other.postcode, census),
                _region(one.region, other.region, census),
                _street(one.street, other.street, census),
            )
            found = tuple(map(max, found, codes))
    return found


def _city(a: Place, b: Place, census: Census) -> int:
    if a.country and b.country and a.country != b.country:
        return code(1)
    if not a.city or not b.city:
        return UNKNOWN
    if a.city == b.city:
        return code(4, census.band("city", a.city))
    if _is_city_alike(a.city, b.city):
        return code(3, min(census.band("city", a.city), census.band("city", b.city)))
    return code(2)


def _postcode(a: str, b: str, census: Census) -> int:
    if not a or not b:
        return UNKNOWN
    if a == b:
        return code(3, census.band("postcode", a))
    return code(2 if len(a) > 3 and OSA.distance(a, b, score_cutoff=1) <= 1 else 1)


def _region(a: str, b: str, census: Census) -> int:
    if not a or not b:
        return UNKNOWN
    if a == b:
        return code(2, census.band("region", a))
    return UNKNOWN if _is_slip(a, b, census) or _is_slip(b, a, census) else code(1)


def _is_slip(region: str, meant: str, census: Census) -> bool:
    """Whether a region is hardly known and a letter away from one that many have: a slip says
    nothing, but a code that is another state's is that one."""
    if census.knows("region", region) or not census.knows("region", meant):
        return False
    is_code = region.upper() in STATES or region.upper() in PROVINCES
    return not is_code and OSA.distance(region, meant, score_cutoff=1) <= 1


@lru_cache(maxsize=16384)
def _is_city_alike(a: str, b: str) -> bool:
    short, long = sorted((a.replace(" ", ""), b.replace(" ", "")), key=len)
    return is_near(short, long) or long.startswith(short)


def _street(a: str, b: str, census: Census) -> int:
    if not a or not b:
        return UNKNOWN
    if a == b:  # a number alone is that of many houses
        return code(2) if a.isdecimal() else code(5, census.band("street", a))
    level = _street_level(a, b)
    if level == 4:
        return code(4, min(census.band("street", a), census.band("street", b)))
    return code(level)


@lru_cache(maxsize=16384)
def _street_level(a: str, b: str) -> int:
    """Return how alike two streets are: a house number may be missing or have a slip.

    Where a street's name is missing, nobody knows whether it is another one: 0.
    """
    (mine, my_numbers), (theirs, their_numbers) = _taken_apart(a), _taken_apart(b)
    if mine and theirs and fuzz.ratio(mine, theirs) >= _ALIKE:
        if not my_numbers or not their_numbers:
            return 4
        is_slip = any(
            OSA.distance(x, y, score_cutoff=1) <= 1 for x in my_numbers for y in their_numbers
        )
        return 4 if is_slip else 3
    if {*my_numbers} & {*their_numbers}:
        return 2
    return 1 if mine and theirs else 0


_ALIKE = 75  # of 100: letters that two spellings of one street have in common


def _taken_apart(street: str) -> tuple[str, list[str]]:
    words = street.split()
    numbers = [word for word in words if word[:1].isdecimal()]
    return "".join(word for word in words if not word[:1].isdecimal()), numbers
