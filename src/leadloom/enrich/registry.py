"""Which providers there are: those that come along, and those that other packages bring."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from importlib.metadata import entry_points

from leadloom.enrich.answers import clean_answers
from leadloom.enrich.provider import Answer, AnyProvider, OutsideProvider, Provider, Question
from leadloom.enrich.providers import (
    address_guess,
    address_name,
    address_pattern,
    apollo,
    company_data,
    hunter,
    job_title,
    llm,
    mail_check,
    people_data_labs,
    phone_country,
    text_rules,
    time_zone,
    web_search,
    website,
)
from leadloom.leads.fields import FIELDS, is_custom

GROUP = "leadloom.providers"
"""The entry points of other packages: each names a Provider or an OutsideProvider."""

# Those that need no key and no network; what one finds the next may use.
LOCAL: tuple[Provider, ...] = (
    address_name.PROVIDER,
    company_data.PROVIDER,
    job_title.PROVIDER,
    phone_country.PROVIDER,
    address_pattern.PROVIDER,
    address_guess.PROVIDER,
    time_zone.PROVIDER,
    text_rules.PROVIDER,
)
# Those that are asked over the network, in the order they are asked in.
OUTSIDE: tuple[OutsideProvider, ...] = (
    web_search.COMPANIES,
    web_search.PROFILES,
    website.PROVIDER,
    mail_check.PROVIDER,
    llm.COMPANY_PROVIDER,
    llm.PERSON_PROVIDER,
    hunter.VERIFIER,
    hunter.FINDER,
    apollo.PROVIDER,
    people_data_labs.PROVIDER,
)


@dataclass(frozen=True, slots=True)
class Registry:
    """Every provider by name, cheapest first; and what is wrong with those that cannot be used."""

    providers: Mapping[str, AnyProvider]
    broken: Mapping[str, str]


@lru_cache(maxsize=1)
def registry() -> Registry:
    """Return what there is; a package that cannot be loaded spoils nothing but itself."""
    found: dict[str, AnyProvider] = {one.name: one for one in LOCAL}
    brought: list[OutsideProvider] = [*OUTSIDE]
    broken: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            provider = point.load()
            problem = problem_with(provider)
        except Exception as error:
            broken[point.name] = f"it cannot be loaded ({type(error).__name__}: {error})"
            continue
        if problem:
            broken[point.name] = problem
        elif provider.name in found:
            broken[point.name] = "another provider has its name"
        elif isinstance(provider, Provider):
            found[provider.name] = replace(provider, find=_cleaning(provider.find))
        else:
            brought.append(provider)
    for one in sorted(brought, key=lambda one: one.price_usd):
        if one.name in found:
            broken[one.name] = "another provider has its name"
        found.setdefault(one.name, one)
    return Registry(found, broken)


def problem_with(provider: object) -> str | None:
    """Return what is wrong with a provider, if anything."""
    if not isinstance(provider, Provider | OutsideProvider):
        return "it is no Provider and no OutsideProvider"
    if not 0 < len(provider.name) <= 64 or set(provider.name) & set(",;:"):
        return "a name is 1 to 64 characters, none of them , ; or :"
    if isinstance(provider.fields, str) or isinstance(provider.needs, str):
        return "fields and needs are tuples of names"
    unknown = sorted(name for name in provider.fields if not (name in FIELDS or is_custom(name)))
    if unknown or not provider.fields:
        return f"there is no field {unknown[0]!r}" if unknown else "it finds no field"
    return _outside_problem(provider) if isinstance(provider, OutsideProvider) else None


def _outside_problem(provider: OutsideProvider) -> str | None:
    price = provider.price_usd
    is_price = isinstance(price, Decimal | int) and math.isfinite(price) and price >= 0
    if not is_price or not provider.needs:
        return "a price is a Decimal and not negative, and something has to be known"
    per_minute = provider.per_minute
    if min(provider.timeout_s, provider.attempts, provider.burst) <= 0 or (
        per_minute is not None and per_minute <= 0
    ):
        return "timeout_s, attempts, burst and per_minute are above 0"
    return None


def _cleaning(
    find: Callable[[Question], list[Answer]],
) -> Callable[[Question], list[Answer]]:
    """Return the same finder, of whose answers only what is one is left."""
    return lambda question: clean_answers(find(question))
