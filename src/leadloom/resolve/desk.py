"""The desk: the leads and companies in question, in memory, while records are given to them.

Decides who is who, in order of arrival; reads and writes nothing. Import fills it with what shares
a key with the rows of a batch; undo, with all that hangs together with what was taken back.
"""

import sys
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from leadloom.leads.fold import Testimony
from leadloom.resolve import firms
from leadloom.resolve.match.blocking import asked_by, room_of
from leadloom.resolve.people import Person, Verdict, is_far_likelier, is_half_named, torn_by
from leadloom.resolve.weighing import BY_KEYS, Rule

# Gives a record's facts and its (scope, external id), when asked.
Lesson = Callable[[], tuple[Mapping[str, Any], tuple[str, str] | None]]


@dataclass(slots=True, eq=False)
class State:
    """A lead or a company while it is worked on; `id` is None until it has a number.

    `parts` are the stored ones that were merged into it, directly or through others.
    """

    id: int | None = None
    is_stored: bool = False
    testimonies: list[Testimony] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    new_keys: set[int] = field(default_factory=set)
    is_touched: bool = False
    merged_into: Self | None = None
    parts: tuple[int, ...] = ()

    @property
    def root(self) -> Self:
        """The one this has been merged into, or itself."""
        return self.merged_into.root if self.merged_into else self

    @property
    def members(self) -> tuple[int, ...]:
        """The stored ones that it speaks for, itself among them."""
        return self.parts if self.id is None else (self.id, *self.parts)

    def speak_for(self, other: Self) -> None:
        """Point `other` here."""
        other.merged_into = self
        self.root.parts += other.members


@dataclass(slots=True, eq=False)
class LeadState(State):
    """A lead while it is worked on.

    `row` is what is stored of it, where that was asked for. `age` is the key of its first record:
    the lower, the older.
    """

    row: Mapping[str, Any] | None = None
    is_deleted: bool = False
    age: int = sys.maxsize
    _person: Person = field(default_factory=Person)
    _unlearned: list[Lesson] = field(default_factory=list)

    def hear(self, record_id: int, lesson: Lesson) -> None:
        """Take in what one more record says; it is read when somebody asks."""
        self._unlearned.append(lesson)
        self.age = min(self.age, record_id)

    @property
    def person(self) -> Person:
        """What is known of the person from all its records."""
        while self._unlearned:
            self._person.learn(*self._unlearned.pop(0)())
        return self._person


@dataclass(slots=True, eq=False)
class CompanyState(State):
    """A company while it is worked on; `keys` are those of its keys that were met.

    `is_bare` says that a person called it one without a domain. `saved_winners` are the testimonies
    that made its values, as JSON; `news` are the records that said something new of it.
    """

    has_domain: bool = False
    is_bare: bool = False
    saved_winners: str | None = None
    news: set[int] = field(default_factory=set)
    find_age: Callable[[], int] | None = None
    _age: int = sys.maxsize

    @property
    def age(self) -> int:
        """The key of its first record: the lower, the older."""
        if self.find_age is not None:
            self._age, self.find_age = self.find_age(), None
        return self._age

    def hear_of(self, record_id: int) -> None:
        """Take in that one more record speaks of it."""
        self._age = min(self._age, record_id)

    def hear_domain(self, facts: Mapping[str, Any], *, is_edit: bool) -> None:
        """Take in whether it has a domain; a person's word on that outranks all others."""
        if is_edit and "domain" in facts:
            self.has_domain = facts["domain"] is not None
            self.is_bare = not self.has_domain
        elif facts.get("domain") and not self.is_bare:
            self.has_domain = True


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two leads that may be one person: for a person to judge."""

    a: LeadState
    b: LeadState
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a record belongs: a lead, whether that is new, why, and what it showed on the way."""

    lead: LeadState
    is_new: bool
    verdict: Verdict | None
    merged: Sequence[tuple[LeadState, Verdict]] = ()
    doubts: Sequence[Doubt] = ()


