"""Names of people compared: given name, surname, order, middle name, generation."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from leadloom.leads.match_key import hash_of
from leadloom.resolve.match.census import Census, band_of
from leadloom.resolve.match.levels import UNKNOWN, band_in, code, level_of
from leadloom.resolve.match.words import is_alike, is_near
from leadloom.values.nicknames import chief_of, is_given, may_be_same

FIELDS = ("given", "surname", "order", "middle", "generation")
GIVEN = ("different", "alike", "near", "beginning", "initial", "familiar", "exact")
SURNAME = ("different", "alike", "near", "initial", "part", "exact")
ORDER = ("straight", "swapped")
MIDDLE = ("different", "agrees")
GENERATION = ("different", "one-sided", "same")

_DIFFERENT, _ALIKE, _NEAR = 1, 2, 3
_BEGINNING, _INITIAL, _FAMILIAR, _GIVEN_EXACT = 4, 5, 6, 7
_SURNAME_INITIAL, _PART, _SURNAME_EXACT = 4, 5, 6
# Levels by which a word is known in the other's place.
_WHOLE_GIVEN = frozenset((_NEAR, _FAMILIAR, _GIVEN_EXACT))
_WHOLE_SURNAME = frozenset((_NEAR, _PART, _SURNAME_EXACT))
# A slip is far rarer than what was meant; two names of like frequency are two names.
_RARER = 30
_PARTICLES = frozenset(
    "de da do dos das di del della der den van von zu zur la le el al bin ibn ter ten y e".split()  # noqa: SIM905
)


class Name(NamedTuple):
    """A name taken apart: folded words; `generation` is 0 unless it says Jr., Sr., II ..."""

    given: tuple[str, ...]
    surname: tuple[str, ...]
    generation: int = 0

    @property
    def whole(self) -> str:
        """The given name, of several the first, and the surname, as a number: a census names
        nobody."""
        return _whole(self.given[:1], self.surname)


class _Among(NamedTuple):
    """Among whom a word is common: the rows of either whole name are `own`, of the two compared."""

    census: Census
    own: tuple[int, int]


def compare(a: tuple[Name, ...], b: tuple[Name, ...], census: Census) -> tuple[int, ...]:
    """Return the codes of FIELDS for the two names, of all given, that are most alike."""
    if not a or not b:
        return (UNKNOWN,) * len(FIELDS)
    found = None
    for one in a:
        for other in b:
            codes = _compare(one, other, census)
            if found is None or (_liking(codes), codes) > (_liking(found), found):
                found = codes
    assert found
    return found


@lru_cache(maxsize=16384)
def _whole(given: tuple[str, ...], surname: tuple[str, ...]) -> str:
    return str(hash_of("whole name", *given, *surname))


def given_level(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """Return how alike two given names are, as a place in GIVEN from 1; 0 when one is missing."""
    if not a or not b:
        return 0
    return _GIVEN_EXACT if a[0] == b[0] else _given_level(a, b)


def surname_level(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """Return how alike two surnames are, as a place in SURNAME from 1; 0 when one is missing."""
    if not a or not b:
        return 0
    return _SURNAME_EXACT if a == b else _surname_level(a, b)


@lru_cache(maxsize=16384)
def _given_level(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    one, other = a[0], b[0]
    if "".join(a) == "".join(b):
        return _GIVEN_EXACT
    if may_be_same(one, other) or one in b or other in a:
        return _FAMILIAR
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        longer = b if short == one else a
        fits = any(word.startswith(short) for word in (*longer, chief_of(long)))
        return _INITIAL if fits else _DIFFERENT
    if long.startswith(short) and (len(short) == 2 or not is_given(short)):
        return _BEGINNING
    # Two names that both exist are no slip of one another: Maria and Mario.
    if is_near(one, other):
        return _ALIKE if is_given(one) and is_given(other) else _NEAR
    if is_alike(one, other) and not (is_given(one) and is_given(other)):
        return _ALIKE
    return _DIFFERENT


@lru_cache(maxsize=16384)
def _surname_level(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    joined_a, joined_b = "".join(a), "".join(b)
    if joined_a == joined_b:
        return _SURNAME_EXACT
    if len(a) == len(b) == 1:
        return _word_level(joined_a, joined_b)
    mine, theirs = set(a) - _PARTICLES or set(a), set(b) - _PARTICLES or set(b)
    if mine == theirs:
        return _SURNAME_EXACT
    if mine <= theirs or theirs <= mine:
        return _PART
    if any(is_near(x, y) for x in mine for y in theirs):
        return _NEAR
    return _word_level(joined_a, joined_b)


def _word_level(a: str, b: str) -> int:
    if len(a) == 1 or len(b) == 1:
        return _SURNAME_INITIAL if a[0] == b[0] else _DIFFERENT
    if is_near(a, b):
        return _NEAR
    return _ALIKE if is_alike(a, b) else _DIFFERENT


def _compare(a: Name, b: Name, census: Census) -> tuple[int, ...]:
    a, b = sorted((a, b))  # from either side the same
    given, surname, order = given_level(a.given, b.given), surname_level(a.surname, b.surname), 1
    if (given <= _ALIKE or surname <= _ALIKE) and (
        crossed := _crossed(a, b, (given, surname), census)
    ):
        a, b, given, surname, order = *crossed, 2
    if surname <= _ALIKE < given and order == 1:
        for one, other in ((_doubled(a), b), (a, _doubled(b))):
            doubled = surname_level(one.surname, other.surname)
            if doubled > max(surname, _ALIKE):  # two given names alone have no other surname
                surname, a, b = doubled, one, other
                break
    among = _Among(census, (census.rows(a.whole), census.rows(b.whole)))
    given_code = _given_code(given, a.given, b.given, among)
    surname_code = _surname_code(surname, a.surname, b.surname, among)
    return (
        given_code if order == 1 else _as_common(given_code, a.given, "surname", census),
        surname_code if order == 1 else _as_common(surname_code, a.surname, "given", census),
        code(order) if given and surname else UNKNOWN,
        _middle(a, b, given),
        _generation(a.generation, b.generation),
    )


def _crossed(
    a: Name, b: Name, straight: tuple[int, int], census: Census
) -> tuple[Name, Name, int, int] | None:
    """Return two names, one of them turned, and how alike they are so; None when straight fits.

    Where one word alone fits, either may be the one that was turned: as what that word mostly is.
    """
    found = None
    for one, other in _turns(a, b):
        if not _begin_alike(one, other):
            continue
        levels = given_level(one.given, other.given), surname_level(one.surname, other.surname)
        if _is_better(levels, straight):
            found = found or (one, other, *levels)
            if min(levels) > _ALIKE or _is_usual(one, other, levels[0] > _ALIKE, census):
                return one, other, *levels
    return found


def _is_usual(a: Name, b: Name, is_given_shared: bool, census: Census) -> bool:
    """Whether the one word two names share is as one usually finds it: a given name, a surname."""
    either = (a.given, b.given) if is_given_shared else (a.surname, b.surname)
    words = [one[0] for one in either if one]
    as_given, as_surname = (
        sum(census.counts.get(kind, {}).get(word, 0) for word in words)
        for kind in ("given", "surname")
    )
    rather_given = any(map(is_given, words)) if as_given == as_surname else as_given > as_surname
    return rather_given == is_given_shared


def _as_common(one: int, words: tuple[str, ...], kind: str, census: Census) -> int:
    """Return the code of names in the wrong place: as common as they are in either."""
    band = band_in(one)
    if band is None or not words:
        return one
    return code(level_of(one), min(band, census.band(kind, words[0])))


def _doubled(name: Name) -> Name:
    """Return a name with two surnames of which the first was taken for a given name."""
    if len(name.given) < 2:
        return name
    return Name(name.given[:1], name.given[-1:] + name.surname, name.generation)


def _begin_alike(a: Name, b: Name) -> bool:
    """Whether two names could be one: of what is known of both, a word begins with one letter."""
    given = not a.given or not b.given or a.given[0][0] == b.given[0][0]
    surname = not a.surname or not b.surname or a.surname[0][0] == b.surname[0][0]
    if a.given and b.given and a.surname and b.surname:
        return given or surname
    return given and surname


def _turns(a: Name, b: Name) -> Iterator[tuple[Name, Name]]:
    """Give two names with the one, then the other turned, where a first letter speaks for it."""
    if _may_be_turned(a, b):
        yield _turned(a), b
    if _may_be_turned(b, a):
        yield a, _turned(b)


def _may_be_turned(a: Name, b: Name) -> bool:
    words = a.given + a.surname
    if not b.surname or not b.given or words[0][0] == b.surname[0][0]:
        return True
    return len(words) < 2 or words[1][0] == b.given[0][0]


def _turned(name: Name) -> Name:
    """Return a name read the other way: the surname first."""
    words = name.given + name.surname
    return Name(words[1:], words[:1], name.generation)


def _is_better(crossed: tuple[int, int], straight: tuple[int, int]) -> bool:
    if 0 in straight:  # a single word may be either name
        return 0 in crossed and max(crossed) > max(*straight, _ALIKE)
    if min(crossed) > _ALIKE:
        return sum(crossed) > sum(straight)
    return max(straight) <= _ALIKE and (crossed[0] in _WHOLE_GIVEN or crossed[1] in _WHOLE_SURNAME)


def _given_code(level: int, a: tuple[str, ...], b: tuple[str, ...], among: _Among) -> int:
    if level <= _ALIKE:
        return code(level)
    if level == _INITIAL:  # it fits many
        return code(level, 4)
    return _banded("given", level, a[0], b[0], among)


def _surname_code(level: int, a: tuple[str, ...], b: tuple[str, ...], among: _Among) -> int:
    if level <= _ALIKE:
        return code(level)
    if level == _SURNAME_INITIAL:
        return code(level, 4)
    if level == _PART:
        shared = {*a} & {*b} - _PARTICLES
        # Less is shared than a whole name.
        bands = (among.census.band("surname", word) for word in shared)
        return code(level, max(bands, default=8) - 2)
    return _banded("surname", level, " ".join(a), " ".join(b), among)


def _banded(kind: str, level: int, a: str, b: str, among: _Among) -> int:
    census, own = among
    if a == b:
        return code(level, band_of(census.share(kind, a, max(own))))
    shares = census.share(kind, a, own[0]), census.share(kind, b, own[1])
    if level == _NEAR and max(shares) < _RARER * min(shares) and census.knows(kind, a, b):
        return code(_ALIKE)
    return code(level, band_of(max(shares)))


def _middle(a: Name, b: Name, given: int) -> int:
    if len(a.given) < 2 or len(b.given) < 2 or given < _BEGINNING:
        return UNKNOWN
    one, other = a.given[1], b.given[1]
    short, long = sorted((one, other), key=len)
    agrees = long.startswith(short) or may_be_same(one, other) or is_near(one, other)
    return code(2 if agrees else 1)


def _generation(a: int, b: int) -> int:
    if not a and not b:
        return UNKNOWN
    if not a or not b:
        return code(2)
    return code(3 if a == b else 1)


def _liking(codes: tuple[int, ...]) -> tuple[int, int, int]:
    given, surname = codes[0] >> 5, codes[1] >> 5
    return (min(given, surname) > _DIFFERENT, given + surname, -codes[2])
