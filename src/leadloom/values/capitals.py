"""Capital letters for names written all in capitals or all in small letters."""

import re

_WORD = re.compile(r"[^\W\d_]+(?:[.'’][^\W\d_]+)*", re.UNICODE)
_ROMAN = re.compile(r"(?:i{2,3}|iv|vi{0,3})", re.IGNORECASE)
# Written small inside a name, in the languages that do so.
_SMALL = frozenset(
    """
    von van der den dem des vom zu zum zur und of the upon am an im in bei ob de la las los le les
    sur sous en et du da das do dos di del della dei degli e y af av bin ibn al ter ten te
    """.split()  # noqa: SIM905
)
# Small even at the beginning, being nobody's given name and no city's first word.
_SMALL_FIRST = frozenset("von vom zu zum zur der dem de da dos das du ter ten".split())  # noqa: SIM905
# Short words without a vowel that are no initials.
_WORDS = frozenset("st dr mr mrs ms jr sr mt ft ng hr fr sgt mlle mme".split())  # noqa: SIM905
_ELISIONS = ("o'", "d'", "l'", "o’", "d’", "l’")
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõåøæœ")


# Where these are, the dot of the i is kept: "ÇELİK" is "Çelik", "IŞIL İPEK" is "Işıl İpek".
_TURKISH = re.compile("[İığĞ]")
_SMALL_I = str.maketrans("İI", "iı")


def proper_case(name: str) -> str:
    """A name with its capitals, when it has none or nothing else; any other is left as it is.

    "JOHN MCDONALD" and "john mcdonald" become "John McDonald"; "JP", "DJ" and "NY" stay.
    """
    letters = name.replace("ß", "")
    if not (letters.isupper() or letters.islower()):
        return name
    if len(name) <= 2 and letters.isupper():
        return name
    return _WORD.sub(lambda word: _proper(word, name), name)


def _proper(word: re.Match[str], name: str) -> str:
    text, lower = word[0], _lower(word[0], name)
    is_inside = word.start() > 0 or _opens_small(lower, name)
    if lower in _SMALL and is_inside and word.end() < len(name):  # "ANNA Y" ends with an initial
        return lower
    if _ROMAN.fullmatch(lower) and word.start() > 0:
        return text.upper()
    if (
        len(text) <= 3
        and text.isupper()
        and not _VOWELS.intersection(lower)
        and lower not in _WORDS
    ):
        return text
    capital = _capital(lower)
    return f"İ{capital[1:]}" if lower[0] == "i" and _TURKISH.search(name) else capital


def _lower(word: str, name: str) -> str:
    return word.translate(_SMALL_I).lower() if _TURKISH.search(name) else word.lower()


def _opens_small(first: str, name: str) -> bool:
    """Whether a name's first word stays small: "von Berg", "van der Berg", but "Van Morrison"."""
    words = name.lower().split()
    if len(words) == 1:
        return False
    return first in _SMALL_FIRST or (first == "van" and words[1] in _SMALL)


def _capital(lower: str) -> str:
    if lower.startswith(_ELISIONS) and len(lower) > 3:
        return lower[:2].upper() + _capital(lower[2:])
    if lower.startswith("mc") and len(lower) > 4:
        return "Mc" + lower[2:].capitalize()
    if "." in lower:
        return ".".join(part.capitalize() for part in lower.split("."))
    return lower.capitalize()
