"""Dates as ISO text (YYYY-MM-DD)."""

import datetime
import re

from leadloom.values import NOTHING, Cleaned
from leadloom.values.text import fold, is_blank, tidy

_TIME = (
    r"(?:[t ,]+\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?"
    r"\s*(?:z|utc|gmt|[ap]\.?m\.?)?(?:\s*[+-]\d\d:?\d\d)?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])\s?(\d{1,2})\2\s?(\d{4}|\d\d)" + _TIME)
_WORDED = re.compile(
    r"(?:[a-z]{2,10}\.?,?\s+)?(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.|º|o)?[ -]+(?:de |of )?"
    r"(?P<month>[a-z]{3,10})|(?P<month2>[a-z]{3,10})\.?[ -]+(?P<day2>\d{1,2})(?:st|nd|rd|th)?)"
    r"\.?,?[ -]+(?:de |del )?(?P<year>\d{4})" + _TIME
)
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")  # 1954 to 2119
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
# Excel counts days from here: day 60 is the 29th of February 1900, which never was.
_EXCEL_ORIGIN = datetime.date(1899, 12, 30)

# The shortest beginnings that tell the months apart in English, German, French, Spanish, Italian
# and Portuguese.
_MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fev"),
    ("mar", "mrz", "maerz"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "dic"),
)


def clean(text: str) -> Cleaned:
    """A date as "2024-03-12", from ISO, worded, numeric, Excel serial or epoch forms.

    Numeric dates with dots are day first, as everywhere they are written. With slashes or dashes
    they are read only when one order is possible; otherwise they are flagged, never guessed.
    """
    tidied = tidy(text)
    if is_blank(tidied):
        return NOTHING
    if len(tidied) > 60:
        return Cleaned(text, "not a date")
    try:
        date = _read(fold(tidied))
    except _AmbiguousDateError:
        return Cleaned(text, "day and month could be either way round")
    except (ValueError, OverflowError, OSError):
        date = None
    return Cleaned(text, "not a date") if date is None else Cleaned(date.isoformat())


class _AmbiguousDateError(Exception):
    """Both orders of day and month make a date."""


def _read(folded: str) -> datetime.date | None:
    if match := _YEAR_FIRST.fullmatch(folded):
        return datetime.date(int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(folded):
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(folded):
        return _numeric(int(match[1]), int(match[3]), _year(match[4]), match[2])
    if match := _WORDED.fullmatch(folded):
        month = _month(match["month"] or match["month2"])
        return datetime.date(int(match["year"]), month, int(match["day"] or match["day2"]))
    if match := _SERIAL.fullmatch(folded):
        return _EXCEL_ORIGIN + datetime.timedelta(days=int(match[1]))
    if _EPOCH.fullmatch(folded):
        return datetime.datetime.fromtimestamp(int(folded[:10]), datetime.UTC).date()
    return None


def _numeric(one: int, two: int, year: int, separator: str) -> datetime.date:
    if separator == "." or one == two or one > 12:
        return datetime.date(year, two, one)
    if two > 12:
        return datetime.date(year, one, two)
    raise _AmbiguousDateError


def _year(digits: str) -> int:
    # Two digits as POSIX reads them: 69-99 are 1969-1999, 00-68 are 2000-2068.
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 69 else 2000)


def _month(name: str) -> int:
    for month, beginnings in enumerate(_MONTHS, 1):
        if name.startswith(beginnings):
            return month
    raise ValueError(name)
