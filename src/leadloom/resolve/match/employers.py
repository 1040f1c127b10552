"""Companies' names and domains compared, for employers of people and for companies themselves."""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from leadloom.resolve.match.census import Census, band_of
from leadloom.resolve.match.levels import UNKNOWN, code
from leadloom.resolve.match.words import is_near

FIELDS = ("company", "site")
COMPANY = ("different", "overlaps", "initials", "contained", "mistyped", "exact")
SITE = ("different", "alike", "other ending", "exact")

EXACT, _SLIP, _CONTAINED, _INITIALS, _OVERLAPS = 6, 5, 4, 3, 2


_LESS = {_CONTAINED: 2, _OVERLAPS: 4}
_TELLING = 6  # words of a lower band, such as "systems", say nothing when shared


class Employer(NamedTuple):
    """What is known of where somebody works: names as words, and registrable domains."""

    names: tuple[tuple[str, ...], ...] = ()
    sites: tuple[str, ...] = ()


def compare(a: Employer, b: Employer, census: Census) -> tuple[int, ...]:
    """Return the codes of FIELDS for two employers."""
    company = UNKNOWN
    for one in a.names:
        for other in b.names:
            company = max(company, company_code(one, other, "company", census))
    if company == UNKNOWN and (a.names or b.names) and not (a.sites and b.sites):
        company = named_after(a, b, "site", census)
    return (company, site_code(a.sites, b.sites, "site", census))


def company_code(a: tuple[str, ...], b: tuple[str, ...], kind: str, census: Census) -> int:
    """Return the code of two names of companies, each as words without legal form."""
    if a == b:
        return code(EXACT, census.band(kind, " ".join(a)))
    level = _level(a, b)
    if level in (EXACT, _SLIP):
        return code(level, min(census.band(kind, " ".join(x)) for x in (a, b)))
    if level in (_CONTAINED, _OVERLAPS):
        shared = {*a} & {*b} or {min(sorted(a + b), key=len)}
        band = band_of(min(census.share("word", word) for word in shared))
        # What is left out makes room for chance: less is shared than a whole name.
        return code(level, band - _LESS[level]) if band >= _TELLING else code(1)
    return code(level, 8) if level == _INITIALS else code(1)


def site_code(a: tuple[str, ...], b: tuple[str, ...], kind: str, census: Census) -> int:
    """Return the code of two sets of domains."""
    best = UNKNOWN
    for one in a:
        for other in b:
            level = 4 if one == other else _site_level(one, other)
            band = census.band(kind, one) if level == 4 else 31
            if level in (2, 3):
                bands = [census.band(kind, site) for site in (one, other)]
                band = min(*bands, *(_label_band(site, census) for site in (one, other)))
            best = max(best, code(level, band))
    return best


def _label_band(site: str, census: Census) -> int:
    """Return the band of what a domain begins with: many are called Summit, each with an ending."""
    return band_of(min(1.0, _OTHER_OWNERS * census.share("word", site.partition(".")[0])))


# Another ending has another owner, as a rule: it is so many times rarer with one.
_OTHER_OWNERS = 30


@lru_cache(maxsize=16384)
def _level(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    joined_a, joined_b = "".join(a), "".join(b)
    if joined_a == joined_b or sorted(a) == sorted(b):
        return EXACT
    if len(a) == len(b) and all(_is_word_near(x, y) for x, y in zip(a, b, strict=True)):
        return _SLIP
    if min(len(joined_a), len(joined_b)) > 6 and OSA.distance(joined_a, joined_b) <= 1:
        return _SLIP
    if {*a} <= {*b} or {*b} <= {*a}:
        return _CONTAINED
    if (joined_a in joined_b and len(joined_a) > 4) or (joined_b in joined_a and len(joined_b) > 4):
        return _CONTAINED
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if len(long) >= 3 and short == ("".join(word[0] for word in long),):
        return _INITIALS
    return _OVERLAPS if {*a} & {*b} else 1


def _is_word_near(a: str, b: str) -> bool:
    if a == b:
        return True
    if a.isdecimal() or b.isdecimal():
        return False
    short, long = sorted((a, b), key=len)
    return is_near(a, b) or (len(short) > 2 and long.startswith(short))


@lru_cache(maxsize=16384)
def _site_level(a: str, b: str) -> int:
    one, other = a.partition(".")[0], b.partition(".")[0]
    if one == other:
        return 3
    short, long = sorted((one, other), key=len)
    if len(short) > 3 and (long.startswith(short) or OSA.distance(short, long) <= (len(long) > 6)):
        return 2
    return 1


def named_after(a: Employer, b: Employer, kind: str, census: Census) -> int:
    """Return the code of a name and a domain, where one side has no name."""
    names, sites = (a.names, b.sites) if a.names else (b.names, a.sites)
    for words in names:
        for site in sites:
            if is_named_after(words, site):
                return code(_CONTAINED, census.band(kind, site))
    return UNKNOWN


@lru_cache(maxsize=16384)
def is_named_after(words: tuple[str, ...], site: str) -> bool:
    """Whether a domain is plainly made from a company's name."""
    label = site.partition(".")[0].replace("-", "")
    joined = "".join(words)
    if len(label) > 3 and (label == joined or joined.startswith(label)):
        return True
    return len(words[0]) > 4 and label.startswith(words[0])
