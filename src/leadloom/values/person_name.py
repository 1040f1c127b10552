"""Names of people: cleaned, taken apart and put together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from leadloom.values import NOTHING, Cleaned
from leadloom.values.capitals import proper_case
from leadloom.values.east_asian_name import divide
from leadloom.values.misread import as_letters
from leadloom.values.name_decoration import undecorate
from leadloom.values.name_titles import (
    ACADEMIC,
    ARTICLES,
    DEGREES,
    GENERATION,
    NEVER_A_NAME,
    PARSER,
    WORDS_WITH_A_ROLE,
)
from leadloom.values.nicknames import family_of, is_given, may_be_same
from leadloom.values.patronymic import is_surname_first
from leadloom.values.text import fold, fold_umlauts, is_blank, tidy

_LONGEST = 300

# Spreadsheets say "null" and "nan"; Mr Null and Nan write themselves with one capital.
_NAMES_LIKE_BLANKS = frozenset(("Null", "Na", "Nan", "Nil", "Nat"))

_PLAIN = re.compile(r"([^\W\d_]+(?:[-'’][^\W\d_]+)*) ([^\W\d_]+(?:[-'’][^\W\d_]+)*)")
_TURNED = re.compile(r"([^\W\d_]+(?:[-'’][^\W\d_]+)*), ([^\W\d_]+(?:[-'’][^\W\d_]+)*)")
# Degrees that are written like names; "Cem" is a man before it is a Certified Energy Manager.
_BEHIND_A_COMMA = frozenset(
    "phd mba msc bsc md dds dvm esq cpa jd dr ma ba bs ms jr sr ii iii iv rn dr med mag".split()  # noqa: SIM905
)
_GLUED = re.compile(r"\b((?:Dr|Prof|Mrs?|Ms|Ing|Mag)\.)(?=[^\W\d_])")
_APOSTROPHES = re.compile("['’‘`´ʼ]")
# Digits tell apart what generated and numbered names have in common ("Tester 1", "Tester 2").
_NOT_LETTERS = re.compile(r"[\W_]+")
_GENERATIONS = {"sr": 1, "snr": 1, "senior": 1, "jr": 2, "jnr": 2, "junior": 2} | {
    numeral: number
    for number, numeral in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii"), 1)
}
# "DUPONT Marie", "DE LA TOUR Jean-Pierre": capitals are for the last name. Short ones are initials.
_IN_CAPITALS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_CAPITALISED = re.compile(r"[^\W\d_][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?")
_SHORTEST_IN_CAPITALS = 3  # letters
_NO_SURNAMES = frozenset("ceo cto cfo coo cmo cio vip team info sales support service".split())  # noqa: SIM905
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FOREIGN_IN_CHINESE = re.compile("(?<=[\u3400-\u9fff])[·・•‧](?=[\u3400-\u9fff])")  # 约翰·史密斯
_KATAKANA = re.compile("[\u30a0-\u30ff]+")


@dataclass(frozen=True, slots=True)
class NameParts:
    """A person's name taken apart; what is absent is ""."""

    prefix: str = ""
    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""
    nickname: str = ""


def clean(text: str) -> Cleaned:
    """A name, or part of one: decorations gone, capitals where it has none or only capitals."""
    tidied = as_letters(undecorate(tidy(text)))
    if is_blank(tidied) and tidied not in _NAMES_LIKE_BLANKS:
        return NOTHING
    if len(tidied) > _LONGEST:
        return Cleaned(text, "too long for a name")
    if not any(map(str.isalpha, tidied)):
        return Cleaned(text, "no letter in it")
    if "," in tidied and _names_several(tidied):
        return Cleaned(text, "it names several people")
    tidied = _surname_behind(tidied)
    name, comma, degrees = tidied.partition(",")
    return Cleaned(proper_case(name) + comma + _degrees(degrees) if comma else proper_case(tidied))


