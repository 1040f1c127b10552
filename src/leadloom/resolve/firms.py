"""Which company a record speaks of: by domain, then profile, then name.

Pure. A name alone joins only when exactly one company answers to it; of several, the oldest of
those without a domain has what says no more. A name with a city is none of a company in another:
every city has its Smith & Sons.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from leadloom.leads.company import facts_of
from leadloom.leads.fold import SURENESS
from leadloom.resolve.keys import domain_key, name_key, place_keys, profile_key
from leadloom.values import company_name
from leadloom.values.text import fold_umlauts


class Candidate(Protocol):
    """A company that shares a key with the record."""

    keys: set[int]
    has_domain: bool

    @property
    def age(self) -> int:
        """The lower, the older."""


C = TypeVar("C", bound=Candidate)


def choose(facts: Mapping[str, Any], candidates: Iterable[C]) -> C | None:
    """Return the candidate a record's company facts speak of, or None for a new company."""
    found = list(candidates)
    site = facts.get("domain")
    if site and (owner := _first(found, domain_key(site))):
        return owner
    undecided = [one for one in found if not (site and one.has_domain)]
    if (profile := facts.get("linkedin_url")) and (one := _first(undecided, profile_key(profile))):
        return one
    if not (name := facts.get("name")):
        return None
    key = name_key(name)
    namesakes = _near([one for one in undecided if key in one.keys], place_keys(name, facts))
    if len(namesakes) > 1:
        namesakes = [one for one in namesakes if not one.has_domain]
    return _first(namesakes, key)


def _near(namesakes: list[C], keys: Sequence[int]) -> list[C]:
    """Return those who may be meant by a name that stands with a city: `keys` are of both.

    Whoever is known to be in that city, else those of whom no city is known.
    """
    if not keys:
        return namesakes
    placed, here = keys
    found = [one for one in namesakes if here in one.keys]
    return found or [one for one in namesakes if placed not in one.keys]


def _first(candidates: Iterable[C], key: int) -> C | None:
    """Return who has a key that only one should have; of several, the one that was there first."""
    found = [one for one in candidates if key in one.keys]
    return min(found, key=lambda one: one.age) if len(found) > 1 else next(iter(found), None)


def firm_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record's facts say of its company, under the company's own field names.

    A domain that came from an e-mail address and does not fit the company's stated name is left
    out: people keep writing from an old employer's address, or a parent's.
    """
    facts = facts_of(facts)
    name, site = facts.get("name"), facts.get("domain")
    is_guess = ((facts.get(SURENESS) or {}).get("domain") or {}).get("c", 1.0) < 1.0
    if name and site and is_guess and not fits(name, site):
        return {field: value for field, value in facts.items() if field != "domain"}
    return dict(facts)


def fits(name: str, site: str) -> bool:
    """Whether a domain looks like that company's own."""
    words = fold_umlauts(company_name.key(name)).split()
    label = fold_umlauts(site.split(".")[0].replace("-", ""))
    if not words or not label:
        return False
    compact = "".join(words)
    initials = "".join(word[0] for word in words)
    return (
        label in compact
        or compact in label
        or (len(words[0]) > 2 and words[0] in label)
        or (len(words) > 1 and initials == label)
        or any(len(word) > 3 and word in label for word in words)
    )
