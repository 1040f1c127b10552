"""A regrouping: all that had come until then is grouped again, whatever the order it came in.

That is what `resolve` does. It is a word like those of people, heard at its place: everything that
is decided again later comes out as it did.
"""

import sys
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from leadloom.leads.match_key import hash_of
from leadloom.resolve.desk import Desk, Doubt, LeadState, Placement, absorb
from leadloom.resolve.grouping import Groups, Node, Pair, grouped
from leadloom.resolve.heard import Heard
from leadloom.resolve.judgement import Join
from leadloom.resolve.people import Person
from leadloom.resolve.said import Said
from leadloom.resolve.shelf import lesson_of, testimony_of
from leadloom.resolve.weighing import Rule
from leadloom.runs.run import RESOLVE
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.tables import runs


class Regroup(NamedTuple):
    """That all records up to `record_id` were grouped by a version of the model, in a run."""

    record_id: int
    version: int
    run_id: int


def regroups(tx: Tx, *, without: int | None = None) -> list[Regroup]:
    """Return the regroupings that stand, in order, less that of the run `without`."""
    query = sa.select(runs.c.id, runs.c.options).where(
        runs.c.workspace_id == tx.workspace_id,
        runs.c.kind == RESOLVE,
        runs.c.undone_at.is_(None),
        runs.c.id != (without or 0),
    )
    return [
        Regroup(row.options["until"], row.options["version"], row.id)
        for row in tx.conn.execute(query.order_by(runs.c.id))
        if "until" in row.options
    ]


def regroup(heard: Heard, word: Regroup, joins: Sequence[Join], rule: Rule) -> None:
    """Group again what was heard so far; `joins` are what people called one until then."""
    table = _Table(heard, joins)
    groups = grouped(table.nodes, rule, table.joined(), table.is_kept_apart)
    table.seat(groups, rule, word)


def is_one(records: Sequence[Said], rule: Rule) -> bool:
    """Whether these records alone, grouped by the rule, are one lead."""
    nodes = [node_of(said, is_fixed=bool(said.row.is_pinned)) for said in records]
    pinned = [(0, place) for place, said in enumerate(records) if place and said.row.is_pinned]
    groups = grouped(nodes, rule, pinned, lambda mine, theirs: False)
    return len(groups.people) == 1


def node_of(said: Said, *, is_fixed: bool) -> Node:
    """Return a record as what is grouped; without keys when it `is_fixed` where it is."""
    person = Person()
    if said.row.kind != ENRICHMENT:
        person.learn(*lesson_of(said.row, said.facts)())
    mark = hash_of("mark", repr(sorted(said.facts.items(), key=str)), repr(sorted(person.refs)))
    return Node(person, () if is_fixed else said.lead_keys, f"{mark:x}")


