"""What is known of a person, and the rule on exact keys that judged before there were models.

Pure. `weighing` has the rule that judges by a model, and asks some of the same questions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from leadloom.resolve.match.person import PersonTerms, joined, terms_of
from leadloom.values import company_name, domain, email, person_name, text

Answer = Literal["same", "unsure", "different"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Same, unsure or different; how strongly (0-1), and why, in words for a person.

    `details` say what each field adds to that, or takes.
    """

    answer: Answer
    score: float
    reason: str
    details: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """All that is to be told of it."""
        return (self.reason, *self.details)


DIFFERENT = Verdict("different", 0.0, "nothing in common that identifies a person")


@dataclass(slots=True)
class Person:
    """What is known of one person, from one record or from all records of a lead."""

    names: list[str] = field(default_factory=list)
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    profiles: set[str] = field(default_factory=set)
    refs: set[tuple[str, str]] = field(default_factory=set)
    told: list[Mapping[str, Any]] = field(default_factory=list)
    _faces: tuple[int, tuple[PersonTerms, ...]] = (0, ())
    _whole: tuple[int, PersonTerms | None] = (0, None)

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
        if ref:
            self.refs.add(ref)
        if facts:
            self.told.append(facts)

    def absorb(self, other: "Person") -> None:
        """Add what is known of another, who is the same person."""
        if not self.told:
            self._faces, self._whole = other._faces, other._whole
        for names in ("emails", "phones", "profiles", "refs"):
            getattr(self, names).update(getattr(other, names))
        self.names += [name for name in other.names if name not in self.names]
        self.told += other.told

    @property
    def companies(self) -> set[str]:
        """The keys of the companies they are said to be with."""
        return {company_name.key(company) for company in self._all("company")}

    @property
    def domains(self) -> set[str]:
        """The domains they are said to be at."""
        return set(self._all("domain"))

    @property
    def cities(self) -> set[str]:
        """The cities they are said to be in."""
        return {text.fold(city) for city in self._all("city")}

    def _all(self, name: str) -> Iterator[str]:
        return filter(None, (facts.get(name) for facts in self.told))

    @property
    def faces(self) -> tuple[PersonTerms, ...]:
        """What each record shows of the person, made ready for comparing.

        What a record without a name says goes with each of the others.
        """
        if self._faces[0] == len(self.told):
            return self._faces[1]
        if len(self.told) == 1:  # nearly all
            self._faces = (1, (terms_of(self.told[0]),))
        else:
            told = [(facts.get("full_name"), terms_of(facts)) for facts in self.told]
            named = list(dict.fromkeys(terms for name, terms in told if name))
            others = list(dict.fromkeys(terms for name, terms in told if not name))
            faces = [joined([terms, *others]) for terms in named[:_MOST_FACES]]
            self._faces = (len(self.told), tuple(faces or ([joined(others)] if others else [])))
        return self._faces[1]

    @property
    def whole(self) -> PersonTerms:
        """What all their faces show together."""
        count, whole = self._whole
        if whole is None or count != len(self.told):
            whole = joined(self.faces)
            self._whole = (len(self.told), whole)
        return whole


def judge(a: Person, b: Person) -> Verdict:
    """Say whether two are one person, by the strongest thing they share."""
    shared = strongest(shared_by(a, b))
    if shared is None:
        return DIFFERENT
    score, reason = shared
    if score == 1.0:  # the same record of the same system
        return Verdict("same", score, reason)
    conflict = more_than_a_name(a, b) if a.refs & b.refs else contradiction(a, b)
    if conflict:
        return Verdict("unsure", 0.5 * score, f"{reason}, but {conflict}")
    return Verdict("same" if score >= _SURE else "unsure", score, reason)


_SURE = 0.8
# So many names and addresses are no person any more; looking at more would only cost time.
_ENOUGH = 60
_MOST_FACES = 24


def strongest(shared: Iterable[tuple[float, str]]) -> tuple[float, str] | None:
    best: tuple[float, str] | None = None
    for found in shared:
        if best is None or found[0] > best[0]:
            best = found
        if found[0] >= _SURE:  # what is left is weaker
            break
    return best


def shared_by(a: Person, b: Person) -> Iterator[tuple[float, str]]:
    """Yield what identifies both, strongest first (but for names that are only alike)."""
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
        elif named and (alike := _alike(a, b)):
            yield alike.at(0.9), f"{alike.words} at {address}"
        elif not a.names and not b.names:
            yield 0.85, f"same address {address}"
    alike = _alike(a, b) if named else None  # it is asked last, as it takes long
    if alike and a.companies & b.companies:
        yield alike.at(0.92), f"{alike.words} and company"
    if alike and a.domains & b.domains:
        is_doubtful = bool(a.companies and b.companies)
        yield alike.at(0.6 if is_doubtful else 0.91), f"{alike.words} and company domain"
    if a.phones & b.phones:
        yield _by_phone(a, b, named)
    if alike is _WHOLE and _is_bare(a) and _is_bare(b):
        yield 0.5, "same name, and nothing else to check it by"


class _Alike(NamedTuple):
    """How two names are alike, in words, and the most that is worth."""

    words: str
    most: float

    def at(self, score: float) -> float:
        return min(score, self.most)


_WHOLE = _Alike("same name", 1.0)
# A firm has more than one Anna; and of Bob and Robert one may be the other's father.
_PART = _Alike("same name, of which one part is known,", 0.6)
_FAMILIAR = _Alike("a form of the same name", 0.7)