def _names_several(name: str) -> bool:
    """Whether each piece between commas is somebody's whole name: "Liz Orr, Bob Tan"."""
    pieces = [piece.split() for piece in name.split(",")]
    return all(
        len(words) == 2 and is_given(fold(words[0])) and not is_given(fold(words[1]))
        for words in pieces
    )


def _surname_behind(name: str) -> str:
    """Write a name whose last name comes first, in capitals, with a comma; "Jean DUPONT" with
    small letters."""
    words = name.split(" ")
    if found := _surname_last(words):
        return found
    begin = 0
    while begin < len(words) and _is_title_word(words[begin]):
        begin += 1
    rest = enumerate(words[begin:], begin)
    end = next((place for place, word in rest if not word.replace("ß", "").isupper()), begin)
    surname, given = words[begin:end], words[end:]
    if not surname or not given or not all(map(_IN_CAPITALS.fullmatch, surname)):
        return name
    if not all(map(_CAPITALISED.fullmatch, given)) or not _may_be_surname(surname, given[0]):
        return name
    return f"{proper_case(' '.join(surname))}, {' '.join(words[:begin] + given)}"


def _surname_last(words: list[str]) -> str | None:
    """A name whose last words alone are in capitals, with small letters; None for others."""
    end = next((place for place, word in enumerate(words) if word.isupper()), len(words))
    given, surname = words[:end], words[end:]
    if not given or not surname or not all(map(str.isupper, surname)):
        return None
    if not all(map(_CAPITALISED.fullmatch, given)) or not all(map(_IN_CAPITALS.fullmatch, surname)):
        return None
    first = next((word for word in given if not _is_title_word(word)), None)
    if (
        first is None
        or not first[0].isupper()
        or not is_given(fold_umlauts(fold(first.split("-")[0])))
    ):
        return None
    if not _may_be_surname(surname, first) or any(map(GENERATION.fullmatch, surname)):
        return None
    return f"{' '.join(given)} {proper_case(' '.join(surname))}"


def _is_title_word(word: str) -> bool:
    return word.endswith(".") or word.lower() in NEVER_A_NAME


def _may_be_surname(words: list[str], given: str) -> bool:
    """Whether words in capitals are a last name, and no title, department or initials."""
    lower = [word.lower() for word in words]
    if any(word in _NO_SURNAMES or word in DEGREES for word in lower):
        return False
    if is_given(fold_umlauts(fold(given))):
        return max(map(len, words)) >= _SHORTEST_IN_CAPITALS
    return max(map(len, words)) > _SHORTEST_IN_CAPITALS and not is_given(fold(words[0]))


def split(full: str) -> NameParts:
    """A full name's parts. "Last, First", titles, degrees, particles and nicknames are understood.

    A Chinese, Japanese or Korean name that has no space is divided where that is sure, and else
    kept whole as the last name.
    """
    plain = _PLAIN.fullmatch(full)
    if plain is not None and full.isprintable():
        first, last = plain[1], plain[2]
        odd = first.lower() in WORDS_WITH_A_ROLE or last.lower() in WORDS_WITH_A_ROLE
        if not odd and (full.isascii() or not _EAST_ASIAN.search(full)):
            return NameParts(first=first, last=last)
    turned = _TURNED.fullmatch(full)
    if turned is not None and turned[2].istitle():
        last, first = turned.groups()
        if first.lower() not in _BEHIND_A_COMMA and last.lower() not in WORDS_WITH_A_ROLE:
            return NameParts(first=first, last=last)
    return _split(full[:_LONGEST])


def join(parts: NameParts) -> str:
    """The name to show: first, middle, last and "Jr." or "III". Titles and degrees stay apart.

    Without a first name the title is needed: "Dr. Berg". Chinese, Japanese and Korean names are
    written last name first.
    """
    if not (parts.middle or parts.suffix) and parts.first and parts.last.isascii():
        return f"{parts.first} {parts.last}".strip()
    if _EAST_ASIAN.search(parts.last) and (not parts.first or _EAST_ASIAN.search(parts.first)):
        if _KATAKANA.fullmatch(parts.first + parts.last):  # foreign, or how a name is read
            return " ".join(filter(None, (parts.first, parts.middle, parts.last)))
        return parts.last + parts.first
    names = [parts.first or (parts.prefix if parts.last else ""), parts.middle, parts.last]
    names += [word for word in re.split(r"[,\s]+", parts.suffix) if GENERATION.fullmatch(word)]
    return " ".join(filter(None, names)) or parts.nickname or parts.prefix