class _Table:
    """The records of a hearing so far, as nodes, and the leads that they were with."""

    def __init__(self, heard: Heard, joins: Sequence[Join]) -> None:
        self.heard = heard
        self.joins = joins
        self.taken = list(heard.homes)
        self.deleted = {home for _, home in self.taken if home.root.is_deleted}
        self.anchor: dict[LeadState, int] = {}
        self.claimed: set[LeadState] = set()
        for place, (_, home) in enumerate(self.taken):
            self.anchor.setdefault(home, place)
        self.nodes = [
            node_of(said, is_fixed=self._is_fixed(said) or home in self.deleted)
            for said, home in self.taken
        ]

    @staticmethod
    def _is_fixed(said: Said) -> bool:
        """Whether a record is its lead's, whatever it says."""
        return bool(said.row.is_pinned or said.row.kind == ENRICHMENT)

    def joined(self) -> list[Pair]:
        """Return what is one whatever it says: a lead's own word, and what people called one."""
        pairs = [
            (self.anchor[home], place)
            for place, (said, home) in enumerate(self.taken)
            if self._is_fixed(said) or home in self.deleted
        ]
        pairs += [
            (self.anchor[home], self.anchor[home.root])
            for home in self.deleted
            if home.root in self.anchor
        ]
        for join in self.joins:
            both = [self.heard.atoms[one] for one in (join.kept, join.absorbed)]
            if all(one in self.anchor for one in both) and both[0].root is both[1].root:
                pairs.append((self.anchor[both[0]], self.anchor[both[1]]))
        return pairs

    def is_kept_apart(self, mine: list[int], theirs: list[int]) -> bool:
        """Whether a person called any lead of one group and any of the other's different."""
        apart = self.heard.desk.kept_apart
        if not apart:
            return False
        ours, others = self._atoms(mine), self._atoms(theirs)
        return any(frozenset((x, y)) in apart for x in ours for y in others)

    def _atoms(self, places: Collection[int]) -> list[int]:
        homes = {self.taken[place][1] for place in places if self._is_anchor(place)}
        return [home.id for home in homes if home.id is not None]

    def _is_anchor(self, place: int) -> bool:
        return self.anchor[self.taken[place][1]] == place

    def seat(self, groups: Groups, rule: Rule, word: Regroup) -> None:
        """Give each record to its group's lead; a lead goes with the first of its records."""
        before = {home: home.merged_into for home in self.anchor}
        places: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self.taken)):
            places[groups.root(place)].append(place)
        homes: dict[int, LeadState] = {}
        families: list[list[LeadState]] = []
        for some in sorted(places.values()):
            families.append(self._share_out(some, homes))
        for home in {*self.anchor, *homes.values()}:
            _empty(home)
        for place, (said, _) in enumerate(self.taken):
            homes[place].age = min(homes[place].age, said.row.id)
        for family in families:
            self._weave(family, before)
        self._hear_again(homes, rule)
        self._note(groups, homes, word)

    def _share_out(self, places: list[int], homes: dict[int, LeadState]) -> list[LeadState]:
        """Find the leads of a group's records: those that began here, else a new one."""
        own = [self.taken[place][1] for place in places if self._is_anchor(place)]
        first = own[0] if own else self._unclaimed(places)
        for place in places:
            home = self.taken[place][1]
            homes[place] = home if home in own else first
        return own or [first]

    def _unclaimed(self, places: list[int]) -> LeadState:
        """Return the lead that these records are with since they were parted, or a new one."""
        for place in places:
            home = self.heard.atoms.get(self.taken[place][0].row.lead_id)
            if home is not None and home not in self.anchor and home not in self.claimed:
                self.claimed.add(home)
                return home
        return LeadState()

    def _weave(self, family: list[LeadState], before: dict[LeadState, LeadState | None]) -> None:
        """Let one of several leads speak for all: as people said, else the oldest."""
        for home in family:
            above = before.get(home)
            if home in self.deleted and above is not None and above in family:
                absorb(above.root, home)
        for join in self.joins:
            kept, absorbed = (self.heard.atoms[one] for one in (join.kept, join.absorbed))
            if kept in family and absorbed in family and kept.root is not absorbed.root:
                absorb(kept.root, absorbed.root)
        roots = sorted(
            {home.root for home in family}, key=lambda one: (one.age, one.id or sys.maxsize)
        )
        for younger in roots[1:]:
            absorb(roots[0], younger)

    def _hear_again(self, homes: dict[int, LeadState], rule: Rule) -> None:
        desk = Desk(rule)
        desk.kept_apart = self.heard.desk.kept_apart
        self.heard.desk = desk
        self.heard.used = {}
        self.heard.homes = []
        for place, (said, _) in enumerate(self.taken):
            home = homes[place]
            self.heard.used[home] = None
            self.heard.homes.append((said, home))
            if said.row.kind != ENRICHMENT:
                home.root.hear(said.row.id, lesson_of(said.row, said.facts))
                home.root.testimonies.append(testimony_of(said.row, said.facts))
            desk.adopt(home, said.lead_keys)
            desk.adopt(home.root, said.lead_keys)

    def _note(self, groups: Groups, homes: dict[int, LeadState], word: Regroup) -> None:
        """Keep what was found, in place of what had been found as the records came."""
        self.heard.found = []
        merged = [
            (home, one.verdict)
            for one in groups.why
            for home in (homes[one.a], homes[one.b])
            if home.merged_into is not None
        ]
        first = dict(reversed(merged))
        doubts = [Doubt(homes[one.a], homes[one.b], one.verdict) for one in groups.doubts]
        placement = Placement(LeadState(), False, None, list(first.items()), doubts)
        self.heard.found.append(((word.run_id, word.record_id + 1), placement))


def _empty(home: LeadState) -> None:
    """Let a lead begin anew: known by its id, and whether it was deleted."""
    fresh = LeadState(id=home.id, is_deleted=home.is_deleted)
    for name in LeadState.__dataclass_fields__:
        setattr(home, name, getattr(fresh, name))
