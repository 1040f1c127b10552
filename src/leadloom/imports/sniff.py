"""What the values of a column look like, whatever its header says."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pycountry

from leadloom.imports.words import word_list
from leadloom.values import date
from leadloom.values.text import is_blank

CONFIDENT = 0.8  # the share of the sample's values which must agree before a value names a column
LONGEST_VALUE = 200  # characters that are looked at; anything longer is prose
LONGEST_NAME = 100  # characters of a company's or a person's name
ENOUGH = 50  # values of a column; a file may have thousands of columns
PHONE_DIGITS = range(7, 16)  # E.164 allows at most 15; 7 is the shortest local number in use

_EMAIL = re.compile(r"(?:mailto:)?[^@\s<>,;:]{1,64}@[^@\s<>,;]{1,255}\.[^\W\d_]{2,63}", re.I)
_ADDRESSED = re.compile(r"[^<>]{0,200}<\s*[^@\s<>]{1,64}@[^@\s<>]{1,255}\s*>")
_SPLIT = re.compile(r"\s*(?:[,;|\n]|:::)\s*")
_URL = re.compile(r"(?:https?://|www\.)[^\s/$.?#][^\s]*", re.I)
_BARE_SITE = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?:/\S*)?", re.I)
_LINKEDIN_PERSON = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:in|pub|sales)/", re.I
)
_LINKEDIN_COMPANY = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/(?:company|school)/", re.I
)
_PHONE = re.compile(r"'?(?:tel:)?\+?[\d\s().\-/–]{7,32}(?:(?:ext|x|#|dw)\.?\s?\d{1,6})?", re.I)
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T].*)?")
_IP_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_UUID = re.compile(r"\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?", re.I)
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_RANGE = re.compile(r"\d[\d.,' ]*\s*(?:-|–|to|bis|à|a)\s*\d|\d\s*\+|[<>]\s*\d", re.I)
_LEGAL_FORM = re.compile(
    r"(?:^|[\s,.(&])(?:gmbh|g\.m\.b\.h|kgaa|ohg|e\.\s?k|e\.\s?v|inc|llc|l\.l\.c|llp|ltd|limited|corp|"
    r"plc|pty|sarl|s\.a\.r\.l|s\.a\.s|sasu|eurl|s\.a|s\.l|s\.l\.u|s\.r\.l|srls?|s\.p\.a|s\.n\.c|ltda|"
    r"eireli|b\.v|n\.v|aps|oyj|sp\.? z o\.?o|s\.r\.o|corporation)\.?(?:$|[\s,)&])"
    # Short ones are also names or words ("Se Young", "As"), so only at the end.
    r"|[\s,](?:ag|kg|gbr|ug|se|co|company|sas|sa|slu?|spa|snc|lda|bv|nv|ab|a/s|oy|asa?|kft|"
    r"group|gruppe|holdings?|mbh)\.?\s*\)?$",
    re.I,
)
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_'’\-.]*(?:['’\-][^\W\d_]+)*\.?")
_PARTICLES = word_list(
    """
    von van der den de del della di da dos das du la le zu zur bin al el y e
    """
)
_SALUTATIONS = word_list(
    """
    mr mrs ms miss mx dr prof professor herr frau herrn m mme mlle monsieur madame
    mademoiselle sr sra srta señor señora señorita sig signor signora sigra dott dottssa
    dottore dottoressa ing dipl dipling mag magister senhor senhora dra doutor sir dame lord
    lady rev hon dkfm phd md msc med prof.dr eng arch avv rag geom hr fr fräulein divers
    """
)
_LOCAL_COUNTRIES = """Deutschland Österreich Schweiz Frankreich Italien Spanien Niederlande Belgien
    Polen Tschechien Dänemark Schweden Norwegen USA Großbritannien UK England Allemagne Autriche
    Suisse France Italie Espagne Belgique Pays-Bas Alemania Austria Suiza Francia Italia España
    Bélgica México Brasil Argentina Germania Svizzera Spagna Belgio Alemanha França Espanha Itália
    Suíça Holland Scotland Wales Brésil Mexique Portugal Turkey Türkei Vereinigte Staaten États-Unis
    Estados Unidos Stati Uniti Royaume-Uni Regno Unito Reino Unido Russia Russland"""


def texts(values: Iterable[Any]) -> list[str]:
    """The values that say something ("n/a" does not), as text; lists are taken apart, nested
    objects left out."""
    found: list[str] = []
    for value in values:
        parts = value[:ENOUGH] if isinstance(value, list) else [value]
        found += [text for part in parts if (text := _text(part)) and not is_blank(text)]
    return found


def are_flags(values: Iterable[Any]) -> bool:
    """Whether all that is said is true or false."""
    said = [value for value in values if value is not None and value != ""]
    return bool(said) and all(
        isinstance(value, bool) or str(value).strip().casefold() in ("true", "false")
        for value in said
    )


def share(values: Sequence[str], looks: Callable[[str], bool]) -> float:
    """The part of the values, 0 to 1, which `looks` accepts; 0 when there are none."""
    return sum(map(looks, values)) / len(values) if values else 0.0


def kind_of(values: Sequence[str]) -> str | None:
    """The field which at least `CONFIDENT` of the values look like, the surest kind first."""
    some = values[:ENOUGH]
    return next((field for field, looks in KINDS.items() if mostly(some, looks)), None)


def mostly(values: Sequence[str], looks: Callable[[str], bool]) -> bool:
    """Whether `looks` accepts `CONFIDENT` of the first values, giving up as soon as it cannot."""
    some = values[:ENOUGH]
    misses = (1 - CONFIDENT) * len(some)
    for value in some:
        misses -= not looks(value)
        if misses < -1e-9:  # a whole miss too many; the shares are not exact in binary
            return False
    return bool(some)


def is_email(text: str) -> bool:
    """Whether the text is one or several e-mail addresses ('Ann <ann@x.com>; bob@x.com')."""
    parts = [part for part in _SPLIT.split(text.strip(" '\"<>")) if part]
    return bool(parts) and all(_EMAIL.fullmatch(p) or _ADDRESSED.fullmatch(p) for p in parts)


def is_phone(text: str) -> bool:
    """Whether the text can only be a phone number: a '+', a leading 0, or grouped digits."""
    text = text.strip()
    if not _PHONE.fullmatch(text) or _DATE.fullmatch(text) or _IP_ADDRESS.fullmatch(text):
        return False
    digits = sum(map(str.isdigit, text))
    written_as_one = text.lstrip("'").startswith(("+", "0", "(", "tel:")) or not _NUMBER.fullmatch(
        text
    )
    return digits in PHONE_DIGITS and written_as_one


def is_url(text: str) -> bool:
    """Whether the text is a web address; without 'http' or 'www' it needs a known shape."""
    return bool(_URL.match(text) or _BARE_SITE.fullmatch(text.strip()))


def is_linkedin(text: str) -> bool:
    """Whether the text is the LinkedIn address of a person."""
    return bool(_LINKEDIN_PERSON.match(text.strip()))


def is_linkedin_company(text: str) -> bool:
    """Whether the text is the LinkedIn address of a company."""
    return bool(_LINKEDIN_COMPANY.match(text.strip()))


def is_country(text: str) -> bool:
    """Whether the text is the name of a country; codes alone are too like US states."""
    return text.strip().casefold() in _countries()


def is_company(text: str) -> bool:
    """Whether the text carries a legal form ('Nordwind GmbH', 'Acme, Inc.')."""
    return len(text) <= LONGEST_NAME and bool(_LEGAL_FORM.search(text.strip()))


def is_salutation(text: str) -> bool:
    """Whether the text is made of forms of address and degrees alone ('Frau Dr.', 'Mr')."""
    words = text.casefold().split()
    return bool(words) and all(
        word.replace(".", "") in _SALUTATIONS
        or all(part in _SALUTATIONS for part in re.split(r"[.\-/]+", word.strip(".")))
        for word in words
    )


def is_person(text: str) -> bool:
    """Whether the text could be somebody's full name: two to five capitalised words."""
    words = text[:LONGEST_NAME].replace(",", " ").split()
    return (
        2 <= len(words) <= 5
        and not is_company(text)
        and all(_NAME_WORD.fullmatch(word) for word in words)
        and all(word[0].isupper() or word.casefold() in _PARTICLES for word in words)
    )


def is_date(text: str) -> bool:
    """Whether the text is a day or a moment ('2024-05-01', '5 May 2024 10:00')."""
    return any(map(str.isdigit, text)) and date.clean(text).problem is None


def is_code(text: str) -> bool:
    """Whether the text is a number or a key that a machine gave ('4711', a UUID), and no word."""
    return not any(map(str.isalpha, text)) or bool(_UUID.fullmatch(text))


def is_range(text: str) -> bool:
    """Whether the text is a band of numbers ('51-200', '10,000+') and not one number."""
    return bool(_RANGE.search(text[:40]))


KINDS: Mapping[str, Callable[[str], bool]] = {
    "email": is_email,
    "linkedin_url": is_linkedin,
    "company.linkedin_url": is_linkedin_company,
    "website": is_url,
    "phone": is_phone,
    "country": is_country,
    "company": is_company,
}


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:LONGEST_VALUE].strip().removeprefix("✅ ")


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    names = set(_LOCAL_COUNTRIES.split())
    for country in pycountry.countries:
        names.add(country.name)
        names.update(getattr(country, extra, "") for extra in ("common_name", "official_name"))
    return frozenset(name.replace("\xa0", " ").casefold() for name in names if name)