def key(full_name: str) -> str:
    """What two spellings of one name have in common, for comparing whole names.

    Case, accents, punctuation, titles, degrees, nicknames and the order "Last, First" make no
    difference; "Müller", "Mueller" and "Muller" meet (see `text.fold_umlauts`).
    """
    return _key(full_name[:_LONGEST])


def kinship_key(full_name: str) -> str:
    """What names have in common that one person may go by: of two familiar forms and swapped parts.

    Coarse, for finding names to compare: "Bob Jones" and "Jones, Robert" share it.
    """
    return " ".join(sorted(map(family_of, key(full_name).split())))


def is_whole(full_name: str) -> bool:
    """Whether a name has a first and a last part; an East Asian one may be a single word."""
    parts = split(full_name)
    return bool(parts.first and parts.last) or bool(_EAST_ASIAN.search(full_name))


def compatible(
    one: NameParts | Mapping[str, str] | str, other: NameParts | Mapping[str, str] | str
) -> bool:
    """Whether two names may be one person's: False only when they contradict each other.

    They do when their last names differ and are not swapped with the first, when one is Jr. and
    the other Sr. (or II and III), and when the first names are neither the same nor initial,
    beginning, or familiar form of one another. What is missing contradicts nothing. A mapping
    has the keys of a lead (`first_name`, `last_name`, ...; `full_name` when those are absent).
    """
    a, b = _parts_of(one), _parts_of(other)
    if _generations_differ(a.suffix, b.suffix):
        return False
    if _is_latin(a) != _is_latin(b):
        return True  # names in two scripts say nothing about each other
    if not (a.first and a.last and b.first and b.last):
        return _incomplete_agree(a, b)
    swapped = _last_agree(a.last, b.first) and _last_agree(a.first, b.last)
    return swapped or (_surnames_agree(a, b) and _first_agree(a, b))


def _degrees(text: str) -> str:
    # Behind a comma may be the first name or a degree: "SMITH, JOHN" but "JOHN SMITH, MBA".
    return " ".join(
        word if word.strip(",.").lower() in DEGREES else proper_case(word)
        for word in text.split(" ")
    )


@lru_cache(maxsize=16384)
def _split(full: str) -> NameParts:
    name = _GLUED.sub(r"\1 ", undecorate(tidy(full)))
    words = name.split()
    if len(words) > 1 and "," not in name and words[0] in ARTICLES:
        return NameParts(last=name)
    if _FOREIGN_IN_CHINESE.search(name):
        return NameParts(last=name)
    if is_surname_first(words):
        return NameParts(first=words[1], middle=words[2], last=words[0])
    academic = ACADEMIC.match(name)
    parsed = PARSER.parse(name[academic.end() :] if academic else name)
    prefix, first = parsed.title, parsed.given
    if academic:
        prefix = " ".join(filter(None, (academic[1].strip(), prefix)))
    elif not first and parsed.family and _is_given_name(prefix):
        prefix, first = "", prefix
    born = f"née {parsed.maiden}" if parsed.maiden else ""
    last, suffix = parsed.family, parsed.suffix
    if first and not last and suffix.istitle():
        last, suffix = suffix, ""  # "Anna Vi" is no sixth Anna
    if last and not first and (divided := divide(last)):
        last, first = divided
    suffix = ", ".join(filter(None, (suffix, born)))
    return NameParts(prefix, first, parsed.middle, last, suffix, parsed.nickname)


