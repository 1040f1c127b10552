"""Phone numbers compared: mobiles are a person's, other lines a household's or a company's."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from rapidfuzz.distance import OSA

from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import UNKNOWN, code

FIELDS = ("mobile", "line")
MOBILE = ("different", "mistyped", "exact")
LINE = ("different", "another extension", "mistyped", "exact")


class Phone(NamedTuple):
    """A number in E.164 form, its extension ("" without one), and whether only mobiles have it."""

    base: str
    extension: str
    is_mobile: bool


@lru_cache(maxsize=16384)
def phone_of(e164: str) -> Phone:
    """Take a clean number apart."""
    base, _, extension = e164.partition(";ext=")
    return Phone(base, extension, _is_mobile(base))


def compare(a: tuple[Phone, ...], b: tuple[Phone, ...], census: Census) -> tuple[int, ...]:
    """Return the codes of FIELDS for the most telling numbers of two records."""
    mobile = line = UNKNOWN
    for one in a:
        for other in b:
            if one.base == other.base:
                band = census.band("phone", one.base)
                if one.is_mobile:
                    mobile = max(mobile, code(3, band))
                else:
                    desks = one.extension and other.extension and one.extension != other.extension
                    line = max(line, code(2) if desks else code(4, band))
            elif one.is_mobile and other.is_mobile:
                mobile = max(mobile, code(2 if _is_slip(one.base, other.base) else 1))
            elif not one.is_mobile and not other.is_mobile:
                line = max(line, code(3 if _is_slip(one.base, other.base) else 1))
    return (mobile, line)


def _is_slip(a: str, b: str) -> bool:
    """Whether one digit is wrong or two are swapped; not the last two, which are extensions."""
    if len(a) != len(b) or len(a) < 10 or a[:-2] == b[:-2]:
        return False
    return OSA.distance(a, b, score_cutoff=1) <= 1


def _is_mobile(base: str) -> bool:
    for length in (1, 2, 3):
        pattern = _mobiles(base[1 : 1 + length])
        if pattern is not None:
            return pattern.fullmatch(base[1 + length :]) is not None
    return False


@lru_cache(maxsize=512)
def _mobiles(calling_code: str) -> "re.Pattern[str] | None":
    """Return what the mobile numbers of a country code look like; None when it is no country code.

    Where numbers do not tell mobiles from other lines (North America), none is a mobile.
    """
    if not calling_code.isdecimal():
        return None
    regions = phonenumbers.region_codes_for_country_code(int(calling_code))
    if not regions:
        return None
    patterns = []
    for region in regions:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
        if metadata is None or metadata.mobile is None:
            continue
        mobile, fixed = metadata.mobile, metadata.fixed_line
        pattern = mobile.national_number_pattern
        if pattern and not (fixed and fixed.national_number_pattern == pattern):
            patterns.append(pattern)
    return re.compile("|".join(f"(?:{p})" for p in patterns) or "(?!)")
