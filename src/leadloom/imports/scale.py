"""Numbers in thousands or millions, when it is the header that says so: "Revenue (in 000s USD)"."""

import re
from typing import Any

from leadloom.imports.layouts.layout import Reader
from leadloom.values import number
from leadloom.values.received import as_text

SCALED_FIELDS = frozenset(("company.revenue", "company.employee_count"))

_SCALES = (
    (r"0{3},?0{3}s?\b|\bmillion(?:s|en)?\b|\bmio\b|\bmln\b|\bin m\b|[$€£]m\b", 10**6),
    (r"\b0{3}s?\b|\bthousands?\b|\btsd\b|\bteur\b|t€|k€|[$€£]k\b|\bmilliers\b", 10**3),
    (r"\bbillions?\b|\bmrd\b|\bbn\b", 10**9),
)
_CURRENCY = re.compile(r"\b(usd|eur|gbp|chf|jpy|cad|aud|sek|nok|dkk|pln)\b")
_FIGURES = re.compile(r"[\s\d.,'\u2019]+")


def scaled(header: str, field: str) -> Reader | None:
    """A reader that gives the numbers of such a column in full; None for all other columns.

    A value that is no plain number ("$5M", "10-50") speaks for itself and stays as it is.
    """
    words = header.casefold()
    scale = next((by for looks, by in _SCALES if re.search(looks, words)), None)
    if field not in SCALED_FIELDS or scale is None:
        return None
    named = _CURRENCY.search(words)
    unit = f" {named[1].upper()}" if named and field == "company.revenue" else ""

    def read(value: Any) -> list[Any]:
        text = as_text(value)
        found = number.clean(text) if _FIGURES.fullmatch(text) else None
        if found is None or found.problem is not None or found.value is None:
            return [value]
        whole = found.value * scale
        return [f"{int(whole) if whole == int(whole) else whole}{unit}"]

    return read