def _is_given_name(title: str) -> bool:
    # "Don Johnson" and "Lady Gaga" are names; "Frau Müller" and "Dr. Berg" are not.
    return title.isalpha() and title.lower() not in NEVER_A_NAME


@lru_cache(maxsize=16384)
def _key(full_name: str) -> str:
    parts = split(full_name)
    last, first = parts.last, f"{parts.first} {parts.middle}"
    if _EAST_ASIAN.search(last):
        return _folded(last + first).replace(" ", "")
    return " ".join(_folded(f"{first} {last}").split()) or _folded(full_name).strip()


@lru_cache(maxsize=16384)
def _folded(name: str) -> str:
    plain = _APOSTROPHES.sub("", fold(name))
    return fold_umlauts(" ".join(_NOT_LETTERS.sub(" ", plain).split()))


def _parts_of(name: NameParts | Mapping[str, str] | str) -> NameParts:
    if isinstance(name, NameParts):
        return name
    if isinstance(name, str):
        return split(name)
    first, last = name.get("first_name") or "", name.get("last_name") or ""
    if not (first or last):
        return split(name.get("full_name") or "")
    middle, suffix = name.get("middle_name") or "", name.get("name_suffix") or ""
    return NameParts(first=first, middle=middle, last=last, suffix=suffix)


def _is_latin(name: NameParts) -> bool:
    return any("a" <= c <= "z" for c in _folded(f"{name.first} {name.last}"))


def _incomplete_agree(a: NameParts, b: NameParts) -> bool:
    if _EAST_ASIAN.search(a.last) and _EAST_ASIAN.search(b.last):
        whole, other = (_folded(one.last + one.first).replace(" ", "") for one in (a, b))
        if whole == other:
            return True  # one is divided
    # One word may be the first name or the last.
    few, more = sorted(([n for n in (x.first, x.last) if n] for x in (a, b)), key=len)
    return all(
        any(_last_agree(x, y) or _given_agree(_folded(x), _folded(y)) for y in more) for x in few
    )


def _generations_differ(one: str, other: str) -> bool:
    a, b = _generation(one), _generation(other)
    return a is not None and b is not None and a != b


def _generation(suffix: str) -> int | None:
    for word in re.split(r"[,\s]+", suffix.lower()):
        if GENERATION.fullmatch(word):
            return _GENERATIONS[word.rstrip(".")]
    return None


def _last_agree(one: str, other: str) -> bool:
    a, b = _last_words(one), _last_words(other)
    if not a or not b or a <= b or b <= a:
        return True
    if _folded(one).replace(" ", "") == _folded(other).replace(" ", ""):
        return True
    short, long = sorted((_folded(one), _folded(other)), key=len)
    return len(short) == 1 and long.startswith(short)


def _surnames_agree(a: NameParts, b: NameParts) -> bool:
    # Of two surnames the first is often taken for a middle name: José García López.
    return (
        _last_agree(a.last, b.last)
        or (a.middle != "" and _last_agree(f"{a.middle} {a.last}", b.last))
        or (b.middle != "" and _last_agree(a.last, f"{b.middle} {b.last}"))
    )


def _last_words(last: str) -> frozenset[str]:
    words = _folded(last).split()
    return frozenset(word for word in words if word not in ARTICLES) or frozenset(words)


def _first_agree(a: NameParts, b: NameParts) -> bool:
    names_a = [*_folded(a.first).split(), *_folded(a.middle).split()]
    names_b = [*_folded(b.first).split(), *_folded(b.middle).split()]
    if not names_a or not names_b or "".join(names_a) == "".join(names_b):
        return True
    # Some people go by their second name: "J. Robert" is "Robert".
    return any(_given_agree(names_a[0], name) for name in names_b) or any(
        _given_agree(name, names_b[0]) for name in names_a
    )


def _given_agree(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if may_be_same(short, long):
        return True
    # "Jan" is a name of its own, and no beginning of "Janine"; "Th" is nothing but one.
    return long.startswith(short) and (len(short) < 3 or short == long or not is_given(short))
