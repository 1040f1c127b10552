"""A company made ready for comparing, and how companies' names are compared."""

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any, NamedTuple

from leadloom.resolve.match import profiles
from leadloom.resolve.match.census import Census, band_of
from leadloom.resolve.match.employers import (
    EXACT,
    Employer,
    company_code,
    is_named_after,
    named_after,
    site_code,
)
from leadloom.resolve.match.levels import UNKNOWN, code, level_of
from leadloom.resolve.match.person import company_words, place_of
from leadloom.resolve.match.phones import Phone, phone_of
from leadloom.resolve.match.places import Place
from leadloom.resolve.match.words import words_of
from leadloom.values import domain

Words = tuple[str, ...]

# Levels of `employers.SITE` that two companies of one name reach by chance; what stands for them.
_LIKE_SITES = (2, 3)
_NAMED_ALIKE = 5


class FirmTerms(NamedTuple):
    """What is compared of a company, each in the form its comparison takes."""

    called: Employer = Employer()
    forms: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    profiles: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


def terms_of(facts: Mapping[str, Any]) -> FirmTerms:
    """Make the facts of a company (clean values, under its own field names) ready."""
    words = company_words(facts.get("name") or "") if facts.get("name") else ()
    site, phone, profile = facts.get("domain"), facts.get("phone"), facts.get("linkedin_url")
    return FirmTerms(
        Employer((words,) if words else (), (site,) if site and not domain.is_shared(site) else ()),
        (form,) if words and (form := _form(facts["name"], words)) else (),
        tuple(map(phone_of, [phone] if isinstance(phone, str) else phone or ())),
        (profiles.slug_of(profile),) if profile else (),
        (place,) if (place := place_of(facts)) else (),
    )


def compare_called(a: Employer, b: Employer, census: Census) -> tuple[int, ...]:
    """Return the codes of two companies' names and domains."""
    best = UNKNOWN
    for one in a.names:
        for other in b.names:
            found = company_code(one, other, "firm", census)
            if one == other or level_of(found) == EXACT:
                found = code(EXACT, band_of(_share(min(one, other), census)))
            best = max(best, found)
    if best == UNKNOWN and (a.names or b.names) and not (a.sites and b.sites):
        best = named_after(a, b, "home", census)
    site = site_code(a.sites, b.sites, "home", census)
    if level_of(site) in _LIKE_SITES and _has_own_name(a) and _has_own_name(b):
        site = code(_NAMED_ALIKE)
    return (best, site)


def compare_forms(a: tuple[str, ...], b: tuple[str, ...], census: Census) -> tuple[int, ...]:
    """Return the code of two companies' legal forms: "GmbH & Co. KG" may be written "GmbH"."""
    if not a or not b:
        return (UNKNOWN,)
    fits = any(x.startswith(y) or y.startswith(x) for x in a for y in b)
    return (code(2 if fits else 1),)


def _has_own_name(called: Employer) -> bool:
    """Whether the domain says no more than the name does."""
    return any(is_named_after(words, site) for words in called.names for site in called.sites)


def _form(name: str, words: Words) -> str:
    return "".join(word for word in words_of(name) if word not in words)


def _share(words: Words, census: Census) -> float:
    """Return how likely another company has this name, by its words or as counted."""
    by_chance = 2 * prod(census.share("word", word) for word in words[:3])
    counted = census.counts.get("firm", {}).get(" ".join(words), 0)
    return max(by_chance, counted / max(census.records, 1000) if counted > 1 else 0.0)


def keys_of(firm: FirmTerms) -> Iterable[tuple[str, ...]]:
    """Return what a company is found by, still to be hashed."""
    for site in firm.called.sites:
        yield "site", site
        yield "label", site.partition(".")[0].replace("-", "")
    for phone in firm.phones:
        yield "phone", phone.base
    for profile in firm.profiles:
        yield "profile", profile
    for words in firm.called.names:
        joined = "".join(words)
        yield "firm", "".join(sorted(words))
        yield "label", joined
        yield "begins", joined[:7]
        for place in firm.places:
            if place.city:
                yield "begins in", joined[:4], place.city
    for place in firm.places:
        if place.street:
            yield "street", place.street, place.postcode or place.city
