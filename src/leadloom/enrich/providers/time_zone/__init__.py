"""What time it is where somebody works: from the country, and from state, city or phone number
where a country has several times.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.enrich.providers.time_zone.states import zone_of_state
from leadloom.values.text import fold

FIELD = "custom.time_zone"


def _find(question: Question) -> list[Answer]:
    values = question.values
    country = str(values["country"])
    zones = zones_of(country)
    if not zones:
        return []
    if len(set(map(_offsets, zones))) == 1:
        return [Answer(FIELD, zones[0], 0.9, f"country {country}")]
    city = fold(str(values.get("city") or ""))
    for zone in zones:
        if city and fold(zone.rpartition("/")[2].replace("_", " ")) == city:
            return [Answer(FIELD, zone, 0.85, f"city {values['city']}, {country}")]
    state = str(values.get("state") or "")
    if state and (found := zone_of_state(country, state)):
        return [Answer(FIELD, found, 0.8, f"state {state}, {country}")]
    return _by_phone(values, zones)


def _by_phone(values: Mapping[str, object], zones: tuple[str, ...]) -> list[Answer]:
    numbers = values.get("phone")
    if not isinstance(numbers, list) or not numbers:
        return []
    import phonenumbers
    from phonenumbers.timezone import time_zones_for_geographical_number

    try:
        number = phonenumbers.parse(numbers[0])
    except phonenumbers.NumberParseException:
        return []
    found = [one for one in time_zones_for_geographical_number(number) if one in zones]
    same = len(set(map(_offsets, found))) == 1
    return [Answer(FIELD, found[0], 0.6, f"phone {numbers[0]}")] if same else []


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[str, ...]]:
    """Return the time zones of each country, the most used first, from the IANA database."""
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if not line.startswith("#"):
            country, _, zone, *_rest = line.split("\t")
            found[country] = (*found.get(country, ()), zone)
    return found


def zones_of(country: str) -> tuple[str, ...]:
    """Return the names of a country's time zones."""
    return _table().get(country, ())


@lru_cache(maxsize=512)
def _offsets(zone: str) -> tuple[dt.timedelta | None, ...]:
    """Return how far a zone is from UTC in winter and in summer: what tells zones apart."""
    info = ZoneInfo(zone)
    return tuple(dt.datetime(2026, month, 15, tzinfo=info).utcoffset() for month in (1, 7))


PROVIDER = Provider(
    "time zone",
    (FIELD,),
    ("country",),
    _find,
    about="from country, state, city or phone number",
    example={"country": "US", "state": "California"},
)
