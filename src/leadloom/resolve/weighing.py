"""Whether two are one person, by a model: ids first, then the score, and what no score overrules.

Pure. One rule for a row that comes in, for the whole table at once, and for deciding again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from leadloom.resolve import people
from leadloom.resolve.match.levels import level_of
from leadloom.resolve.match.matcher import Matcher, answer_of
from leadloom.resolve.match.model import Score, bits_of, probability_of
from leadloom.resolve.match.person import PersonTerms
from leadloom.resolve.people import DIFFERENT, Person, Verdict
from leadloom.values import email

# How many bits say that two are one, and what each is known by there.
_Found = tuple[float, PersonTerms, PersonTerms]


class Rule(Protocol):
    """What judges people."""

    def judge(self, a: Person, b: Person) -> Verdict:
        """Say whether two are one person."""

    def contradiction(self, a: Person, b: Person) -> str | None:
        """Return what speaks against two being one person, whatever they share, or None."""

    def are_called_apart(self, a: Person, b: Person) -> bool:
        """Whether two are called as two people are."""


class ByKeys:
    """The rule on exact keys, from before there were models."""

    def judge(self, a: Person, b: Person) -> Verdict:
        """Say whether two are one person."""
        return people.judge(a, b)

    def contradiction(self, a: Person, b: Person) -> str | None:
        """Return what speaks against two being one person, or None."""
        return people.contradiction(a, b)

    def are_called_apart(self, a: Person, b: Person) -> bool:
        """Whether two are called as two people are."""
        return people.have_other_names(a, b)


BY_KEYS = ByKeys()

# Levels that say more of a person than a name and an employer do.
_OWN = {
    "mailbox": ("mistyped", "exact"),
    "private mail": ("same handle", "mistyped", "exact"),
    "mobile": ("mistyped", "exact"),
    "line": ("another extension", "mistyped", "exact"),
    "profile": ("same",),
    "street": ("alike", "exact"),
}
# What is left of somebody who marries; a mailbox at work may be a successor's.
_OUTLASTING = ("private mail", "mobile", "profile")
# What nobody shares but who is one, as a rule; a line is that of many.
_NOBODY_ELSES = {name: _OWN[name] for name in ("mailbox", "private mail", "mobile")}
_DIGITS = "0123456789"
_ELSEWHERE = ("abroad", "different")
_NOTHING = frozenset(("different", None))
_PLAIN = ("straight", *_ELSEWHERE)
# So likely have two to be one whose names are not the same.
_SURE = 0.99
# So much of what either is known by is looked at for what speaks against.
_LOOKS = 12


@dataclass(frozen=True, slots=True)
class Weighing:
    """The rule that judges by a model and its census."""

    matcher: Matcher

    def judge(self, a: Person, b: Person) -> Verdict:
        """Say whether two are one person: as likely as their records that are most alike."""
        if known := _by_id(a, b):
            return known
        if known := _by_little(a, b):
            against = self.contradiction(a, b)
            return _doubted(known, against) if against else known
        found = self._most_alike(a, b)
        if found is None:
            return DIFFERENT
        bits, one, other = found
        answer, likely = answer_of(self.matcher.model, probability_of(bits))
        if answer == "different":
            return DIFFERENT
        if self._are_surely_two(a, b):
            return DIFFERENT
        if answer == "unsure" and self._are_told_apart(a, b):
            return DIFFERENT  # likely enough only for whom nothing speaks against
        score = self.matcher.explain(one, other)
        why, details = _why(a, b, score), told(score)
        conflict = self.contradiction(a, b)
        if answer == "same" and not conflict:
            conflict = self._only_by_name(a, b, likely) or self._speaks_against(a, b, found)
        verdict = Verdict(answer, likely, why, details)
        return _doubted(verdict, conflict) if conflict else verdict

    def contradiction(self, a: Person, b: Person) -> str | None:
        """Return what speaks against two being one person, whatever they share, or None."""
        if a.profiles and b.profiles and not a.profiles & b.profiles:
            return "their LinkedIn profiles differ"
        if not (a.faces and b.faces):
            return None
        seen = self._levels(a.whole, b.whole)
        if self._is_anothers_name(a, b, seen):
            return f"{people.called(b)!r} is not {people.called(a)!r}"
        if a.profiles & b.profiles or a.emails & b.emails:
            return None
        if seen.get("mailbox") in (None, "another at one domain") and (
            site := _two_mailboxes(a, b)
        ):
            return f"they have two mailboxes at {site}"
        if _share_their_own(seen) or a.cities & b.cities or seen.get("city") not in _ELSEWHERE:
            return None
        if seen.get("postcode") == "exact":  # of one place, by whatever name
            return None
        return people.two_places(people.mailboxes(a), people.mailboxes(b))

    def explain(self, a: Person, b: Person) -> Score:
        """Return the odds of all that is known of two, field by field, whatever the rule says."""
        return self.matcher.explain(a.whole, b.whole)

    def _are_told_apart(self, a: Person, b: Person) -> bool:
        """Whether two have other names, or other profiles."""
        if a.profiles and b.profiles and not a.profiles & b.profiles:
            return True
        return self.are_called_apart(a, b)

    def _are_surely_two(self, a: Person, b: Person) -> bool:
        """Whether two have other profiles, or mailboxes told apart by a number, and share nothing
        that is nobody else's: namesakes of one firm are as likely by all the rest."""
        have_two = bool(a.profiles and b.profiles) and not a.profiles & b.profiles
        if not (have_two or _are_numbered_apart(a, b)):
            return False
        seen = self._levels(a.whole, b.whole)
        return not any(seen.get(name) in levels for name, levels in _NOBODY_ELSES.items())

    def are_called_apart(self, a: Person, b: Person) -> bool:
        """Whether two are called as two people are."""
        if not (a.faces and b.faces):
            return False
        return self._is_anothers_name(a, b, self._levels(a.whole, b.whole))

    def _is_anothers_name(self, a: Person, b: Person, seen: Mapping[str, str]) -> bool:
        """Whether two are called as two people are.

        In a table that shows that names get lost in it (`households`) half a name is enough, and so
        it is where they share a profile, or a mailbox that is called after one of them.
        """
        given, surname = seen.get("given"), seen.get("surname")
        if seen.get("generation") == "different":
            return True
        if self.matcher.model.loses_names:
            return "different" in (given, surname) and {given, surname} <= _NOTHING
        if "exact" in (given, surname) and (
            a.profiles & b.profiles or _share_a_named_mailbox(a, b)
        ):
            return False
        if given == "different":
            return True
        if surname != "different":
            return False
        return given is None or not any(seen.get(name) in _OWN[name] for name in _OUTLASTING)

    def _only_by_name(self, a: Person, b: Person, likely: float) -> str | None:
        """Return what speaks against two who share a name and an employer, and no more."""
        seen = self._levels(a.whole, b.whole)
        if _share_their_own(seen) or (a.profiles & b.profiles or a.emails & b.emails):
            return None
        if likely >= _SURE and _share_a_home(seen):
            return None
        if "given" not in seen or "surname" not in seen:
            return "only a part of the name is known"
        if seen.get("company") in ("different", "overlaps"):
            return "their companies are called differently"
        is_whole = seen["given"] == seen["surname"] == "exact" and seen.get("order") != "swapped"
        if is_whole or likely >= _SURE or self.matcher.model.is_calibrated:
            return None
        return "it is only a form of the same name"

    def against(self, one: PersonTerms, other: PersonTerms) -> float:
        """Return the bits (0 or less) by which two records speak against being one person's."""
        model = self.matcher.model
        return model.contradiction(self.matcher.codes(one, other))

    def _most_alike(self, a: Person, b: Person) -> _Found | None:
        best: _Found | None = None
        for one in _with_all(a):
            for other in _with_all(b):
                bits = self.matcher.bits(one, other)
                if best is None or bits > best[0]:
                    best = (bits, one, other)
        return best

    def _speaks_against(self, a: Person, b: Person, found: _Found) -> str | None:
        """Return that other records of two contradict each other too much for what one shows.

        What already speaks against the other records of one of them is no news.
        """
        if len(a.faces) + len(b.faces) <= 2:
            return None
        bits, one, other = found
        enough = bits_of(self.matcher.model.same_at) - bits
        if self._is_news(one, b.faces, enough) or self._is_news(other, a.faces, enough):
            return "other records of theirs speak against it"
        return None

    def _is_news(self, one: PersonTerms, faces: Sequence[PersonTerms], enough: float) -> bool:
        """Whether a record speaks against any of a lead's more than they do among themselves."""
        some = faces[:_LOOKS]
        for face in some:
            against = self.against(one, face)
            if against < enough and against - min(self.against(f, face) for f in some) < enough:
                return True
        return False

    def _levels(self, one: PersonTerms, other: PersonTerms) -> dict[str, str]:
        """Return the level of each field that both have."""
        model = self.matcher.model
        codes = self.matcher.codes(one, other)
        return {
            of.name: of.levels[level_of(code) - 1]
            for of, code in zip(model.fields, codes, strict=True)
            if code
        }


