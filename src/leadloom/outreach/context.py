"""What a letter may say: the lead, the event and the sender as one flat, bounded set of values."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import pycountry

from leadloom.leads.fields import CUSTOM
from leadloom.outreach.language import canonical

VALUE_CHARACTERS: Final = 1_000
LIST_ITEMS: Final = 100
"""What a letter takes of one value, however large the cell it came from."""

_KEEPS_LINES: Final = frozenset({"signature", "sender_pitch", "sender_proof"})


def values_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """Every value under its canonical name, custom fields as `custom.<name>`.

    Texts lose control characters and line breaks (but for the sender's own), so that no cell can
    lay out a letter; a country's ISO code becomes its English name, and stays as `country_code`.
    """
    values: dict[str, Any] = {}
    for name, value in context.items():
        if name == "custom":
            continue
        values[canonical(name)] = _clean(value, keeps_lines=name in _KEEPS_LINES)
    for name, value in (context.get("custom") or {}).items():
        values.setdefault(canonical(f"{CUSTOM}{name}"), _clean(value))
    if country := _country_name(str(values.get("country") or "")):
        values["country_code"] = values["country"]
        values["country"] = country
    return values


def _clean(value: Any, *, keeps_lines: bool = False) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case list() | tuple() | set() | frozenset():
            items = sorted(value) if isinstance(value, set | frozenset) else value
            return [_clean(item) for item in items[:LIST_ITEMS]]
    text = str(value)[:VALUE_CHARACTERS]
    if keeps_lines:
        return _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    return " ".join(_CONTROL.sub("", " ".join(text.split())).split())


@lru_cache(maxsize=300)
def _country_name(code: str) -> str | None:
    country = pycountry.countries.get(alpha_2=code) if re.fullmatch("[A-Z]{2}", code) else None
    if country is None:
        return None
    return str(getattr(country, "common_name", country.name)).split(",", maxsplit=1)[0]


# Control characters, and the marks that turn the direction of what follows them.
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
