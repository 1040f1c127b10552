"""Match keys: what a record can be found by, as 64-bit hashes."""

from collections.abc import Mapping
from typing import Any

from leadloom.leads.match_key import hash_of
from leadloom.resolve.match import blocking, person
from leadloom.values import company_name, email, person_name


def lead_keys(facts: Mapping[str, Any], scope: str, external_id: str | None) -> list[int]:
    """Return the keys a person's record is found by; `scope` is who gave the external id."""
    keys = [hash_of("email", address) for address in facts.get("email") or ()]
    keys += [hash_of("phone", number) for number in facts.get("phone") or ()]
    keys += own_keys(facts, scope, external_id) + blocking.keys_of(person.terms_of(facts))
    if not keys and (name := facts.get("full_name")) and (name_key := person_name.key(name)):
        keys.append(hash_of("name", name_key))
    return list(dict.fromkeys(keys))


def own_keys(facts: Mapping[str, Any], scope: str, external_id: str | None) -> list[int]:
    """Return the keys that are a person's own: addresses, the profile, the id."""
    addresses = (one for one in facts.get("email") or () if not email.is_role(one))
    keys = [hash_of("email", address) for address in addresses]
    if profile := facts.get("linkedin_url"):
        keys.append(hash_of("linkedin", profile))
    if external_id is not None:
        keys.append(hash_of("ref", scope, external_id))
    return keys


def digest_of(
    source_id: int, external_id: str | None, policy: int, facts: str, original: str
) -> int:
    """Return what tells that a source said the very same thing before."""
    return hash_of("row", str(source_id), external_id or "", str(policy), facts, original)


def company_keys(facts: Mapping[str, Any]) -> list[int]:
    """Return the keys a company is found by; `facts` are under the company's own names."""
    keys = []
    if site := facts.get("domain"):
        keys.append(domain_key(site))
    if profile := facts.get("linkedin_url"):
        keys.append(profile_key(profile))
    if name := facts.get("name"):
        keys += [name_key(name), *place_keys(name, facts)]
    return keys


def domain_key(site: str) -> int:
    """Return the key of a company's own domain."""
    return hash_of("domain", site)


def profile_key(url: str) -> int:
    """Return the key of a company's LinkedIn page."""
    return hash_of("linkedin", url)


def place_keys(name: str, facts: Mapping[str, Any]) -> list[int]:
    """Return the key of a company's name with any city, and that of its name in this city."""
    if not (city := person.city_of(facts)):
        return []
    own = company_name.key(name)
    return [hash_of("name with a city", own), hash_of("name in a city", own, city)]


def name_key(name: str) -> int:
    """Return the key of a company's name, legal form and spelling aside."""
    return hash_of("name", company_name.key(name))