def _with_all(person: Person) -> tuple[PersonTerms, ...]:
    """Return their faces, and what all of them come to together."""
    faces = person.faces
    return (*faces, person.whole) if len(faces) > 1 else faces


def told(score: Score) -> tuple[str, ...]:
    """Return a score's reasons in words, the weightiest first.

    That two are straight or different is not told where it makes no difference.
    """
    told = ((reason, round(reason.bits, 1)) for reason in score.reasons)
    return tuple(
        f"{one.field}: {one.level} ({bits or 0:{'+' if bits else ''}.1f})"
        for one, bits in told
        if bits or one.level not in _PLAIN
    )


def _doubted(verdict: Verdict, against: str) -> Verdict:
    """Return what is left of a verdict that something speaks against."""
    score = verdict.score / 2 if verdict.answer == "same" else verdict.score
    return Verdict("unsure", score, f"{verdict.reason}, but {against}", verdict.details)


def _by_id(a: Person, b: Person) -> Verdict | None:
    """Judge two by the ids of systems and files, if they share one."""
    shared = a.refs & b.refs
    if any(scope.startswith("provider:") for scope, _ in shared):
        return Verdict("same", 1.0, "same id in the same system")
    if not shared:
        return None
    why = "same id in the same file"
    if conflict := people.more_than_a_name(a, b):
        return Verdict("unsure", 0.49, f"{why}, but {conflict}")
    return Verdict("same", 0.98, why)


