"""A hearing: records are given to leads again, in order of arrival, on paper.

What people said of leads counts from when they said it; that two are different, from the start.
"""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from leadloom.leads.fold import fold
from leadloom.resolve.closure import Closure
from leadloom.resolve.deletion import Deletion, deletions_of
from leadloom.resolve.desk import LeadState, absorb
from leadloom.resolve.entity import LEAD, Entity
from leadloom.resolve.heard import Heard, Known
from leadloom.resolve.judgement import Join, joins_said, kept_apart
from leadloom.resolve.people import Person
from leadloom.resolve.regroup import Regroup, regroup, regroups
from leadloom.resolve.said import Said
from leadloom.resolve.shelf import lesson_of, testimony_of
from leadloom.resolve.versions import Rules
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx

ASKED_ABOUT = frozenset(
    (
        *("full_name", "first_name", "last_name", "title", "seniority", "department"),
        *("email", "email_status", "email_confidence", "phone", "country"),
        *("company", "domain", "website", "industry"),
    )
)
"""The fields that decide what enrichment answers: what it fills, and what it looks at."""

Word = Join | Deletion | Regroup


class Voices(NamedTuple):
    """Which leads (or companies) people called one, and which different (see `kept_apart`)."""

    joins: list[Join]
    apart: dict[frozenset[int], int]


class Words(NamedTuple):
    """What people said of some leads."""

    joins: list[Join]
    apart: dict[frozenset[int], int]
    deletions: list[Deletion]
    regroups: list[Regroup]


def words_about(tx: Tx, ids: Collection[int], *, without: int | None = None) -> Words:
    """Return what people said of these leads and holds, and when all was grouped again.

    What the run `without` grouped is left out.
    """
    again = regroups(tx, without=without)
    return Words(*voices_about(tx, ids), deletions_of(tx, ids), again)


def voices_about(tx: Tx, ids: Collection[int], entity: Entity = LEAD) -> Voices:
    """Return which of these people called one and which different; what follows from it, too."""
    joins = joins_said(tx, ids, entity)
    return Voices(joins, _spread(kept_apart(tx, ids, entity), joins))


def hear(
    said: Iterable[Said],
    closure: Closure,
    words: Words,
    asked: Mapping[int, Known],
    rules: Rules,
) -> Heard:
    """Give records (of persons, in order of arrival) to the leads of a closure, or to new ones.

    `asked` is what was known when enrichment answered: where something else would have been,
    its answer goes. Each record is placed by the rule that placed it when it came.
    """
    heard = Heard({key: LeadState(id=key) for key in sorted(closure.ids)})
    heard.desk.crowd = closure.crowd
    heard.desk.kept_apart = words.apart
    all_words: list[Word] = [*words.joins, *words.deletions, *words.regroups]
    waiting = sorted(all_words, key=lambda word: word.record_id)
    joined: list[Join] = []

    def apply(word: Word) -> None:
        if isinstance(word, Regroup):
            regroup(heard, word, joined, rules.of(word.version))
        else:
            _apply(heard, word)
            joined.extend([word] if isinstance(word, Join) else ())

    for one in said:
        while waiting and waiting[0].record_id < one.row.id:
            apply(waiting.pop(0))
        heard.desk.rule, heard.desk.now = rules.of(one.row.model_version), one.row.id
        _take(heard, one, asked)
    for word in waiting:
        apply(word)
    return heard


def _spread(apart: dict[frozenset[int], int], joins: Sequence[Join]) -> dict[frozenset[int], int]:
    """Whom people called one with either of two that they called different is different too."""
    if not apart or not joins:
        return apart
    one_with: dict[int, set[int]] = {}
    for join in joins:
        both = one_with.get(join.kept, {join.kept}) | one_with.get(join.absorbed, {join.absorbed})
        one_with.update(dict.fromkeys(both, both))
    spread: dict[frozenset[int], int] = {}
    for pair, last in apart.items():
        a, b = sorted(pair)
        for x, y in product(one_with.get(a, {a}), one_with.get(b, {b})):
            two = frozenset((x, y))
            spread[two] = max(last, spread.get(two, last))
    return spread


def _apply(heard: Heard, word: Join | Deletion) -> None:
    if isinstance(word, Deletion):
        heard.atoms[word.lead].is_deleted = word.is_deleted
        return
    kept, absorbed = heard.atoms[word.kept].root, heard.atoms[word.absorbed].root
    if kept is not absorbed and not heard.desk.is_kept_apart(kept, absorbed):
        absorb(kept, absorbed)


def _take(heard: Heard, one: Said, asked: Mapping[int, Known]) -> None:
    own = heard.atoms.get(one.row.lead_id)
    if one.row.kind == ENRICHMENT and own is not None:
        known = _known(own.root)
        if asked.get(one.row.id, known) != known or own.root.age == sys.maxsize:
            heard.stale.append(one.row.id)
            return
        heard.asked[one.row.id] = known
    home = _find_home(heard, one, own)
    heard.used[home] = None
    if one.row.kind != ENRICHMENT:
        home.root.hear(one.row.id, lesson_of(one.row, one.facts))
        home.root.testimonies.append(testimony_of(one.row, one.facts))
    heard.homes.append((one, home))


def _known(lead: LeadState) -> Known:
    values = fold(lead.testimonies).values
    return {name: values[name] for name in ASKED_ABOUT & values.keys()}


def _find_home(heard: Heard, one: Said, own: LeadState | None) -> LeadState:
    desk, used = heard.desk, heard.used
    if one.row.is_pinned and own is not None:
        desk.adopt(own, one.lead_keys)
        return own
    person = Person()
    person.learn(*lesson_of(one.row, one.facts)())
    placement = desk.place(person, one.lead_keys, None if own in used else own, own)
    if placement.lead.root.is_deleted:  # what was not passed over then is not lost now
        placement = desk.begin(one.lead_keys, None if own in used else own)
    heard.found.append(((one.row.run_id, one.row.id), placement))
    # A record of a lead that was merged by a person stays that lead's own.
    if own is not None and own in used and own.root is placement.lead.root:
        return own
    return placement.lead
