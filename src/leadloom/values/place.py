"""Places: countries as ISO codes, cities, and free text that holds both."""

import re
from functools import lru_cache
from typing import NamedTuple

from leadloom.values import NOTHING, Cleaned
from leadloom.values.capitals import proper_case
from leadloom.values.country_names import code_of
from leadloom.values.states import CITIES_ABROAD, DELAWARE, PROVINCES, REGIONS, STATES
from leadloom.values.text import fold, is_blank, tidy


class Place(NamedTuple):
    """A place as far as it is known; `country` is an ISO code."""

    city: str = ""
    state: str = ""
    country: str | None = None


_LONGEST = 300
_NOWHERE = frozenset(
    """
    remote worldwide global globally anywhere international hybrid europe europa asia africa emea
    apac dach latam eu online everywhere earth virtual telecommute
    """.split()  # noqa: SIM905
)
_CITY_STATES = ("SG", "HK", "MC", "MO", "GI", "VA")
_GEORGIAN = ("tbilisi", "batumi", "kutaisi", "rustavi")
_DASHES = re.compile(r"\s+[-–—/|·•]\s+|\s*[|;]\s*")
_METRO = re.compile(
    r"^(?:greater |metro |region |région (?:de )?|großraum |raum |area metropolitana de |(?:the ))?"
    r"(?P<city>.+?)(?: city)? (?:metropolitan (?:area|region)|metro(?:plex| area| region)?|area"
    r"|region|und umgebung|et (?:périphérie|environs)|y alrededores|e dintorni|e região)$",
    re.IGNORECASE,
)
_POSTAL = re.compile(
    r"^(?:[A-Z]{1,2}[- ])?\d[\d ]{2,6}\s+(?=\D)|\s+\d{5}(?:-\d{4})?$"
    r"|\s+[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}$|\s+[A-Z]\d[A-Z]\s*\d[A-Z]\d$"
)
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")
_CITY_AND_STATE = re.compile(
    r"\s*([^\W\d_].*?)\s*(?:/|\s-)\s*(AC|AL|AP|AM|BA|CE|DF|ES|GO|MA|MT|MS|MG|PA|PB|PR|PE|PI|RJ|RN"
    r"|RS|RO|RR|SC|SP|SE|TO)\s*"
)
_IN_BRACKETS = re.compile(r"\s*[\[(][^\])]*[\])]\s*$|^[A-Za-z]{2}\s[-–]\s")


def country(text: str) -> Cleaned:
    """The ISO 3166 alpha-2 code of a country's name, in six languages and many habits, or code.

    "NA" is flagged: it is as likely "not available" as Namibia.
    """
    tidied = tidy(text)
    if tidied == "NA":
        return Cleaned(text, "NA could be Namibia or 'not available'")
    if is_blank(tidied):
        return NOTHING
    code = _country(tidied) if len(tidied) <= _LONGEST else None
    return Cleaned(text, "not a country") if code is None else Cleaned(code)


def city(text: str) -> Cleaned:
    """A city's name; written all in capitals or all in small letters, it gets its capitals."""
    tidied = tidy(text).strip(",;")
    if is_blank(tidied):
        return NOTHING
    if not any(map(str.isalpha, tidied)):
        return Cleaned(text, "not the name of a city")
    return Cleaned(proper_case(tidied))


def brazilian(text: str) -> tuple[str, str]:
    """A city and its state, as Brazilians write them: "São Paulo/SP"; others as they are and ""."""
    found = _CITY_AND_STATE.fullmatch(text)
    return (found[1], found[2].upper()) if found else (text, "")


def country_of_state(state: str) -> str | None:
    """The country of a state written in full, "Bavaria" or "New York"; None for codes, since MI is
    Michigan and Milan."""
    return "US" if state in ("New York", "Washington") else REGIONS.get(fold(state))


def is_us_address(state: str, postal_code: str) -> bool:
    """Whether a state's code and the digits beside it may be American: "MI 48201"."""
    return state.upper() in STATES and _ZIP.fullmatch(postal_code) is not None