def _by_little(a: Person, b: Person) -> Verdict | None:
    """Judge two of whom one, or each, is known by one thing only: there is nothing to weigh."""
    if a.phones & b.phones and (people.is_only_phone(a) or people.is_only_phone(b)):
        return Verdict("same", 0.82, "same phone")
    shared = sorted(a.emails & b.emails)
    if shared and (people.is_only_mail(a) or people.is_only_mail(b)):
        own = [address for address in shared if not email.is_role(address)]
        if own:
            return Verdict("same", 0.97, f"same e-mail {own[0]}")
    if a.names or b.names:
        return None
    shared = [address for address in shared if email.is_role(address)]
    return Verdict("same", 0.85, f"same address {shared[0]}") if shared else None


def _why(a: Person, b: Person, score: Score) -> str:
    """Return in a few words what two share."""
    if shared := people.strongest(people.shared_by(a, b)):
        return shared[1]
    alike = [one.field for one in score.reasons if one.bits > 0.05 and one.level not in _PLAIN]
    names = alike[:3] or ["name"]
    return "alike in " + " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _share_their_own(seen: Mapping[str, str]) -> bool:
    return any(seen.get(name) in levels for name, levels in _OWN.items())


def _are_numbered_apart(a: Person, b: Person) -> bool:
    """Whether two have mailboxes at one domain that only a number tells apart: jsmith, jsmith2."""
    mine, theirs = people.mailboxes(a), people.mailboxes(b)
    return any(
        x != y and len(x.rstrip(_DIGITS)) > 2 and x.rstrip(_DIGITS) == y.rstrip(_DIGITS)
        for site in mine.keys() & theirs.keys()
        for x in mine[site]
        for y in theirs[site]
    )


def _share_a_named_mailbox(a: Person, b: Person) -> bool:
    """Whether two share a mailbox at work that has both names of one of them in it."""
    words = [
        (name.given[0], "".join(name.surname))
        for person in (a, b)
        for name in person.whole.names
        if name.given and name.surname
    ]
    return any(
        given in local.replace(surname, "", 1) and surname in local
        for address in a.emails & b.emails
        if not (email.is_free(address) or email.is_role(address))
        for local in [address.partition("@")[0]]
        for given, surname in words
        if len(given) > 2
    )


def _share_a_home(seen: Mapping[str, str]) -> bool:
    """Whether two are at home in one street, which is no employer's, be a house number wrong."""
    is_street = seen.get("postcode") == "exact" and seen.get("street") == "one street"
    return is_street and "company" not in seen and "site" not in seen


def _two_mailboxes(a: Person, b: Person) -> str | None:
    """Return the site at which two have mailboxes, and none in common."""
    mine, theirs = people.mailboxes(a), people.mailboxes(b)
    shared = sorted(mine.keys() & theirs.keys())
    return next((site for site in shared if not mine[site] & theirs[site]), None)