class Desk:
    """Leads and companies by the keys they share with what arrives; `rule` judges people.

    `crowd` says of keys since which record others hold them who are not on the desk; `kept_apart`
    whom a person called different, and which record was the last one then. What is placed is
    record `now`. By `crowded` keys no company is found.
    """

    def __init__(self, rule: Rule = BY_KEYS) -> None:
        self.rule = rule
        self.crowd: Mapping[int, Sequence[int]] = {}
        self.now = sys.maxsize
        self.leads: list[LeadState] = []
        self.companies: list[CompanyState] = []
        self.crowded: set[int] = set()
        self.kept_apart: dict[frozenset[int], int] = {}
        self._leads_by_key: dict[int, list[LeadState]] = {}
        self._companies_by_key: dict[int, list[CompanyState]] = {}

    def add_lead(self, state: LeadState, keys: Iterable[int], own: set[int]) -> None:
        """Put a lead on the desk, to be found by `keys`, of which it holds `own` itself."""
        self.leads.append(state)
        state.keys = own
        for key in keys:
            self._leads_by_key.setdefault(key, []).append(state)

    def add_company(self, state: CompanyState, keys: Iterable[int]) -> None:
        """Put a company on the desk, to be found by `keys`."""
        self.companies.append(state)
        for key in keys:
            self._companies_by_key.setdefault(key, []).append(state)
            state.keys.add(key)

    def is_known(self, keys: Iterable[int]) -> bool:
        """Whether one who holds these keys would find any lead on the desk."""
        return any(self._leads_by_key.get(key) for key in asked_by(keys))

    def place(
        self,
        person: Person | None,
        keys: Sequence[int],
        fresh: LeadState | None = None,
        own: LeadState | None = None,
    ) -> Placement:
        """Find the lead that a record with these keys belongs to, or begin one (`fresh`, if given).

        `person` may be None when no lead on the desk has any of the keys. `own` is the lead whose
        record it was: those called different from it since it came are no home for it.
        """
        candidates = self._candidates(keys)
        if own is not None:
            home = own.root
            candidates = [one for one in candidates if one is home or not self._is_parted(one, own)]
        if not candidates or person is None:
            return self.begin(keys, fresh)
        verdicts = [(self.rule.judge(person, one.person), one) for one in candidates]
        same = [(v, one) for v, one in verdicts if v.answer == "same"]
        same.sort(key=lambda item: (-round(item[0].score, 2), item[1].age))
        unsure = [(v, one) for v, one in verdicts if v.answer == "unsure"]
        if not same:
            placement = self.begin(keys, fresh)
            doubts = [Doubt(placement.lead, one, v) for v, one in unsure]
            return Placement(placement.lead, True, None, (), doubts)
        alive = [(v, one) for v, one in same if not one.is_deleted]
        if not alive:
            # It speaks of somebody deleted, who learns nothing and is joined with nobody.
            return Placement(same[0][1], False, same[0][0])
        verdict, home = alive[0]
        if torn := self._torn(person, alive):
            placement = self.begin(keys, fresh)
            doubts = [Doubt(placement.lead, one, v) for v, one in [*torn, *unsure]]
            return Placement(placement.lead, True, None, (), doubts)
        merged, doubts = self._join(home, alive[1:])
        doubts += [Doubt(home, one, v) for v, one in unsure]
        root = home.root
        self.learn_keys(root, keys)
        return Placement(root, False, verdict, merged, doubts)

    def _torn(
        self, person: Person, same: Sequence[tuple[Verdict, LeadState]]
    ) -> list[tuple[Verdict, LeadState]]:
        """Return, as doubts, who fits where half a name fits two who are called differently."""
        if len(same) < 2 or not is_half_named(person):
            return []
        verdict, home = same[0]
        rivals = [
            (theirs, other)
            for theirs, other in same[1:]
            if not is_far_likelier(verdict, theirs)
            and self.rule.are_called_apart(home.person, other.person)
        ]
        if not rivals:
            return []
        torn = [(torn_by(theirs, home.person), other) for theirs, other in rivals]
        return [(torn_by(verdict, rivals[0][1].person), home), *torn]

    def learn_keys(self, state: LeadState, keys: Iterable[int]) -> None:
        """Let a lead be found by more keys; a crowded key finds nobody and takes nobody."""
        for key in keys:
            holders = self._leads_by_key.setdefault(key, [])
            if key in state.keys or self._is_crowded(key, holders):
                continue
            state.keys.add(key)
            state.new_keys.add(key)
            if state not in holders:
                holders.append(state)

    def place_company(
        self,
        facts: Mapping[str, Any],
        keys: Sequence[int],
        fresh: CompanyState | None = None,
        *,
        is_edit: bool = False,
    ) -> CompanyState:
        """Find the company that facts (under its own names) speak of, or begin one (`fresh`).

        `fresh` is the company that its record began: one called different from it is no home for
        it, whoever else is gone meanwhile.
        """
        candidates: dict[CompanyState, None] = {}
        for key in keys:
            holders = self._companies_by_key.get(key, ())
            if key not in self.crowded and len(holders) <= room_of(key):
                candidates.update(dict.fromkeys(holders))
        state = firms.choose(facts, candidates) if candidates else None
        if state is not None and fresh is not None and self.is_kept_apart(state, fresh):
            state = None
        if state is None:
            state = fresh or CompanyState()
            self.companies.append(state)
        self._teach_company(state, facts, keys, is_edit)
        return state

    def adopt_company(
        self,
        state: CompanyState,
        facts: Mapping[str, Any],
        keys: Sequence[int],
        *,
        is_edit: bool = True,
    ) -> None:
        """Let a company that a person named outright be found by `keys`."""
        if state not in self.companies:
            self.companies.append(state)
        self._teach_company(state, facts, keys, is_edit)

    def join_companies(self, kept: CompanyState, absorbed: CompanyState) -> None:
        """Let one company speak for another too, and be found by its keys."""
        kept.speak_for(absorbed)
        kept.hear_of(absorbed.age)
        for key in absorbed.keys:
            holders = self._companies_by_key[key]
            holders.remove(absorbed)
            if key not in kept.keys:
                holders.append(kept)
        kept.keys |= absorbed.keys

    def _teach_company(
        self, state: CompanyState, facts: Mapping[str, Any], keys: Iterable[int], is_edit: bool
    ) -> None:
        root = state.root
        for key in keys:
            if key not in state.keys:
                state.keys.add(key)
                state.new_keys.add(key)
                if state is root or key not in root.keys:
                    root.keys.add(key)
                    self._companies_by_key.setdefault(key, []).append(root)
        root.hear_domain(facts, is_edit=is_edit)

    def _candidates(self, keys: Sequence[int]) -> list[LeadState]:
        found: dict[LeadState, None] = {}
        for key in asked_by(keys):
            holders = self._leads_by_key.get(key)
            if holders and not self._is_crowded(key, holders):
                for holder in holders:
                    found[holder.root] = None
        return list(found)

    def _is_crowded(self, key: int, holders: Sequence[LeadState]) -> bool:
        elsewhere = bisect(self.crowd[key], self.now) if key in self.crowd else 0
        return len(holders) + elsewhere > room_of(key)

    def adopt(self, state: LeadState, keys: Iterable[int]) -> None:
        """Let a lead that was named outright be found by `keys`."""
        if state not in self.leads:
            self.leads.append(state)
        self.learn_keys(state, keys)

    def begin(self, keys: Sequence[int], fresh: LeadState | None = None) -> Placement:
        """Begin a lead (`fresh`, if given) that is found by these keys."""
        state = fresh or LeadState()
        self.leads.append(state)
        self.learn_keys(state, keys)
        return Placement(state, True, None)

    def _join(
        self, home: LeadState, others: Iterable[tuple[Verdict, LeadState]]
    ) -> tuple[list[tuple[LeadState, Verdict]], list[Doubt]]:
        """Merge further leads that the record shows to be one person, younger into older."""
        merged: list[tuple[LeadState, Verdict]] = []
        doubts: list[Doubt] = []
        for verdict, other in others:
            root = home.root
            conflict = self.rule.contradiction(root.person, other.person)
            if self.is_kept_apart(root, other):
                continue
            if conflict:
                why = f"{verdict.reason}, but {conflict}"
                doubts.append(Doubt(root, other, Verdict("unsure", 0.6, why)))
                continue
            older, younger = sorted((root, other), key=lambda state: state.age)
            absorb(older, younger)
            merged.append((younger, verdict))
        return merged, doubts

    def _is_parted(self, a: State, b: State) -> bool:
        """Whether a person called two different when the record that is placed was there."""
        said = self.kept_apart
        pairs = (frozenset((x, y)) for x in a.members for y in b.members) if said else ()
        return any(said.get(pair, -1) >= self.now for pair in pairs)

    def is_kept_apart(self, a: State, b: State) -> bool:
        """Whether a person called any whom `a` speaks for and any of `b`'s different."""
        if not self.kept_apart:
            return False
        return any(frozenset((x, y)) in self.kept_apart for x in a.members for y in b.members)


def absorb(older: LeadState, younger: LeadState) -> None:
    """Let `older` speak for `younger` too."""
    older.speak_for(younger)
    older.age = min(older.age, younger.age)
    older.testimonies += younger.testimonies
    older.is_touched = younger.is_touched = True
    older.person.absorb(younger.person)
