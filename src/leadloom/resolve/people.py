"""When two records are the same person: exact keys, and a safe rule on name and company.

Pure. The statistical matcher slots in behind `judge`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from leadloom.values import company_name, domain, email, person_name

Answer = Literal["same", "unsure", "different"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Same, unsure or different; how strongly (0-1), and why, in words for a person."""

    answer: Answer
    score: float
    reason: str


DIFFERENT = Verdict("different", 0.0, "nothing in common that identifies a person")


@dataclass(slots=True)
class Person:
    """What is known of one person, from one record or from all records of a lead."""

    names: list[str] = field(default_factory=list)
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    profiles: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    refs: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, facts: Mapping[str, Any], ref: tuple[str, str] | None) -> None:
        """Add what one more record says."""
        if len(self.emails) + len(self.phones) + len(self.names) > _ENOUGH:
            return
        if (name := facts.get("full_name")) and name not in self.names:
            self.names.append(name)
        self.emails.update(facts.get("email") or ())
        self.phones.update(facts.get("phone") or ())
        if profile := facts.get("linkedin_url"):
            self.profiles.add(profile)
        if company := facts.get("company"):
            self.companies.add(company_name.key(company))
        if site := facts.get("domain"):
            self.domains.add(site)
        if ref:
            self.refs.add(ref)


def judge(a: Person, b: Person) -> Verdict:
    """Say whether two are one person, by the strongest thing they share."""
    conflict = contradiction(a, b)
    shared = next(_shared(a, b), None)
    if shared is None:
        return DIFFERENT
    score, reason = shared
    if score == 1.0:  # the same record of the same system
        return Verdict("same", score, reason)
    if conflict:
        return Verdict("unsure", 0.5 * score, f"{reason}, but {conflict}")
    return Verdict("same" if score >= _SURE else "unsure", score, reason)


_SURE = 0.8
# So many names and addresses are no person any more; looking at more would only cost time.
_ENOUGH = 60


def _shared(a: Person, b: Person) -> Iterator[tuple[float, str]]:
    """Yield what identifies both, strongest first."""
    named = bool(a.names and b.names)
    if any(scope.startswith("provider:") for scope, _ in a.refs & b.refs):
        yield 1.0, "same id in the same system"
    if a.profiles & b.profiles:
        yield 0.99, "same LinkedIn profile"
    if a.refs & b.refs:
        yield 0.98, "same id in the same file"
    for address in sorted(a.emails & b.emails):
        if not email.is_role(address):
            yield 0.97, f"same e-mail {address}"
        elif named and _same_name(a, b):
            yield 0.9, f"same name at {address}"
        elif not a.names and not b.names:
            yield 0.85, f"same address {address}"
    if named and _same_name(a, b):
        if a.companies & b.companies:
            yield 0.92, "same name and company"
        if a.domains & b.domains:
            is_doubtful = bool(a.companies and b.companies)
            yield 0.6 if is_doubtful else 0.91, "same name and company domain"
    if a.phones & b.phones:
        yield _by_phone(a, b, named)
    if named and _same_name(a, b) and _is_bare(a) and _is_bare(b):
        yield 0.5, "same name, and nothing else to check it by"


def _by_phone(a: Person, b: Person, named: bool) -> tuple[float, str]:
    if named and _fits(a, b):
        return 0.9, "same phone and a name that fits"
    if named:
        return 0.5, "same phone"
    if _is_only_phone(a) or _is_only_phone(b):
        return 0.82, "same phone"
    return 0.5, "same phone, and no name to check it by"


def contradiction(a: Person, b: Person) -> str | None:
    """Return what speaks against two being one person, or None."""
    if a.profiles and b.profiles and not a.profiles & b.profiles:
        return "their LinkedIn profiles differ"
    if a.names and b.names and not _fits(a, b):
        return f"{b.names[0]!r} is not {a.names[0]!r}"
    if a.profiles & b.profiles:
        return None
    if a.emails & b.emails:
        return None
    mine, theirs = _mailboxes(a), _mailboxes(b)
    for site in sorted(mine.keys() & theirs.keys()):
        if not mine[site] & theirs[site]:
            return f"they have two mailboxes at {site}"
    return None


def _mailboxes(person: Person) -> dict[str, set[str]]:
    """Return the local parts of a person's addresses at work, by registrable domain."""
    found: dict[str, set[str]] = {}
    for address in person.emails:
        if not email.is_free(address) and not email.is_role(address):
            local, _, host = address.partition("@")
            found.setdefault(domain.of_host(host) or host, set()).add(local)
    return found


def _fits(a: Person, b: Person) -> bool:
    return any(person_name.compatible(x, y) for x in a.names for y in b.names)


def _same_name(a: Person, b: Person) -> bool:
    keys = {person_name.key(name) for name in a.names}
    return any(person_name.key(name) in keys for name in b.names) and _fits(a, b)


def _is_only_phone(person: Person) -> bool:
    return not (person.names or person.emails or person.profiles)


def _is_bare(person: Person) -> bool:
    """Whether nothing but a name is known."""
    others = (person.emails, person.phones, person.profiles, person.companies, person.domains)
    return not any(others)
