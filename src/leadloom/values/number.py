"""Numbers and ranges of numbers, as people write them."""

import re

from leadloom.values import NOTHING, Cleaned
from leadloom.values.text import fold, is_blank, tidy

_NUMBER = re.compile(
    r"(?:about|approx\.?|approximately|around|circa|ca\.?|c\.|etwa|env\.?|environ|aprox\.?|[~≈±])?\s*"
    r"(?:[$€£¥]|usd|eur|gbp|chf)?\s*"
    r"(?P<figures>[+-]?\d[\d.,' \u2019]{0,30}|[+-]?[.,]\d{1,15})"
    r"\s*(?P<scale>k|tsd\.?|thousand|m|mm|mio\.?|mln|million(?:s|en)?|millones"
    r"|b|bn|mrd\.?|billion|milliarden?)?"
    r"\s*(?:[$€£¥%]|usd|eur|gbp|chf)?"
    r"\s*(?:employees?|people|persons?|staff|mitarbeiter(?:innen)?|mitarbeitende"
    r"|beschaftigte|employes|salaries|empleados|dipendenti|funcionarios|addetti)?"
)
_SCALES = {"k": 10**3, "t": 10**3, "b": 10**9}
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,' \u2019])\d{3})(?:\1\d{3})*")
_MAX = 2**63 - 1  # what an integer column holds


def clean(text: str) -> Cleaned:
    """An int or a float. "1.234" and "1,234" are both 1234; "12,5" and "12.5" both 12.5."""
    tidied = tidy(text)
    if is_blank(tidied):
        return NOTHING
    number = _read(fold(tidied))
    if number is None:
        return Cleaned(text, "not a number")
    if abs(number) > _MAX:
        return Cleaned(text, "too large a number")
    return Cleaned(number)


def _read(folded: str) -> int | float | None:
    match = _NUMBER.fullmatch(folded)
    if match is None:
        return None
    number = _figures(match["figures"].strip(" ,"))
    if number is None or match["scale"] is None:
        return number
    return _whole(number * _scale(match["scale"]))


def _scale(word: str) -> int:
    if word.startswith(("mrd", "milliard")):
        return 10**9
    return _SCALES.get(word[0], 10**6)


def _figures(figures: str) -> int | float | None:
    sign = -1 if figures[0] == "-" else 1
    digits = figures.lstrip("+-")
    if digits.isdecimal():
        return sign * int(digits)
    if _GROUPED.fullmatch(digits):
        return sign * int(re.sub(r"\D", "", digits))
    whole, decimals = _decimal_point(digits)
    if not decimals.isdecimal() or not (whole == "" or _is_whole(whole)):
        return None
    return _whole(sign * float(f"{re.sub(r'[^0-9]', '', whole) or 0}.{decimals}"))


def _decimal_point(digits: str) -> tuple[str, str]:
    at = max(digits.rfind("."), digits.rfind(","))
    return (digits[:at], digits[at + 1 :]) if at >= 0 else (digits, "")


def _is_whole(digits: str) -> bool:
    return digits.isdecimal() or _GROUPED.fullmatch(digits) is not None


def _whole(number: int | float) -> int | float:
    return int(number) if number == int(number) else number
