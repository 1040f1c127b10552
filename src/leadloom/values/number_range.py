"""Ranges of whole numbers such as "11-50" employees, kept as "min-max" or "min+"."""

import re

from leadloom.values import NOTHING, Cleaned
from leadloom.values import number as numbers
from leadloom.values.text import fold, is_blank, tidy

_UNIT = re.compile(
    r"\s*\(?(?:employees?|people|persons?|staff|mitarbeiter(?:innen)?|mitarbeitende|beschaftigte"
    r"|employes|salaries|empleados|dipendenti|funcionarios|addetti)\)?\.?$"
)
_BETWEEN = re.compile(
    r"(?:from |von |de |da |between |zwischen )?(\S[^a-z]*?[km]?)"
    r"\s*(?:-|–|—|‐|‑|−|\.\.+|\bto\b|\bbis\b|\band\b|\bund\b|\ba\b|\bà\b)\s*(\d[^a-z]*[km]?)"
)
_AT_LEAST = re.compile(
    r"(?:>=?|≥|more than|over|above|mehr als|uber|ab|plus de|mas de|piu di|oltre|mais de)\s*(\d.*)"
    r"|(\d.*?)\s*(?:\+|and (?:more|above|over)|or more|plus|und mehr|et plus|o mas|ou mais)"
)
_AT_MOST = re.compile(
    r"(<=?|≤|less than|under|up to|bis zu|bis|weniger als|unter|moins de|menos de|meno di)\s*(\d.*)"
)
_BELOW = ("<", "less than", "under", "weniger als", "unter", "moins de", "menos de", "meno di")
# Excel takes "11-50" and "1-10" for dates and shows "Nov-50" and "10-Jan" from then on.
_MONTH_NAMES = "jan feb mar/mrz/mrt apr may/mai jun jul aug sep oct/okt nov dec/dez"
_MONTHS = {
    name: month for month, names in enumerate(_MONTH_NAMES.split(), 1) for name in names.split("/")
}
_AS_DATE = re.compile(r"(?:(\d{1,2})[-. ]{1,2}([a-z]{3})|([a-z]{3})[-. ]{1,2}(\d{1,2}))\.?")
_AS_TIME = re.compile(r"\d{4}-(\d\d)-(\d\d)(?:[t ]00:00(?::00)?)?")


def clean(text: str) -> Cleaned:
    """A range as "11-50" or "10000+"; a single number n is "n-n".

    What a spreadsheet took for a date ("Nov-50", "10-Jan") is read back as the range it was.
    """
    tidied = tidy(text)
    if is_blank(tidied):
        return NOTHING
    if len(tidied) > 100:
        return Cleaned(text, "not a range of numbers")
    folded = _UNIT.sub("", fold(tidied)).strip()
    found = _as_date(folded) or _open_ended(folded) or _closed(folded)
    return Cleaned(text, "not a range of numbers") if found is None else Cleaned(found)


def _as_date(folded: str) -> str | None:
    if match := _AS_DATE.fullmatch(folded):
        name, figures = match[2] or match[3], match[1] or match[4]
        return _ordered(_MONTHS.get(name), int(figures))
    if match := _AS_TIME.fullmatch(folded):
        return _ordered(int(match[1]), int(match[2]))
    return None


def _ordered(one: int | None, other: int) -> str | None:
    return None if one is None else f"{min(one, other)}-{max(one, other)}"


def _open_ended(folded: str) -> str | None:
    if match := _AT_LEAST.fullmatch(folded):
        low = _whole(match[1] or match[2])
        return None if low is None else f"{low}+"
    if match := _AT_MOST.fullmatch(folded):
        high = _whole(match[2])
        if high is None or high < 1:
            return None
        return f"1-{max(high - 1, 1) if match[1] in _BELOW else high}"
    return None


def _closed(folded: str) -> str | None:
    if match := _BETWEEN.fullmatch(folded):
        low, high = _whole(match[1]), _whole(match[2])
        return None if low is None or high is None or low > high else f"{low}-{high}"
    single = _whole(folded)
    return None if single is None else f"{single}-{single}"


def _whole(text: str) -> int | None:
    value, problem = numbers.clean(text)
    return value if problem is None and isinstance(value, int) and value >= 0 else None
