"""Which time most of a state keeps, in countries that keep several."""

from collections.abc import Mapping
from typing import Final

from leadloom.values.states import STATES
from leadloom.values.text import fold

_EASTERN, _CENTRAL = "America/New_York", "America/Chicago"
_MOUNTAIN, _PACIFIC = "America/Denver", "America/Los_Angeles"

_US: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV".split(),  # noqa: SIM905
        _EASTERN,
    ),
    **dict.fromkeys("AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI".split(), _CENTRAL),  # noqa: SIM905
    **dict.fromkeys("CO ID MT NM UT WY".split(), _MOUNTAIN),  # noqa: SIM905
    **dict.fromkeys("CA NV OR WA".split(), _PACIFIC),  # noqa: SIM905
    "AZ": "America/Phoenix",
    "AK": "America/Anchorage",
    "HI": "Pacific/Honolulu",
}
_CA: Final[Mapping[str, str]] = {
    "NL": "America/St_Johns",
    **dict.fromkeys(("NS", "NB", "PE"), "America/Halifax"),
    **dict.fromkeys(("ON", "QC"), "America/Toronto"),
    "MB": "America/Winnipeg",
    "SK": "America/Regina",
    **dict.fromkeys(("AB", "NT"), "America/Edmonton"),
    "BC": "America/Vancouver",
    "YT": "America/Whitehorse",
}
_AU: Final[Mapping[str, str]] = {
    **dict.fromkeys(("NSW", "ACT"), "Australia/Sydney"),
    "VIC": "Australia/Melbourne",
    "QLD": "Australia/Brisbane",
    "TAS": "Australia/Hobart",
    "SA": "Australia/Adelaide",
    "NT": "Australia/Darwin",
    "WA": "Australia/Perth",
}
_BY_COUNTRY: Final[Mapping[str, Mapping[str, str]]] = {"US": _US, "CA": _CA, "AU": _AU}
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "US": {fold(name): code for code, name in STATES.items()},
    "CA": {
        "ontario": "ON",
        "quebec": "QC",
        "british columbia": "BC",
        "alberta": "AB",
        "manitoba": "MB",
        "saskatchewan": "SK",
        "nova scotia": "NS",
        "new brunswick": "NB",
        "newfoundland and labrador": "NL",
        "prince edward island": "PE",
        "yukon": "YT",
        "northwest territories": "NT",
    },
    "AU": {
        "new south wales": "NSW",
        "victoria": "VIC",
        "queensland": "QLD",
        "tasmania": "TAS",
        "south australia": "SA",
        "western australia": "WA",
        "northern territory": "NT",
        "australian capital territory": "ACT",
    },
}


def zone_of_state(country: str, state: str) -> str | None:
    """Return the time zone of a state, by its code or name; None where that is not known."""
    zones = _BY_COUNTRY.get(country, {})
    return zones.get(_NAMES.get(country, {}).get(fold(state), state.upper()))
