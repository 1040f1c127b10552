"""Phone numbers as they are indexed and as people type them."""

import re
from dataclasses import dataclass

# Signs people write between the digits, and "(0)", which is dialled only at home.
_TYPED = re.compile(r"(?<![\w@.])[+(]?\d[\d\s().\-/\u2010-\u2013]*\d(?![\w@])")
_HOME_ZERO = re.compile(r"\(\s*0\s*\)")
_NO_DIGIT = re.compile(r"\D+")
_EXTENSION = re.compile(r";?ext.*$", re.IGNORECASE)
_LEAST = 5  # digits that can be part of a phone number
_SURE = 7  # digits that a number is known by
# In front of the digits from the first on, and of the last ones from behind.
FORWARDS, BACKWARDS = "+", "-"
_KEPT = 8  # digits kept from behind: nobody types more of a number without its beginning


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number somebody looks for: `whole` if international, else the `end` of one.

    `end` has no zero in front; `is_sure` when there are digits enough to mean one number; `text`
    is what was typed.
    """

    text: str
    whole: str | None
    end: str
    is_sure: bool


def keys_of(stored: str) -> list[str]:
    """Return the keys a stored number is found by: its digits, and the last ones from behind."""
    digits = _NO_DIGIT.sub("", _EXTENSION.sub("", stored))
    return [FORWARDS + digits, backwards(digits)] if len(digits) >= _LEAST else []


def backwards(digits: str) -> str:
    """Return the key of how a number ends."""
    return BACKWARDS + digits[: -_KEPT - 1 : -1]


def find_numbers(text: str) -> tuple[list[Number], str]:
    """Return the phone numbers in a text that is looked for, and the text without them."""
    numbers: list[Number] = []

    def take(match: re.Match[str]) -> str:
        number = _read(match[0])
        if number is None:
            return match[0]
        numbers.append(number)
        return " "

    return numbers, _TYPED.sub(take, text)


def _read(text: str) -> Number | None:
    digits = _NO_DIGIT.sub("", _HOME_ZERO.sub("", text))
    if len(digits) < _LEAST or (len(digits) < _SURE and text.isdecimal() and text[0] != "0"):
        return None  # a postal code, a year, a number of anything: a word like others
    is_sure = len(digits) >= _SURE
    if text.lstrip("(").startswith("+"):
        return Number(text, digits, digits, is_sure)
    if digits.startswith("00"):
        return Number(text, digits[2:], digits[2:], is_sure)
    return Number(text, None, digits.lstrip("0") or digits, is_sure)
