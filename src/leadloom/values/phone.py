"""Phone numbers in E.164 form ("+493012345678"), an extension behind as in RFC 3966."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
    format_number,
)

from leadloom.values import NOTHING, Cleaned
from leadloom.values.text import is_blank, tidy, tidy_lines, without_invisible

_LONGEST = 100  # characters of one number with its label and remarks
_LONGEST_CELL = 2_000
_FORMATTING = dict.fromkeys(map(ord, " -.()/\u00a0\u2010\u2011\u2012\u2013"))
_SHORTEST_POSSIBLE = 7  # digits of a subscriber number that may be kept though no plan lists it
_SHORTEST_SPLIT = 6  # digits that can stand as a number of their own beside another
_SHORTEST_ABROAD = 8  # with the country's code
_AMERICAN = re.compile(r"\(?[2-9]\d\d(?:\)[ .-]?|[.-])[2-9]\d\d[.-]\d{4}(?!\d)")
_AMERICA = 1  # the country code of North America
_FEWEST_SURE = 3  # numbers with a country code that say where the others of a file belong
_NEARLY_ALL = 0.8

_LABEL = re.compile(
    r"^(?:\(?(?:tele(?:fon|phone)o?|telephone|tel[eé]fono|telefone|t[eé]l[eé]phone|phone|tel|t[eé]l"
    r"|ph|mobile?|mobil|mob|handy|cell|cellulare|celular|m[oó]vil|portable|gsm|fax|work|home|office"
    r"|main|direct|durchwahl|whatsapp|[tpmfwcdho])\)?\s*(?:nr|no|number)?\s*[.:]+\s*)+",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\s*[,;]?\s*\b(?:durchwahl|dw|nst|poste|interno|ramal|anexo)\b[.:\s]*(?=\d{1,7}$)",
    re.IGNORECASE,
)
# Letters stand for digits in service numbers only: 1-800-FLOWERS. Elsewhere they are a remark.
_VANITY = re.compile(r"\d\W*[a-z]{3,}(?![a-z.:=]*\s*\d+$)", re.IGNORECASE)
_VANITY_TYPES = (
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
)
_REMARK = re.compile(r"(?<=\d)\W+[^\W\d_]\D*$|\s*\(\D*\)\s*$")
_FRACTION = (".0", ".00")
_FLOAT = re.compile(r"(\+?\d{5,})\.0+")
_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_STRONG_BREAK = re.compile(r"\s*(?::::|;(?!\s*ext)|\||\n)\s*|(?<=\d)\s+(?=\+\d)")
_MAY_BE_SEVERAL = re.compile(r"[;|,/\n\r&:a-z]|.\+", re.IGNORECASE)
_WEAK_BREAK = re.compile(r"(\s*(?:,|/|\s(?:or|oder|ou|o|and|und|et|y|e|&)\s)\s*)", re.IGNORECASE)


def clean(text: str, country: str | None = None) -> Cleaned:
    """A number as E.164; `country` (ISO code) is where one without a country code belongs.

    Numbers the numbering plan of their country lists are good, and so are those of a possible
    length with at least 7 digits, because plans change; fillers such as 000000 or 1234567890 are
    not. What a spreadsheet did is mended where nothing was lost.
    """
    digits = text.translate(_FORMATTING)
    if digits[:1] == "+" and _is_plain(digits):
        return Cleaned(digits)
    if len(text) > _LONGEST:
        return Cleaned(text, "too long for a phone number")
    is_plain = digits.isdecimal() and digits.isascii() and not text.endswith(_FRACTION)
    bare = digits if is_plain else without_invisible(tidy(text))
    return NOTHING if is_blank(bare) else _read(bare, text, country)


def says_country(text: str) -> bool:
    """Whether a number is written with the code of its country: +49 30 901820, 0049 30 901820."""
    return text.lstrip("'’` (").startswith(("+", "00", "＋", "tel:+"))


def is_written_american(text: str) -> bool:
    """Whether a number is grouped as Americans do: (415) 555-2671, 415.555.2671."""
    return _AMERICAN.match(text.strip()) is not None


@lru_cache(maxsize=16384)
def guess(text: str, country: str, *, strictly: bool = True) -> str | None:
    """A number without a country code, were it one of `country`; None when that is doubtful.

    It must be listed in the numbering plan. `strictly` it must be written as at home, too: with the
    0 before it where people write one, since other countries' numbers would pass for local ones
    without it.
    """
    found, problem = clean(text, country)
    if problem is not None or found is None:
        return None
    number = phonenumbers.parse(found, None)
    if number.country_code != phonenumbers.country_code_for_region(country.upper()):
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    digits, at_home = _digits(text), _digits(format_number(number, PhoneNumberFormat.NATIONAL))
    is_foreign = number.country_code != _AMERICA and is_written_american(text)
    loosely = not strictly and not is_foreign
    return found if loosely or digits == at_home or found.startswith(f"+{digits}") else None


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def country_of_most(numbers: Iterable[str]) -> str | None:
    """The main country of the code that nearly all of some clean numbers have; None without one."""
    codes = Counter(phonenumbers.parse(number, None).country_code for number in numbers)
    for code, count in codes.most_common(1):
        if code and count >= _FEWEST_SURE and count >= _NEARLY_ALL * codes.total():
            region = phonenumbers.region_code_for_country_code(code)
            return region if region not in ("001", "ZZ") else None
    return None


def split(text: str) -> list[str]:
    """The numbers of one cell, each still to be cleaned.

    A slash or comma separates only where a number of its own stands on either side:
    "030/1234567" is one number.
    """
    if len(text) > _LONGEST_CELL or not _MAY_BE_SEVERAL.search(text):
        return [text]
    numbers = []
    for part in _STRONG_BREAK.split(tidy_lines(text)):
        numbers += _split_weakly(part)
    return [number for number in numbers if number] or [text]


@lru_cache(maxsize=16384)
def country_of(e164: str) -> str | None:
    """The ISO code of the country of a clean number; None for numbers of no one country."""
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(
        number
    ) or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return region if region not in ("001", "ZZ") else None


def _split_weakly(part: str) -> list[str]:
    first, *rest = _WEAK_BREAK.split(part)
    numbers = [first]
    for separator, piece in zip(rest[::2], rest[1::2], strict=True):
        begins = _count_digits(piece) >= _SHORTEST_SPLIT or piece.startswith(("0", "+"))
        if _stands_alone(numbers[-1]) and (begins or separator.strip() == "/"):
            numbers.append(piece)
        else:
            numbers[-1] += separator + piece
    return _rejoin_areas([number.strip() for number in numbers])


def _rejoin_areas(numbers: list[str]) -> list[str]:
    # "0171/1234567 / 030/7654321" leaves the second area code on its own.
    joined: list[str] = []
    for number in numbers:
        if joined and joined[-1].startswith("0") and _count_digits(joined[-1]) < _SHORTEST_SPLIT:
            joined[-1] += "/" + number
        else:
            joined.append(number)
    return joined


def _stands_alone(number: str) -> bool:
    """Whether a piece may be a whole number; "+49 (0)151" before a slash is none."""
    abroad = number.startswith(("+", "00"))
    digits = _count_digits(number.replace("(0)", ""))
    return digits >= (_SHORTEST_ABROAD if abroad else _SHORTEST_SPLIT)


def _count_digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _read(bare: str, text: str, country: str | None) -> Cleaned:
    number, problem = (bare, None) if bare.isdecimal() else _mend(bare)
    if problem is not None:
        return Cleaned(text, problem)
    if number[:1] != "+" and number[:2] != "00" and not country:
        known = any(c.isdecimal() for c in number)
        return Cleaned(text, "no country code and no country" if known else "not a phone number")
    found = _parse(number, country)
    if found is None and (remark := _REMARK.search(number)):
        found = _parse(number[: remark.start()], country)
    if found is None:
        return Cleaned(
            text, f"not a phone number of {country}" if country else "not a phone number"
        )
    return Cleaned(found)


def _mend(bare: str) -> tuple[str, str | None]:
    if bare[:4].lower() == "tel:":
        bare = bare[4:].replace("%20", " ").lstrip("/")
    bare = _LABEL.sub("", bare.lstrip("'’` ")).lstrip("'’` ")
    if match := _FLOAT.fullmatch(bare):
        return match[1], None
    if match := _SCIENTIFIC.fullmatch(bare):
        mantissa, exponent = match[1] + (match[2] or ""), int(match[3])
        if len(mantissa) != exponent + 1:
            return bare, "a spreadsheet cut its digits off; they cannot be recovered"
        return mantissa, None
    return _EXTENSION.sub(" ext. ", bare.replace("＋", "+")), None


def _parse(number: str, country: str | None) -> str | None:
    if number.startswith("00") and (found := _international("+" + number[2:])):
        return found
    if number.startswith("+"):
        return _international(number)
    if country and _lost_its_plus(number, country) and (found := _international("+" + number)):
        return found
    return _accept(number, country)


def _lost_its_plus(number: str, country: str) -> bool:
    # A country that writes 0 before the area code has no number that begins otherwise, so one that
    # begins with its country code is an international one whose "+" was lost.
    code = phonenumbers.country_code_for_region(country.upper())
    if not code or len(number) < 11 or not number.startswith(str(code)):
        return False
    return phonenumbers.ndd_prefix_for_region(country.upper(), True) == "0"


def _international(number: str) -> str | None:
    return _accept(number, None)


@lru_cache(maxsize=16384)
def _accept(number: str, country: str | None) -> str | None:
    if country and (plain := _as_written_at_home(number, country)):
        return plain
    try:
        parsed = phonenumbers.parse(number, country.upper() if country else None)
    except NumberParseException:
        return None
    if _VANITY.search(number) and phonenumbers.number_type(parsed) not in _VANITY_TYPES:
        return None
    if not phonenumbers.is_valid_number(parsed) and not _is_plausible(parsed):
        return None
    plain = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return f"{plain};ext={parsed.extension}" if parsed.extension else plain


def _is_plausible(number: PhoneNumber) -> bool:
    digits = str(number.national_number)
    possible = phonenumbers.is_possible_number_with_reason(number)
    if len(digits) < _SHORTEST_POSSIBLE or possible != ValidationResult.IS_POSSIBLE:
        return False
    return len(set(digits)) > 2 and digits not in "01234567890123456789"


def _is_plain(e164: str) -> bool:
    """Whether a number is exactly as the library would give it back, by a shorter way.

    The country code decides the plan; what fits the plan of its main country, and could not be
    read as having a national prefix, the library parses, validates and formats to the same text.
    """
    if not (e164[1:].isdecimal() and e164.isascii()):
        return False
    for width in (2, 1, 3):
        if (plan := _plan(e164[1 : 1 + width])) is not None:
            listed, national_prefix = plan
            national = e164[1 + width :]
            if national_prefix is not None and national_prefix.match(national):
                return False
            return listed.fullmatch(national) is not None
    return False


def _as_written_at_home(number: str, country: str) -> str | None:
    """A number of `country` written as there, in E.164, by a shorter way than the library's.

    Only where the library could read it but one way: it has no letters and no prefix for calls
    abroad, and fits the plan as it stands or less the national prefix.
    """
    digits = number.translate(_FORMATTING)
    if not (digits.isdecimal() and digits.isascii()):
        return None
    home = _home(country.upper())
    if home is None or (home.abroad and home.abroad.match(digits)):
        return None
    if home.prefix and (found := home.prefix.match(digits)):
        digits = digits[found.end() :]
    return home.code + digits if home.listed.fullmatch(digits) else None


class _Home(NamedTuple):
    """How the main country of a country code writes its numbers."""

    code: str
    listed: re.Pattern[str]
    prefix: re.Pattern[str] | None
    abroad: re.Pattern[str] | None


@lru_cache(maxsize=256)
def _home(country: str) -> _Home | None:
    code = phonenumbers.country_code_for_region(country)
    metadata = PhoneMetadata.metadata_for_region(country)
    if not code or metadata is None or metadata.national_prefix_transform_rule:
        return None
    if phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code][0] != country:
        return None
    if (plan := _plan(str(code))) is None:
        return None
    abroad = metadata.international_prefix
    return _Home(f"+{code}", *plan, re.compile(abroad) if abroad else None)


@lru_cache(maxsize=1024)
def _plan(code: str) -> tuple[re.Pattern[str], re.Pattern[str] | None] | None:
    """What numbers a country code has, and what its national prefix looks like."""
    regions = (
        phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code or 0)) if code[:1] != "0" else None
    )
    metadata = PhoneMetadata.metadata_for_region(regions[0]) if regions else None
    if metadata is None or metadata.leading_digits or metadata.general_desc is None:
        return None
    kinds = (metadata.fixed_line, metadata.mobile, metadata.toll_free, metadata.voip)
    patterns = [k.national_number_pattern for k in kinds if k and k.national_number_pattern]
    general = metadata.general_desc.national_number_pattern
    listed = rf"(?=(?:{general})\Z)(?:{'|'.join(f'(?:{p})' for p in patterns)})"
    prefix = metadata.national_prefix_for_parsing
    return re.compile(listed), re.compile(prefix) if prefix else None
