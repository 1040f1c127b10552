"""A person made ready for comparing: the one normaliser, for streams and in bulk."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from leadloom.resolve.match import profiles
from leadloom.resolve.match.cities import own_name
from leadloom.resolve.match.employers import Employer
from leadloom.resolve.match.mails import Mail
from leadloom.resolve.match.names import Name
from leadloom.resolve.match.phones import Phone, phone_of
from leadloom.resolve.match.places import Place
from leadloom.resolve.match.titles import title_words
from leadloom.resolve.match.words import is_near, words_of
from leadloom.values import company_name, domain, person_name
from leadloom.values.mailbox_kind import is_free, is_role
from leadloom.values.name_titles import WORDS_WITH_A_ROLE

_GENERATIONS = {"sr": 1, "snr": 1, "senior": 1, "jr": 2, "jnr": 2, "junior": 2} | {
    numeral: number for number, numeral in enumerate(("i", "ii", "iii", "iv", "v"), 1)
}
# LinkedIn puts letters and digits of its own behind a name: "anna-voss-5aa4113".
_SLUG_ENDING = re.compile(r"-(?=[0-9a-z]*\d)[0-9a-z]+$")
_LOCAL_PARTS = re.compile(r"[._+\-]+")
# Nothing in it but given names, initials and one surname: no parser is needed.
_FIRST = "A-Z\u00c0-\u00de\u0391-\u03a9\u0410-\u042f"
_WORD = f"[{_FIRST}](?:\\.|[a-z\u00df-\u017f\u03ac-\u03ce\u0430-\u045f]+)"
_LAST = f"[{_FIRST}][a-z\u00df-\u017f\u03ac-\u03ce\u0430-\u045f]+"
_SIMPLE = re.compile(f"{_WORD}(?: {_WORD})? {_LAST}(?:-{_LAST})?")
_TURNED = re.compile(f"({_LAST}(?:-{_LAST})?), ({_WORD}(?: {_WORD})?)")
_STREET_WORDS = {"str": "strasse", "st": "street", "rd": "road", "ave": "avenue", "av": "avenue"}
_STREET_WORDS |= {"pl": "place", "ct": "court", "dr": "drive", "ln": "lane", "blvd": "boulevard"}


class PersonTerms(NamedTuple):
    """What is compared of a person, each in the form its comparison takes."""

    names: tuple[Name, ...] = ()
    mails: tuple[Mail, ...] = ()
    phones: tuple[Phone, ...] = ()
    profiles: tuple[str, ...] = ()
    employer: Employer = Employer()
    titles: tuple[tuple[str, ...], ...] = ()
    places: tuple[Place, ...] = ()


def terms_of(facts: Mapping[str, Any]) -> PersonTerms:
    """Make the facts of one record (clean values, by field) ready for comparing."""
    name = _name_of(facts)
    own = frozenset(name.given + name.surname) if name else frozenset()
    mails = tuple(mail_of(address, own) for address in facts.get("email") or ())
    profile = facts.get("linkedin_url")
    slug = profiles.slug_of(profile) if profile else ""
    return PersonTerms(
        _names_of(name, mails, slug),
        mails,
        tuple(map(phone_of, facts.get("phone") or ())),
        (slug,) if slug else (),
        _employer_of(facts, mails),
        (title,) if (title := title_of(facts.get("title") or "")) else (),
        (place,) if (place := place_of(facts)) else (),
    )


def joined(parts: Iterable[PersonTerms]) -> PersonTerms:
    """Return all that several records say of one person."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    names, sites = ([getattr(p.employer, kind) for p in parts] for kind in ("names", "sites"))
    return PersonTerms(
        _union(p.names for p in parts),
        _union(p.mails for p in parts),
        _union(p.phones for p in parts),
        _union(p.profiles for p in parts),
        Employer(_union(names), _union(sites)),
        _union(p.titles for p in parts),
        _union(p.places for p in parts),
    )


@lru_cache(maxsize=16384)
def company_words(name: str) -> tuple[str, ...]:
    """Return the words of a company's name without legal form; () when it names none."""
    return () if company_name.is_placeholder(name) else words_of(company_name.key(name))


@lru_cache(maxsize=16384)
def title_of(title: str) -> tuple[str, ...]:
    """Return the words of a job title."""
    return title_words(words_of(title))


@lru_cache(maxsize=16384)
def street_of(street: str) -> str:
    """Return a street with its usual short forms written out."""
    words = [_STREET_WORDS.get(word, word) for word in words_of(street)]
    return " ".join(
        word.removesuffix("str") + "strasse" if _is_short(word) else word for word in words
    )


