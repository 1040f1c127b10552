"""What a workbook's number means under its cell's format: a date, a padded code, a number."""

import datetime as dt
import re
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

EAST_ASIAN_DATES = frozenset((*range(27, 37), *range(50, 59)))  # ECMA-376 part 1, 18.8.30
EPOCH_1900 = dt.datetime(1899, 12, 30)
EPOCH_1904 = dt.datetime(1904, 1, 1)
FALSE_LEAP_DAY = 60  # Excel counts 29 February 1900, which there was not
PLUS = re.compile(r'(?:"\+"|\\\+|\+)[0#]+')
EXCEL_DIGITS = 15  # what Excel keeps and shows of a number
TEXT_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class CellFormat:
    """Whether numbers are dates, to how many digits they are padded, and what stands before."""

    is_date: bool = False
    digits: int = 0
    prefix: str = ""


PLAIN = CellFormat()


def builtin_code(style: str) -> str:
    """The format code of a built-in number format; "" for unknown ones."""
    number = int(style) if style.isdecimal() and len(style) < 5 else 0
    return "yyyy-mm-dd" if number in EAST_ASIAN_DATES else BUILTIN_FORMATS.get(number, "")


def cell_format(code: str) -> CellFormat:
    """Read a format code: dates, postal codes such as 00000, phones such as "+"0."""
    code = code[:255]  # as many as Excel allows
    if set(code) == {"0"} and len(code) > 1:
        return CellFormat(digits=len(code))
    if PLUS.fullmatch(code):
        return CellFormat(prefix="+")
    if code and is_date_format(code) and not is_timedelta_format(code):
        return CellFormat(is_date=True)
    return PLAIN


def number_text(text: str, form: CellFormat, epoch: dt.datetime) -> str:
    """A stored number as a person sees it: an ISO date, an integer without ".0", no exponent."""
    if form.is_date and (date := _date(text, epoch)):
        return date
    if not (text.isascii() and text.isdigit()):
        text = _plain(text)
    return form.prefix + (text.zfill(form.digits) if text.isdigit() else text)


def unescape_text(text: str) -> str:
    """Read the `_x000D_` by which workbooks write characters XML cannot hold."""
    if "_x" not in text:
        return text
    return TEXT_ESCAPE.sub(lambda found: _character(int(found[1], 16)), text)


def _character(code: int) -> str:
    return "" if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


def _plain(text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    if number.is_integer() and abs(number) < 1e21:
        return str(int(number))
    shown = f"{number:.{EXCEL_DIGITS}g}"
    return shown if "e" not in shown or abs(number) > 1 else f"{number:.20f}".rstrip("0")


def _date(text: str, epoch: dt.datetime) -> str | None:
    """Serial days as an ISO date, date and time, or time; None when out of Excel's range."""
    try:
        days = float(text)
        if epoch is EPOCH_1900 and 1 <= days < FALSE_LEAP_DAY:
            days += 1
        moment = epoch + dt.timedelta(milliseconds=round(days * 86_400_000))
    except (ValueError, OverflowError):
        return None
    if days < 0:
        return None
    if days < 1:
        return moment.time().isoformat("seconds")
    whole = moment.time() == dt.time()
    return moment.date().isoformat() if whole else moment.replace(microsecond=0).isoformat(" ")
