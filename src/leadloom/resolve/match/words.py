"""Words made comparable: folded, written in Latin letters, and what they sound like."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from leadloom.values.text import fold, fold_umlauts

_APOSTROPHES = re.compile("['’‘`´ʼ]")
_NOT_WORDS = re.compile(r"[\W_]+")
# ISO 9 and ELOT 743, simplified to what people write in passports.
_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіґ", "abvgdeziyklmnoprstufyeig", strict=True))
    | dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | {"ъ": "", "ь": "", "ї": "yi", "є": "ye", "θ": "th", "χ": "ch", "ψ": "ps"}
)
# Longer ones first.
_SOUNDS = (
    *((letters, "s") for letters in ("tsch", "sch", "sh", "ch", "cz", "zh", "tz", "ts", "z")),
    *((letters, "f") for letters in ("ph", "v", "w")),
    *((letters, "k") for letters in ("ck", "kh", "c", "q", "g")),
    ("x", "ks"),
    ("th", "t"),
    ("d", "t"),
    ("b", "p"),
    ("h", ""),
)
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiouyj]+")


@lru_cache(maxsize=16384)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text: no case, accents or apostrophes, in Latin letters."""
    if text.isascii():
        plain = text.lower().replace("'", "")
    else:
        plain = fold(_APOSTROPHES.sub("", fold(text)).translate(_LATIN))
    return tuple(fold_umlauts(" ".join(_NOT_WORDS.sub(" ", plain).split())).split())


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Return what is left of a word when it is only heard: its consonants, alike ones as one."""
    for letters, sound in _SOUNDS:
        if letters in word:
            word = word.replace(letters, sound)
    first = "a" if word[:1] in "aeiouyj" else ""
    return first + _DOUBLED.sub(r"\1", _VOWELS.sub("", word))


def is_near(a: str, b: str) -> bool:
    """Whether one word may be the other mistyped, misread or written as it sounds."""
    longer = max(len(a), len(b))
    if min(len(a), len(b)) < 3 or abs(len(a) - len(b)) > 2 + longer // 8:
        return False
    allowed = 1 if longer < 7 else 2 if longer < 12 else 3
    if OSA.distance(a, b, score_cutoff=allowed) <= allowed:
        return True
    return longer > 4 and skeleton(a) == skeleton(b) != ""


def is_alike(a: str, b: str) -> bool:
    """Whether two words have most letters in common, in order: one may be the other, spoilt."""
    return min(len(a), len(b)) > 3 and OSA.normalized_similarity(a, b, score_cutoff=0.6) > 0