def _alike(a: Person, b: Person) -> _Alike | None:
    if not _fits(a, b):
        return None
    keys = {person_name.key(name) for name in a.names}
    same = [name for name in b.names if person_name.key(name) in keys]
    if any(person_name.is_whole(name) for name in same):
        return _WHOLE
    if same:
        return _PART
    akin = {person_name.kinship_key(name) for name in a.names}
    return _FAMILIAR if any(person_name.kinship_key(name) in akin for name in b.names) else None


def _by_phone(a: Person, b: Person, named: bool) -> tuple[float, str]:
    if named and _fits(a, b):
        return 0.9, "same phone and a name that fits"
    if named:
        return 0.5, "same phone"
    if is_only_phone(a) or is_only_phone(b):
        return 0.82, "same phone"
    return 0.5, "same phone, and no name to check it by"


def contradiction(a: Person, b: Person) -> str | None:
    """Return what speaks against two being one person, or None."""
    if a.profiles and b.profiles and not a.profiles & b.profiles:
        return "their LinkedIn profiles differ"
    if have_other_names(a, b):
        return f"{called(b)!r} is not {called(a)!r}"
    if a.profiles & b.profiles or a.emails & b.emails:
        return None
    mine, theirs = mailboxes(a), mailboxes(b)
    for site in sorted(mine.keys() & theirs.keys()):
        if not mine[site] & theirs[site]:
            return f"they have two mailboxes at {site}"
    if a.phones & b.phones or not (a.cities and b.cities) or a.cities & b.cities:
        return None
    return two_places(mine, theirs)


def have_other_names(a: Person, b: Person) -> bool:
    """Whether two are called as two people are."""
    return bool(a.names and b.names) and not _fits(a, b)


def two_places(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> str | None:
    """Return what the mailboxes of two in two cities say against their being one person.

    Every branch of a bank has its Michael Schmidt; mailboxes of one company are what clears it up.
    """
    if not (mine and theirs):
        return "they are in two cities"
    if _labels(mine) & _labels(theirs):
        return None
    sites = " and ".join(min(boxes) for boxes in (mine, theirs))
    return f"they have mailboxes at {sites}, in two cities"


def called(person: Person) -> str:
    """Return the fullest of a person's names, else what else names them."""
    known = person.names or person.emails or person.profiles or person.phones
    return max(sorted(known), key=len, default="")


def is_half_named(person: Person) -> bool:
    """Whether of each name a person is known by only a part is known, or an initial of it."""
    return not any(
        len(min(name.given[:1] + name.surname[:1], key=len)) > 1
        for face in person.faces
        for name in face.names
        if name.given and name.surname
    )


def is_far_likelier(one: Verdict, other: Verdict) -> bool:
    """Whether one verdict beats another by as much as it takes to be sure at all."""
    return _odds(one) >= _FAR * _odds(other)


def _odds(verdict: Verdict) -> float:
    return verdict.score / max(1 - verdict.score, 1e-9)


# Odds of 95 in 100.
_FAR = 19


def torn_by(verdict: Verdict, other: Person) -> Verdict:
    """Return what is left of a verdict where somebody else fits as well, who is another person."""
    who = called(other) if other.names else "somebody else"
    why = f"{verdict.reason}, but {who} fits as well"
    return Verdict("unsure", verdict.score / 2, why, verdict.details)


def more_than_a_name(a: Person, b: Person) -> str | None:
    """Return what speaks against two with one id in one file: a new name alone does not.

    Ids that only number the rows of each file mean somebody else every time: a new name needs
    something beside the id that stayed.
    """
    if a.profiles and b.profiles and not a.profiles & b.profiles:
        return "their LinkedIn profiles differ"
    if not (a.names and b.names) or _fits(a, b):
        return None
    stayed = a.emails & b.emails or a.phones & b.phones or a.profiles & b.profiles
    placed = a.companies & b.companies or a.domains & b.domains
    if stayed or (placed and _share_a_name(a, b)):
        return None
    return contradiction(a, b)


def _share_a_name(a: Person, b: Person) -> bool:
    return bool(_words_of(a) & _words_of(b))


def _words_of(person: Person) -> set[str]:
    return {word for name in person.names for word in person_name.key(name).split()}


def _labels(sites: Iterable[str]) -> set[str]:
    """Return domains less their endings: acme.de and acme.com are one company's."""
    return {site.partition(".")[0] for site in sites}


def mailboxes(person: Person) -> dict[str, set[str]]:
    """Return the local parts of a person's addresses at work, by registrable domain."""
    found: dict[str, set[str]] = {}
    for address in person.emails:
        if not email.is_free(address) and not email.is_role(address):
            local, _, host = address.partition("@")
            found.setdefault(domain.of_host(host) or host, set()).add(local)
    return found


def _fits(a: Person, b: Person) -> bool:
    return any(person_name.compatible(x, y) for x in a.names for y in b.names)


def is_only_phone(person: Person) -> bool:
    return not (person.names or person.emails or person.profiles)


def is_only_mail(person: Person) -> bool:
    """Whether a person is known by addresses alone."""
    return bool(person.emails) and not (person.names or person.phones or person.profiles)


def _is_bare(person: Person) -> bool:
    """Whether nothing but a name is known."""
    others = (person.emails, person.phones, person.profiles, person.companies, person.domains)
    return not any(others)