def location(text: str) -> Place:
    """City, state and country of free text: "San Francisco, CA, United States" or "München".

    A two-letter code after a city is a US state ("Austin, TX"), unless the city is known to lie
    in the country that has the same code ("Berlin, DE", "Toronto, CA").
    """
    tidied = tidy(text)
    return Place() if is_blank(tidied) or len(tidied) > _LONGEST else _location(tidied)


def postal_code(text: str) -> str:
    """The postal code in free text such as "10115 Berlin, Germany" ("" when there is none)."""
    parts = [part.strip() for part in tidy(text[:_LONGEST]).split(",")]
    for part in parts:
        match = _POSTAL.search(part)
        # Four digits before a word may be a house number where an address begins.
        if match and (part is not parts[0] or len(parts) == 1 or len(match[0].strip()) > 4):
            return match[0].strip()
    return ""


@lru_cache(maxsize=4096)
def _country(name: str) -> str | None:
    return code_of(name) or code_of(_IN_BRACKETS.sub("", name))


@lru_cache(maxsize=16384)
def _location(text: str) -> Place:
    parts = [part.strip(" .") for part in text.split(",")]
    if len(parts) == 1:
        parts = _DASHES.split(text)
    parts = [part for part in (_POSTAL.sub("", p).strip() for p in parts if p.strip()) if part]
    if not parts or fold(parts[0]) in _NOWHERE:
        parts = parts[1:]
    if len(parts) <= 1:
        return _single(parts[0]) if parts else Place()
    *before, last = parts
    code, state = _last_part(last, before[-1])
    if code is None and state == "":
        return _unknown_country(parts)
    return _with_country(before, state, code)


def _single(part: str) -> Place:
    code = _country(part) if len(part) > 3 or part.isupper() else None
    if code is None:
        state = REGIONS.get(fold(part))
        return Place("", part, state) if state else Place(_city(part))
    return Place(_city(part) if code in _CITY_STATES else "", "", code)


def _last_part(last: str, before: str) -> tuple[str | None, str]:
    """The country that the last part is or lies in, and the state if it is one."""
    folded = fold(before)
    if len(last) <= 4 and "." in last:
        last = last.replace(".", "")  # "Washington, D.C."
    if len(last) == 2 and last.isupper():
        return _two_letters(last, folded)
    if last.upper() in PROVINCES and last.isupper():
        return PROVINCES[last], last
    if fold(last) == "georgia" and folded not in _GEORGIAN:
        return "US", last
    if (code := _country(last)) is not None:
        return code, last if code == "GB" and fold(last) in REGIONS else ""
    return (REGIONS[fold(last)], last) if fold(last) in REGIONS else (None, "")


def _two_letters(code: str, city: str) -> tuple[str | None, str]:
    """What "City, XX" says: a US state, a Canadian province, or the country with that code."""
    if code == "DE":
        return ("US", code) if city in DELAWARE else ("DE", "")
    abroad = city in CITIES_ABROAD.get(code, ())
    if code in STATES and not abroad:
        return "US", code
    if code in PROVINCES and not abroad:
        return PROVINCES[code], code
    return _country(code), ""


def _unknown_country(parts: list[str]) -> Place:
    places = [part for part in parts if not any(map(str.isdecimal, part))]
    if len(places) < 2:
        return Place(_city(places[0])) if places else Place()
    return Place(_city(places[-2]), places[-1])


def _with_country(before: list[str], state: str, code: str | None) -> Place:
    places = [part for part in before if not any(map(str.isdecimal, part))] or [""]
    if state:
        return Place(_city(places[-1]), state, code)
    if len(places) == 1:
        region = fold(places[0]) in REGIONS
        return Place("", places[0], code) if region else Place(_city(places[0]), "", code)
    middle = places[-1]
    return Place(_city(places[-2] if len(places) > 2 else places[0]), middle, code)


def _city(part: str) -> str:
    if match := _METRO.match(part):
        part = match["city"]
        if fold(part).endswith((" bay", " san francisco bay")):
            return f"{part} Area"
    return proper_case(part)