def mail_of(address: str, own_words: frozenset[str] = frozenset()) -> Mail:
    """Take an address apart; `own_words` are those of its owner's name."""
    local, _, host = address.rpartition("@")
    if host in ("gmail.com", "googlemail.com"):
        local, host = local.partition("+")[0].replace(".", ""), "gmail.com"
    kind = "role" if is_role(address) else "private" if is_free(host) else "work"
    is_handle = kind != "role" and not any(w in local for w in own_words if len(w) > 2)
    return Mail(local, host, kind, is_handle)


@lru_cache(maxsize=16384)
def _parsed(full: str) -> Name:
    if turned := _TURNED.fullmatch(full):
        full = f"{turned[2]} {turned[1]}"
    if _SIMPLE.fullmatch(full):
        *given, surname = full.split()
        if not any(word.lower().strip(".") in WORDS_WITH_A_ROLE for word in (*given, surname)):
            return _name(" ".join(given), surname, "")
    parts = person_name.split(full)
    suffix = parts.suffix
    return _name(f"{parts.first} {parts.middle}", parts.last, suffix)


@lru_cache(maxsize=16384)
def _name(given: str, surname: str, suffix: str) -> Name:
    generation = 0
    for word in words_of(suffix):
        generation = generation or _GENERATIONS.get(word, 0)
    return Name(words_of(given), words_of(surname), generation)


def _name_of(facts: Mapping[str, Any]) -> Name | None:
    first, last = facts.get("first_name") or "", facts.get("last_name") or ""
    if first and last:
        given = f"{first} {facts.get('middle_name') or ''}"
        name = _name(given, last, facts.get("name_suffix") or "")
    elif full := facts.get("full_name") or first or last:
        name = _parsed(full)
    else:
        return None
    return name if name.given or name.surname else None


def _names_of(name: Name | None, mails: tuple[Mail, ...], slug: str) -> tuple[Name, ...]:
    """Return what somebody is called, as written and as addresses have it.

    An address says which name an initial stands for, and another surname somebody has, or had.
    """
    read = [_read_name(mail.local) for mail in mails if mail.kind != "role"]
    read.append(_read_name(_SLUG_ENDING.sub("", slug)))
    names = [name] if name else []
    for one in filter(None, read):
        if not names:
            names.append(one)
        elif names[0].given and names[0].surname:
            first, last = names[0].given[0], "".join(names[0].surname)
            if len(first) == 1 < len(one.given[0]) and one.given[0][0] == first:
                if one.surname == (last,):
                    names[0] = names[0]._replace(given=one.given + names[0].given[1:])
            elif one.given[0] == first and one.surname[0] not in names[0].surname:
                names += [one] if not is_near(last, one.surname[0]) else []
    return tuple(dict.fromkeys(names))


def _read_name(text: str) -> Name | None:
    """Read a name out of "first.last"; None when it is not plainly one."""
    parts = _LOCAL_PARTS.split(text)
    if len(parts) != 2 or not all(part.isalpha() for part in parts):
        return None
    first, last = words_of(parts[0]), words_of(parts[1])
    return Name(first, last) if first and last and len(last[0]) > 1 else None


def _employer_of(facts: Mapping[str, Any], mails: tuple[Mail, ...]) -> Employer:
    name = company_words(facts.get("company") or "") if facts.get("company") else ()
    sites: dict[str, None] = {}
    if (site := facts.get("domain")) and not domain.is_shared(site):
        sites[site] = None
    for mail in mails:
        if mail.kind != "private" and not is_free(mail.host):
            sites[domain.of_host(mail.host) or mail.host] = None
    return Employer((name,) if name else (), tuple(sites))


def place_of(facts: Mapping[str, Any]) -> Place | None:
    """Return the place in some facts; None when there is none."""
    city, postcode = facts.get("city") or "", facts.get("postal_code") or ""
    country, street = facts.get("country") or "", facts.get("street") or ""
    region = _folded(facts.get("state") or "")
    if not (city or postcode or street or country or region):
        return None
    postcode = _folded(postcode).replace(" ", "")
    return Place(own_name(city), postcode, country, street_of(street), region)


def city_of(facts: Mapping[str, Any]) -> str:
    """Return the city in some facts, by its own name; "" when there is none."""
    return own_name(facts.get("city") or "")


def _folded(text: str) -> str:
    return " ".join(words_of(text)) if text else ""


def _is_short(word: str) -> bool:
    return len(word) > 5 and word.endswith("str")


def _union(values: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for some in values for value in some))
